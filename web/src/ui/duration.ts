/** A length of time for people, like "2 min 5 s", in the reader's language. */
export function duration(millis: number): string {
  const seconds = Math.max(0, Math.round(millis / 1000));
  const parts: [number, "hour" | "minute" | "second"][] = [
    [Math.floor(seconds / 3600), "hour"],
    [Math.floor((seconds % 3600) / 60), "minute"],
    [seconds % 60, "second"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? parts.slice(2) : parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown
    .map(([count, unit]) =>
      new Intl.NumberFormat(undefined, { style: "unit", unit, unitDisplay: "short" }).format(count),
    )
    .join(" ");
}
