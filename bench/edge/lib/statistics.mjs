// Few, plain statistics.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median with the range it comes from. */
export function spread(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * The ratio of two series that were measured in turn: the median of the ratios of each round. What disturbs the machine
 * for a while disturbs both halves of a round, and falls out.
 */
export function ratio(over, under) {
  return spread(over.map((value, round) => value / under[round]));
}
