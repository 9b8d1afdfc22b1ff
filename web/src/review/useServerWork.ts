import { type Dispatch, useCallback, useEffect, useRef } from "react";
import { HandoffError, toHandoffError } from "../api";
import { newIdempotencyKey } from "../api/call";
import { createPlan, deployPlan, getPlan, previewPlan, startRun, updatePlan } from "../api/plans";
import { textAt } from "./pointer";
import type { ReviewAction, ReviewState, Saved, WorkName } from "./state";

/** What a review does on the server. Each ends in an action; none rejects. */
export interface ServerWork {
  readonly save: () => void;
  readonly count: () => void;
  readonly deploy: () => void;
  readonly run: () => void;
}

/** `up`: the server can be reached; `handoffId`: the handoff that it keeps, if it does. */
export function useServerWork(
  state: ReviewState,
  dispatch: Dispatch<ReviewAction>,
  up: boolean,
  handoffId: string | undefined,
): ServerWork {
  const latest = useRef(state);
  latest.current = state;
  const keys = useRef(new Map<string, string>());
  const id = textAt(state.history.present, "/plan_metadata/plan_id");

  // The same intent keeps its key until it is done, so that pressing again after a broken connection acts once.
  const keyFor = useCallback((intent: string) => {
    const key = keys.current.get(intent) ?? newIdempotencyKey();
    keys.current.set(intent, key);
    return key;
  }, []);

  const work = useCallback(
    async (what: WorkName, intent: string, act: (key: string) => Promise<ReviewAction>) => {
      dispatch({ type: "working", what, at: Date.now() });
      try {
        const done = await act(keyFor(intent));
        keys.current.delete(intent);
        dispatch(done);
      } catch (cause) {
        const error = toHandoffError(cause);
        // A refusal is an answer; only what may have happened without one is asked with the same key again.
        if (!error.retryable) keys.current.delete(intent);
        dispatch({ type: "failed", what, error });
      }
    },
    [dispatch, keyFor],
  );

  // A plan that this browser has a draft of may be on the server already.
  useEffect(() => {
    if (!up || id === "" || latest.current.saved) return;
    const controller = new AbortController();
    getPlan(id, { signal: controller.signal }).then(
      ({ value, etag }) => {
        if (!controller.signal.aborted) dispatch({ type: "found", saved: { record: value, etag } });
      },
      // Not there is the usual case; any other failure shows when somebody saves.
      () => {},
    );
    return () => controller.abort();
  }, [up, id, dispatch]);

  const save = useCallback(() => {
    const { history, saved } = latest.current;
    const plan = history.present;
    const body = { plan, ...(handoffId !== undefined && { handoff_id: handoffId }) };
    void work("saving", `save ${JSON.stringify(plan)}`, async (key) => {
      try {
        const { value, etag } = saved ? await updatePlan(id, body, saved.etag) : await createPlan(body, key);
        return { type: "saved", saved: { record: value, etag }, sent: plan };
      } catch (cause) {
        const theirs = await meanwhile(cause, id);
        if (theirs) return { type: "conflict", theirs };
        throw cause;
      }
    });
  }, [work, id, handoffId]);

  const count = useCallback(() => {
    const plan = latest.current.history.present;
    void work("counting", "count", async () => {
      const preview = await previewPlan(id, { plan });
      return { type: "previewed", of: plan, preview, at: Date.now() };
    });
  }, [work, id]);

  const deploy = useCallback(() => {
    const record = latest.current.saved?.record;
    if (!record) return;
    const { plan_hash, version } = record;
    void work("deploying", `deploy ${version} ${plan_hash}`, async (key) => ({
      type: "deployed",
      deployment: await deployPlan(id, { plan_hash, version }, key),
    }));
  }, [work, id]);

  const run = useCallback(() => {
    void work("starting", "run", async (key) => ({ type: "run", run: await startRun(id, key) }));
  }, [work, id]);

  return { save, count, deploy, run };
}

/** What the server has, if that is why it refused to save. */
async function meanwhile(cause: unknown, id: string): Promise<Saved | undefined> {
  if (!HandoffError.is(cause) || !["etag_stale", "plan_exists"].includes(cause.code)) return undefined;
  try {
    const { value, etag } = await getPlan(id);
    return { record: value, etag };
  } catch {
    return undefined;
  }
}
