import type { Run, RunRows } from "../../api/types";
import { runsWords as words } from "../../strings/runs";
import { CopyButton } from "../../ui/CopyButton";
import { duration } from "../../ui/duration";
import { SafeText } from "../../ui/SafeText";
import { safeLink } from "../../ui/safeLink";
import { toMillis } from "../../ui/time";
import { useNow } from "../../ui/useNow";
import { When } from "../../ui/When";
import { canCancel, canRepair, isMoving } from "./runState";

interface Props {
  readonly run: Run;
  /** Whether this person may act on runs. */
  readonly may: boolean;
  readonly doing: string | undefined;
  readonly onCancel: () => void;
  readonly onRepair: () => void;
  /** Absent where the plan has no job any more. */
  readonly onAgain: (() => void) | undefined;
}

/** One run: its state in words, its times and stages, what it wrote, and what can be done. */
export function RunCard({ run, may, doing, onCancel, onRepair, onAgain }: Props) {
  const link = safeLink(run.run_url);
  const off = !may || doing !== undefined || undefined;
  const about = run.state === "unknown" ? words.unknown(run.upstream_state) : words.about_state[run.state];
  return (
    <article className="card run" data-testid="run" data-state={run.state}>
      <div className="card-head">
        <h3 className="run-title">
          <span className="state-tag" data-state={run.state}>
            {words.states[run.state] ?? run.state}
          </span>
          <When at={run.started_at ?? run.queued_at} />
        </h3>
        <div className="row">
          {canCancel(run) && (
            <button
              type="button"
              className="button"
              data-testid="run-cancel"
              aria-disabled={off}
              onClick={() => !off && onCancel()}
            >
              {doing === `cancel ${run.run_id}` ? words.acting : words.cancel}
            </button>
          )}
          {canRepair(run) && onAgain && (
            <>
              <button
                type="button"
                className="button"
                data-testid="run-repair"
                aria-disabled={off}
                onClick={() => !off && onRepair()}
              >
                {doing === `repair ${run.run_id}` ? words.acting : words.repair}
              </button>
              <button
                type="button"
                className="button"
                data-testid="run-again"
                aria-disabled={off}
                onClick={() => !off && onAgain()}
              >
                {words.again}
              </button>
            </>
          )}
        </div>
      </div>
      <p className={run.state === "failed" ? "danger-text" : undefined}>
        <SafeText text={about} />
      </p>
      {run.message && (
        <p className="run-message">
          <SafeText text={run.message} lines />
        </p>
      )}
      <dl className="sheet-facts run-facts">
        <dt>{words.took}</dt>
        <dd>
          <Took run={run} />
        </dd>
        {!isMoving(run) && (
          <>
            <dt>{words.rows}</dt>
            <dd>
              {run.rows === null ? (
                <span className="quiet">{words.rowsUnknown}</span>
              ) : (
                <Rows rows={run.rows} />
              )}
            </dd>
          </>
        )}
        <dt>{words.queued}</dt>
        <dd>
          <span>
            <When at={run.queued_at} />, {words.triggers[run.trigger] ?? run.trigger}
          </span>
        </dd>
        <dt>{words.feedbackTitle}</dt>
        <dd>{words.feedback[run.feedback] ?? run.feedback}</dd>
        <dt>{words.id}</dt>
        <dd className="id-line">
          <code>{run.run_id}</code>
          <CopyButton text={run.run_id} label={words.copyId} />
          {link !== undefined && (
            <a href={link} target="_blank" rel="noreferrer">
              {words.open} <span className="visually-hidden">{words.opensNewTab}</span>
            </a>
          )}
        </dd>
      </dl>
      {run.stages.length > 0 && <Stages run={run} />}
    </article>
  );
}

/** How long it took; while it goes on, the time so far. */
function Took({ run }: { readonly run: Run }) {
  const moving = isMoving(run);
  const now = useNow(moving);
  const start = toMillis(run.started_at ?? run.queued_at);
  if (run.duration_ms !== null && !moving) return duration(run.duration_ms);
  if (start === undefined) return "–";
  const end = moving ? now : toMillis(run.ended_at);
  return end === undefined ? "–" : duration(end - start);
}

const counted = ["inserted", "updated", "deleted"] as const;

function Rows({ rows }: { readonly rows: RunRows }) {
  const parts = counted.flatMap((kind) => {
    const count = rows[kind];
    return count === null ? [] : [`${grouped(count)} ${words.rowWords[kind]}`];
  });
  if (parts.length === 0 && rows.affected !== null) {
    parts.push(`${grouped(rows.affected)} ${words.rowWords.affected}`);
  }
  return parts.length === 0 ? <span className="quiet">{words.rowsUnknown}</span> : parts.join(", ");
}

/** A count of any size, in the reader's digits. What is no count is shown as it came. */
export function grouped(count: string): string {
  return /^\d{1,30}$/.test(count) ? new Intl.NumberFormat().format(BigInt(count)) : count;
}

function Stages({ run }: { readonly run: Run }) {
  return (
    <>
      <h4>{words.stages}</h4>
      <ol className="steps">
        {run.stages.map((stage) => {
          const [start, end] = [toMillis(stage.started_at), toMillis(stage.ended_at)];
          return (
            <li key={stage.name} data-state={stage.state}>
              <span>
                <SafeText text={stage.name} />:{" "}
                {(words.states as Readonly<Record<string, string>>)[stage.state] ?? stage.state}
              </span>
              {start !== undefined && end !== undefined && (
                <span className="quiet">{duration(end - start)}</span>
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}
