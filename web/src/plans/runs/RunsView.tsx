import { useEffect, useRef } from "react";
import { cancelRun, getRun, listRuns, repairRun, startRun } from "../../api/plans";
import type { PlanRecord, Run } from "../../api/types";
import { mayAct, useMe } from "../../shell/me";
import { planWords } from "../../strings/plans";
import { runsWords as words } from "../../strings/runs";
import { useAnnounce } from "../../ui/Announcer";
import { MoreIcon } from "../../ui/MoreIcon";
import { Problem } from "../../ui/Problem";
import { useAct } from "../../ui/useAct";
import { usePages } from "../../ui/usePages";
import { usePolling } from "../../ui/usePolling";
import { Waiting } from "../../ui/Waiting";
import { hasJob } from "../actions/possible";
import { RunCard } from "./RunCard";
import { changedRuns, isMoving, pollEvery } from "./runState";

/** The runs of a plan, renewed while something moves and the page is seen. */
export function RunsView({ record }: { readonly record: PlanRecord }) {
  const id = record.plan_id;
  const deployed = hasJob(record);
  const list = usePages(
    id,
    async (next, signal) => {
      const page = await listRuns(id, { next, signal, pageSize: 20 });
      return { ...page, items: await upToDate(id, page.items, signal) };
    },
    (run) => run.run_id,
  );
  const { act, doing, error } = useAct();
  const may = mayAct(useMe(), "deployer");
  usePolling(list.ready && !list.error ? pollEvery(list.items, deployed) : undefined, list.renew);
  useTold(list.items);

  const start = async () => {
    if (!may || doing !== undefined) return;
    if (await act("run", (key) => startRun(id, key), planWords.actions.done.run)) list.renew();
  };
  const cancel = async (run: Run) => {
    const what = (key: string) => cancelRun(id, run.run_id, key);
    if (await act(`cancel ${run.run_id}`, what, words.asked.cancel)) list.renew();
  };
  const repair = async (run: Run) => {
    const what = (key: string) => repairRun(id, run.run_id, key);
    if (await act(`repair ${run.run_id}`, what, words.asked.repair)) list.renew();
  };

  return (
    <section className="runs" data-testid="runs">
      <div className="card-head">
        <div>
          <h2>{words.title}</h2>
          <p className="quiet">{words.about}</p>
        </div>
        {deployed && (
          <button
            type="button"
            className="button"
            data-testid="run-start"
            aria-disabled={!may || doing !== undefined || undefined}
            title={may ? undefined : planWords.actions.notAllowed("deployer")}
            onClick={() => void start()}
          >
            <MoreIcon name="play" size={18} />
            {doing === "run" ? words.starting : words.start}
          </button>
        )}
      </div>
      {error && <Problem error={error} testId="run-problem" />}
      {list.error && <Problem error={list.error} onRetry={list.reload} />}
      {list.ready && list.items.length === 0 && list.since === undefined && (
        <p className="card quiet" data-testid="runs-none">
          {deployed ? words.none : words.noneDeployed}
        </p>
      )}
      <ol className="run-list">
        {list.items.map((run) => (
          <li key={run.run_id}>
            <RunCard
              run={run}
              may={may}
              doing={doing}
              onCancel={() => void cancel(run)}
              onRepair={() => void repair(run)}
              onAgain={deployed ? () => void start() : undefined}
            />
          </li>
        ))}
      </ol>
      {list.since !== undefined && <Waiting step={words.loading} since={list.since} />}
      {list.next !== undefined && list.since === undefined && (
        <div className="row">
          <button type="button" className="button" onClick={list.more}>
            {words.more}
          </button>
        </div>
      )}
    </section>
  );
}

/** Most runs that are asked about one by one. A plan runs once at a time, the rest waits in a queue. */
const mostAsked = 5;

/**
 * The list is what the server last heard; asking for one run makes it ask Databricks. One that cannot be had now stays as
 * it was listed.
 */
async function upToDate(plan: string, runs: readonly Run[], signal: AbortSignal): Promise<readonly Run[]> {
  const moving = runs.filter(isMoving).slice(0, mostAsked);
  const asked = await Promise.allSettled(moving.map((run) => getRun(plan, run.run_id, { signal })));
  const fresh = new Map(
    asked.flatMap((answer) => (answer.status === "fulfilled" ? [[answer.value.run_id, answer.value]] : [])),
  );
  return runs.map((run) => fresh.get(run.run_id) ?? run);
}

/** Says aloud when a run comes into another state. */
function useTold(runs: readonly Run[]): void {
  const announce = useAnnounce();
  const before = useRef<readonly Run[]>([]);
  useEffect(() => {
    for (const run of changedRuns(before.current, runs)) announce(words.changed(words.states[run.state]));
    before.current = runs;
  }, [runs, announce]);
}
