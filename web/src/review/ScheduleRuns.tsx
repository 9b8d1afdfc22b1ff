import { memo, useMemo } from "react";
import { editor } from "../strings/editor";
import { review } from "../strings/review";
import { utc } from "../ui/time";
import { useNow } from "../ui/useNow";
import { scheduleWords } from "./check";
import { useEditing } from "./context";
import { textAt, valueAt } from "./pointer";
import { useSecondModule } from "./second";

const day = { day: "numeric", month: "short", year: "numeric" } as const;

/** Times in a zone, the zone named; without `day` the day of the week is enough. */
function inZone(timeZone: string, parts: typeof day | undefined): (millis: number) => string {
  const format = new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    ...parts,
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
    timeZoneName: "short",
  });
  return (millis) => format.format(millis);
}

/** A schedule in words, with its next runs in its own zone and in the reader's. */
export function ScheduleRuns() {
  const { plan } = useEditing();
  return (
    <Runs
      cron={textAt(plan, "/schedule/cron_expression")}
      zone={textAt(plan, "/schedule/timezone") || "UTC"}
      off={valueAt(plan, "/schedule/enabled") === false}
    />
  );
}

interface RunsProps {
  readonly cron: string;
  readonly zone: string;
  readonly off: boolean;
}

const Runs = memo(function Runs({ cron, zone, off }: RunsProps) {
  const words = editor.schedule;
  // The list changes when a run has passed, not each second.
  const minute = Math.floor(useNow(true) / 60_000) * 60_000;
  const second = useSecondModule();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what finds the runs may come after the fields are shown
  const shown = useMemo(() => runsOf(cron, zone, minute), [cron, zone, minute, second]);
  if (cron !== "" && second !== "there") {
    return (
      <p className="quiet" role="status" data-testid="schedule-unsaid">
        {second === "waiting" ? words.finding : words.unfound}
      </p>
    );
  }
  if (!shown) return null;
  const { title, runs } = shown;
  return (
    <div className="schedule-runs" data-testid="schedule-runs">
      <p className="strong">{title}</p>
      {off && <p>{words.off}</p>}
      {runs.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <>
          <h3>{words.next}</h3>
          <ol>
            {runs.map(({ time, there, here, note }) => (
              <li key={time}>
                <time dateTime={time} title={time}>
                  {there}
                </time>
                {here !== undefined && <span className="quiet"> · {words.yours(here)}</span>}
                {note !== "regular" && <span className="run-note"> {words[note]}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
      <p className="quiet">{words.late}</p>
    </div>
  );
});

/** What to show of a schedule; nothing where it is none, because what is wrong with it stands at its field. */
function runsOf(cron: string, zone: string, after: number) {
  if (cron === "") return undefined;
  const said = scheduleWords(cron, zone, after);
  if (said.kind !== "runs") return undefined;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [there, here] = [inZone(zone, day), own === zone ? undefined : inZone(own, undefined)];
  return {
    title: review.schedule.words(said.description.words, zone),
    runs: said.description.runs.map(({ at, note }) => ({
      time: utc(at * 1000),
      there: there(at * 1000),
      here: here?.(at * 1000),
      note,
    })),
  };
}
