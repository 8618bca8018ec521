export interface Outliers {
  readonly mean: number;
  /** Of the population. */
  readonly sd: number;
  /** Below mean - sigmas · sd. With N people nobody can be further away than sqrt(N - 1) sd, so small teams need the twin. */
  readonly flagged: readonly string[];
  readonly median: number;
  /** 1.4826 · median distance from the median. */
  readonly mad: number;
  /** Below median - sigmas · mad. */
  readonly flaggedByMedian: readonly string[];
}

/** Who scores far below the others; null without scores. */
export function outlierAnnotators(scores: ReadonlyMap<string, number>, sigmas: number): Outliers | null {
  if (scores.size === 0) return null;
  const values = [...scores.values()];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  const middle = median(values);
  const mad = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  const below = (bar: number) =>
    [...scores]
      .filter(([, value]) => value < bar)
      .map(([name]) => name)
      .sort();
  return {
    mean,
    sd,
    flagged: below(mean - sigmas * sd),
    median: middle,
    mad,
    flaggedByMedian: below(middle - sigmas * mad),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
