/** Times for people: in their zone and language, the zone named, UTC at hand. */

/**
 * A time as Databricks gives it, in milliseconds since 1970. It sends milliseconds or RFC 3339, and where the unit is not
 * documented some answers were seen in seconds; anything before 1980 read as milliseconds must be seconds.
 */
export function toMillis(value: unknown): number | undefined {
  if (typeof value === "string" && value !== "") {
    const parsed = /^\d+$/.test(value) ? toMillis(Number(value)) : Date.parse(value);
    return parsed !== undefined && Number.isFinite(parsed) ? parsed : undefined;
  }
  if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) return undefined;
  const millis = value < 315_532_800_000 ? value * 1000 : value;
  return millis <= 8.64e15 ? millis : undefined;
}

/** Day and time with the zone's name, like "3 Nov 2026, 14:05 CET". */
export function dayAndTime(millis: number): string {
  return new Intl.DateTimeFormat(undefined, {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(millis);
}

/** The time of day alone, like "14:05:09". */
export function timeOfDay(millis: number): string {
  return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(
    millis,
  );
}

/** RFC 3339 in UTC, to the second. */
export function utc(millis: number): string {
  return new Date(millis).toISOString().replace(/\.\d{3}Z$/, "Z");
}
