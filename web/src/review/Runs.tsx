import { type Dispatch, useEffect } from "react";
import { HandoffError } from "../api";
import { newIdempotencyKey } from "../api/call";
import { cancelRun, getRun } from "../api/plans";
import { strings } from "../strings";
import { answers } from "../strings/answers";
import { useAnnounce } from "../ui/Announcer";
import { Icon, type IconName } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { timeOfDay, utc } from "../ui/time";
import { ended, type Run } from "./server";
import type { ReviewAction } from "./state";

interface Props {
  readonly planId: string;
  readonly runs: readonly Run[];
  readonly dispatch: Dispatch<ReviewAction>;
}

/** Milliseconds between two questions about a run that goes on. */
const pace = 2_000;

/** The runs that were started here, followed to their end. */
export function Runs({ planId, runs, dispatch }: Props) {
  return (
    <section data-testid="runs">
      <h3>{answers.runs.title}</h3>
      <ul className="run-list">
        {runs.map((run) => (
          <RunItem key={run.run_id} planId={planId} run={run} dispatch={dispatch} />
        ))}
      </ul>
    </section>
  );
}

/** Asks about a run until it has ended; not while nobody looks. */
function useFollow(planId: string, run: Run, dispatch: Dispatch<ReviewAction>): void {
  const done = ended.has(run.state);
  const id = run.run_id;
  useEffect(() => {
    if (done) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const wait = (pause: number) => {
      clearTimeout(timer);
      timer = setTimeout(ask, pause);
    };
    const ask = () => {
      if (document.visibilityState === "hidden") return;
      getRun(planId, id, { signal: controller.signal }).then(
        (now) => {
          if (controller.signal.aborted) return;
          dispatch({ type: "run", run: now });
          wait(pace);
        },
        (cause: unknown) => {
          if (controller.signal.aborted) return;
          const after = HandoffError.is(cause) ? cause.retryAfter : undefined;
          wait(after === undefined ? pace * 3 : after * 1000);
        },
      );
    };
    const look = () => document.visibilityState === "visible" && wait(0);
    document.addEventListener("visibilitychange", look);
    wait(pace / 4);
    return () => {
      controller.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [planId, id, done, dispatch]);
}

function RunItem({
  planId,
  run,
  dispatch,
}: {
  readonly planId: string;
  readonly run: Run;
  readonly dispatch: Dispatch<ReviewAction>;
}) {
  const words = answers.runs;
  const announce = useAnnounce();
  useFollow(planId, run, dispatch);
  const said = words.states.get(run.state) ?? words.states.get("unknown") ?? run.state;
  useEffect(() => announce(said), [said, announce]);
  const rows = Object.entries(run.rows ?? {}).filter(([, count]) => count !== null);
  const cancel = () => {
    cancelRun(planId, run.run_id, newIdempotencyKey()).then(
      (now) => dispatch({ type: "run", run: now }),
      (cause: unknown) => announce(HandoffError.is(cause) ? cause.message : words.cancel),
    );
  };
  return (
    <li data-testid="run" data-state={run.state}>
      <p className="row">
        {!ended.has(run.state) && <span className="spinner" aria-hidden="true" />}
        {ended.has(run.state) && <Icon name={run.state === "succeeded" ? "check" : "warning"} size={18} />}
        <span className="strong">{said}</span>
        {run.state === "unknown" && <code>{run.upstream_state}</code>}
        {typeof run.duration_ms === "number" && (
          <span className="quiet">{words.seconds(Math.round(run.duration_ms / 1000))}</span>
        )}
      </p>
      {run.message && (
        <p>
          <SafeText text={run.message} />
        </p>
      )}
      <Steps steps={run.stages} />
      {run.state === "succeeded" && (
        <p data-testid="run-rows">
          {rows.length === 0
            ? words.noRows
            : rows.map(([kind, count]) => `${count} ${words.rows.get(kind) ?? kind}`).join(", ")}
        </p>
      )}
      {words.feedback.has(run.feedback) && <p className="quiet">{words.feedback.get(run.feedback)}</p>}
      <div className="row">
        {run.run_url && <ExternalLink href={run.run_url} label={answers.deploy.openRun} />}
        {!ended.has(run.state) && run.state !== "cancelling" && (
          <button type="button" className="button" onClick={cancel}>
            {words.cancel}
          </button>
        )}
        {!ended.has(run.state) && <span className="quiet">{words.safe}</span>}
      </div>
    </li>
  );
}

interface NamedStep {
  readonly name: string;
  readonly state: string;
  readonly started_at?: string | null;
  readonly ended_at?: string | null;
  readonly message?: string | null;
}

/** What was not done has no tick. */
const stepIcons: Readonly<Record<string, IconName>> = {
  done: "check",
  succeeded: "check",
  skipped: "minus",
  failed: "warning",
};

/** Named steps with their times. */
export function Steps({ steps }: { readonly steps: readonly NamedStep[] | undefined }) {
  if (!steps || steps.length === 0) return null;
  return (
    <ol className="steps">
      {steps.map(({ name, state, started_at: start = null, ended_at: end = null, message }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step may come twice, and steps only get more
        <li key={index} data-state={state}>
          <Icon name={stepIcons[state] ?? "clock"} size={16} />
          {state !== "done" && <span className="visually-hidden">{state}: </span>}
          <span>
            <SafeText text={name} />
            {message && (
              <span className="quiet">
                {" "}
                <SafeText text={message} />
              </span>
            )}
          </span>
          <Time at={end ?? start} />
        </li>
      ))}
    </ol>
  );
}

function Time({ at }: { readonly at: string | null }) {
  const millis = at === null ? Number.NaN : Date.parse(at);
  if (!Number.isFinite(millis)) return null;
  return (
    <time className="quiet" dateTime={utc(millis)} title={utc(millis)}>
      {timeOfDay(millis)}
    </time>
  );
}

/** A link to Databricks; https only, because the address comes from elsewhere. */
export function ExternalLink({ href, label }: { readonly href: string; readonly label: string }) {
  if (!/^https?:\/\//i.test(href)) return null;
  return (
    <a className="text-button" href={href} target="_blank" rel="noreferrer">
      {label}
      <span className="visually-hidden"> {strings.common.opensNewTab}</span>
      <Icon name="external" size={16} />
    </a>
  );
}
