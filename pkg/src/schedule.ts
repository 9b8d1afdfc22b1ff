/** When a schedule runs. The rules are in wasm; the offsets of a time zone come from the host's own `Intl`. */
import { HandoffError } from "./errors.js";
import type { ScheduleDescription } from "./generated/suggest-types.js";
import { callSuggest } from "./suggest.js";

export interface ScheduleOptions {
  /** IANA name of the schedule's time zone. Default: UTC. */
  timezone?: string;
  /** Runs after this time, in milliseconds since 1970. Default: the clock. */
  after?: number;
  /** How many runs. Default: 5, at most 1,000. */
  count?: number;
}

/**
 * A Quartz expression in words, with its next runs. A run at a local time that a clock change skips or repeats says so;
 * Databricks may skip or delay it. In the second module: needs `await initSuggest()` before.
 *
 * @throws {HandoffError} `cron_invalid`, `timezone_unknown`, `not_initialised` before `initSuggest()`.
 */
export function describeSchedule(
  cron: string,
  { timezone = "UTC", after = Date.now(), count = 5 }: ScheduleOptions = {},
): ScheduleDescription {
  if (typeof cron !== "string") {
    throw new HandoffError("invalid_argument", "The cron expression is not a text.", { path: "cron" });
  }
  const zone = { offsetAt: offsetsOf(timezone) };
  const json = callSuggest((wasm) => wasm.describeSchedule(cron, after / 1000, count, zone));
  return JSON.parse(json) as ScheduleDescription;
}

/** Clock changes fall on quarters of an hour everywhere, so one answer serves for each quarter. */
const quarter = 900;

function offsetsOf(timezone: string): (at: number) => number {
  if (timezone === "UTC" || timezone === "Etc/UTC") return () => 0;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (cause) {
    throw new HandoffError("timezone_unknown", "The time zone is not known here.", {
      path: "timezone",
      help: "Use an IANA name like Europe/Berlin.",
      cause,
    });
  }
  const known = new Map<number, number>();
  return (at) => {
    const key = Math.floor(at / quarter);
    const before = known.get(key);
    if (before !== undefined) return before;
    const start = key * quarter;
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(start * 1000)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const offset = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - start;
    known.set(key, offset);
    return offset;
  };
}
