import { type ScheduleDescription, scheduleOf } from "../api/render";
import type { PlanRecord } from "../api/types";
import { planWords as words } from "../strings/plans";
import { SafeText } from "../ui/SafeText";
import { utc } from "../ui/time";
import { useResource } from "../ui/useResource";

interface Cron {
  readonly cron: string;
  readonly timezone: string;
  readonly off: boolean;
}

/** The schedule that holds: the job's, or else the plan's. */
export function scheduleOfRecord({ plan, deployment }: PlanRecord): Cron | undefined {
  const job = deployment && deployment.state !== "undeployed" ? deployment.schedule : null;
  if (job) return { cron: job.quartz, timezone: job.timezone, off: job.paused };
  const schedule = (plan as { schedule?: Record<string, unknown> }).schedule;
  if (schedule?.type !== "cron" || typeof schedule.cron_expression !== "string") return undefined;
  const { timezone, enabled } = schedule;
  return {
    cron: schedule.cron_expression,
    timezone: typeof timezone === "string" ? timezone : "UTC",
    off: enabled === false,
  };
}

/** When it runs: in words, and the next five times, in the zone of the schedule. */
export function ScheduleCard({ record }: { readonly record: PlanRecord }) {
  const schedule = scheduleOfRecord(record);
  return (
    <section className="card" data-testid="plan-schedule">
      <h2>{words.schedule}</h2>
      {schedule === undefined ? <p className="quiet">{words.noSchedule}</p> : <Runs {...schedule} />}
    </section>
  );
}

function Runs({ cron, timezone, off }: Cron) {
  const described = useResource<ScheduleDescription>(`${cron} ${timezone}`, () => scheduleOf(cron, timezone));
  const { value, error } = described;
  return (
    <>
      {off && <p className="care-text">{words.pausedSchedule}</p>}
      {error && (
        <p className="danger-text">
          {words.scheduleUnread} <SafeText text={error.message} />
        </p>
      )}
      {value && <Described value={value} timezone={timezone} />}
      <p className="quiet">
        <code>
          <SafeText text={cron} />
        </code>{" "}
        <SafeText text={timezone} />
      </p>
    </>
  );
}

function Described(props: { readonly value: ScheduleDescription; readonly timezone: string }) {
  const { value, timezone } = props;
  return (
    <>
      <p className="strong">{value.words}</p>
      {value.runs.length > 0 && (
        <>
          <h3>{words.nextRuns}</h3>
          <ol className="next-runs">
            {value.runs.map((run) => (
              <li key={run.at}>
                <time dateTime={run.local} title={utc(run.at * 1000)}>
                  {inZone(run.at * 1000, timezone)}
                </time>
                {run.note !== "regular" && <span className="care-text"> {words.runNotes[run.note]}</span>}
              </li>
            ))}
          </ol>
          <p className="quiet">{words.nextRunsAbout(timezone)}</p>
        </>
      )}
    </>
  );
}

function inZone(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(at);
}
