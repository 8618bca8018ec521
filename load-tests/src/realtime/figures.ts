/** A figure over the repetitions it was measured in. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)!, n: sorted.length };
}

/** The slope of the straight line that lies nearest to the points (least squares), in y per x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const n = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let up = 0;
  let across = 0;
  for (const [x, y] of points) {
    up += (x - meanX) * (y - meanY);
    across += (x - meanX) ** 2;
  }
  return up / across;
}

/** Three digits that count; thousands as k and M where `short`. */
export function digits(value: number, short = false): string {
  if (!Number.isFinite(value)) return '–';
  if (short && Math.abs(value) >= 1e6) return `${digits(value / 1e6)} M`;
  if (short && Math.abs(value) >= 1e3) return `${digits(value / 1e3)} k`;
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  if (size >= 10) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : value === 0 ? '0' : value.toPrecision(3).replace(/\.?0+$/, '');
}

export function range(summary: Summary | undefined, short = false): string {
  if (summary === undefined) return '–';
  const median = digits(summary.median, short);
  if (summary.n < 2) return median;
  return `${median} [${digits(summary.min, short)}..${digits(summary.max, short)}]`;
}
