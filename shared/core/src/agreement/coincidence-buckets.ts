import { type Alpha, alphaFromCoincidences, type Level } from './alpha.ts';

/**
 * Ordered pairs of ratings on one item, counted by m (the item's number of ratings) and by the two labels: whole numbers,
 * from which alpha at any level of measurement is read. An item's part is taken out and put back when it changes,
 * O(labels on the item squared).
 */
export interface CoincidenceBuckets {
  /** Pairs of labels (c, k) on items with m ratings, at m * K * K + c * K + k. */
  readonly pairs: number[];
  /** Ratings with label c on items with m ratings, at m * K + c; only m >= 2. */
  readonly margins: number[];
}

export function emptyCoincidences(): CoincidenceBuckets {
  return { pairs: [], margins: [] };
}

/** Adds (1) or takes out (-1) one item whose counts by label stand at `counts[at…at + k)`. */
export function tallyCoincidences(
  buckets: CoincidenceBuckets,
  k: number,
  counts: ArrayLike<number>,
  at: number,
  sign: 1 | -1,
): void {
  let m = 0;
  for (let c = 0; c < k; c++) m += counts[at + c]!;
  if (m < 2) return;
  while (buckets.margins.length < (m + 1) * k) buckets.margins.push(0);
  while (buckets.pairs.length < (m + 1) * k * k) buckets.pairs.push(0);
  for (let c = 0; c < k; c++) {
    const count = counts[at + c]!;
    if (count === 0) continue;
    buckets.margins[m * k + c]! += sign * count;
    for (let other = 0; other < k; other++) {
      const pairs = count * (counts[at + other]! - (c === other ? 1 : 0));
      if (pairs !== 0) buckets.pairs[(m * k + c) * k + other]! += sign * pairs;
    }
  }
}

/** Alpha at a level, O(K² · largest m). */
export function readCoincidences(
  buckets: CoincidenceBuckets,
  values: readonly (string | number)[],
  level: Level,
): Alpha {
  const k = values.length;
  const margins = new Array<number>(k).fill(0);
  const coincidences = values.map(() => new Array<number>(k).fill(0));
  for (let m = 2; m * k < buckets.margins.length; m++) {
    for (let c = 0; c < k; c++) {
      const margin = buckets.margins[m * k + c]!;
      if (margin === 0) continue;
      margins[c]! += margin;
      for (let other = 0; other < k; other++)
        coincidences[c]![other]! += buckets.pairs[(m * k + c) * k + other]! / (m - 1);
    }
  }
  return alphaFromCoincidences(coincidences, margins, values, level);
}
