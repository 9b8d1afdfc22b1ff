import { useMemo } from "react";
import { review } from "../strings/review";
import { utc } from "../ui/time";
import { useNow } from "../ui/useNow";
import { scheduleWords } from "./check";
import { useEditing } from "./context";
import { textAt, valueAt } from "./pointer";

/** A time in a zone, the zone named. */
function inZone(millis: number, timeZone: string): string {
  return new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
    timeZoneName: "short",
  }).format(millis);
}

/** A schedule in words, with its next runs in its own zone and in the reader's. */
export function ScheduleRuns() {
  const { plan } = useEditing();
  const words = review.schedule;
  const cron = textAt(plan, "/schedule/cron_expression");
  const zone = textAt(plan, "/schedule/timezone") || "UTC";
  // The list changes when a run has passed, not each second.
  const minute = Math.floor(useNow(true) / 60_000) * 60_000;
  const said = useMemo(() => scheduleWords(cron, zone, minute), [cron, zone, minute]);
  if (cron === "") return null;
  // What is wrong with it stands at its field.
  if (said.kind === "unreadable") return null;
  const { description } = said;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <div className="schedule-runs" data-testid="schedule-runs">
      <p className="strong">{words.words(description.words, zone)}</p>
      {valueAt(plan, "/schedule/enabled") === false && <p>{words.off}</p>}
      {description.runs.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <>
          <h3>{words.next}</h3>
          <ol>
            {description.runs.map(({ at, note }) => (
              <li key={at}>
                <time dateTime={utc(at * 1000)} title={utc(at * 1000)}>
                  {inZone(at * 1000, zone)}
                </time>
                {own !== zone && <span className="quiet"> · {words.yours(inZone(at * 1000, own))}</span>}
                {note !== "regular" && <span className="run-note"> {words[note]}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
      <p className="quiet">{words.late}</p>
    </div>
  );
}
