import { dayAndTime, toMillis, utc } from "./time";

/** A time in the reader's zone, with the zone's name; UTC when pointed at, and for programs. */
export function When({ at }: { readonly at: string | null | undefined }) {
  const millis = toMillis(at);
  if (millis === undefined) return <span className="quiet">–</span>;
  return (
    <time dateTime={utc(millis)} title={utc(millis)}>
      {dayAndTime(millis)}
    </time>
  );
}
