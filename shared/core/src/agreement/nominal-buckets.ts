/**
 * What nominal agreement is made of, as whole numbers, bucketed by m, the number of ratings an item has. Adding and taking
 * away are exact inverses; the order of events never shows; division happens only on reading.
 */
export interface NominalBuckets {
  /** Number of labels, K. */
  readonly k: number;
  /** Items with m ratings. */
  readonly items: number[];
  /** Sum over those items of q = sum over labels of count². */
  readonly squares: number[];
  /** Ratings with label c on those items, at m * K + c. */
  readonly labels: number[];
}

export function emptyBuckets(k: number): NominalBuckets {
  return { k, items: [], squares: [], labels: [] };
}

/** Makes room for items with up to `m` ratings. */
export function growBuckets(buckets: NominalBuckets, m: number): void {
  while (buckets.items.length <= m) {
    buckets.items.push(0);
    buckets.squares.push(0);
    for (let c = 0; c < buckets.k; c++) buckets.labels.push(0);
  }
}

/** Adds (`sign` 1) or takes out (-1) one item with these counts by label. Items without ratings leave no trace. */
export function tallyItem(
  buckets: NominalBuckets,
  counts: ArrayLike<number>,
  at: number,
  sign: 1 | -1,
): void {
  const { k } = buckets;
  let m = 0;
  let squares = 0;
  for (let c = 0; c < k; c++) {
    const count = counts[at + c]!;
    m += count;
    squares += count * count;
  }
  if (m === 0) return;
  growBuckets(buckets, m);
  buckets.items[m]! += sign;
  buckets.squares[m]! += sign * squares;
  for (let c = 0; c < k; c++) buckets.labels[m * k + c]! += sign * counts[at + c]!;
}

/**
 * The batch way: buckets of many ratings at once, two passes over typed arrays.
 * @param item item number of each rating, 0..items-1. @param label its label, 0..k-1.
 */
export function tallyRatings(
  item: ArrayLike<number>,
  label: ArrayLike<number>,
  items: number,
  k: number,
): NominalBuckets {
  const counts = new Int32Array(items * k);
  for (let i = 0; i < item.length; i++) counts[item[i]! * k + label[i]!]!++;
  const buckets = emptyBuckets(k);
  for (let at = 0; at < counts.length; at += k) tallyItem(buckets, counts, at, 1);
  return buckets;
}

/** Every figure is null where it is undefined. */
export interface NominalFigures {
  readonly alpha: number | null;
  /** Observed and expected disagreement of alpha. */
  readonly observed: number | null;
  readonly expected: number | null;
  readonly pairable: number;
  readonly fleiss: number | null;
  /** Mean share of agreeing pairs over items with two ratings or more; also the percent agreement. */
  readonly pBar: number | null;
  readonly fleissExpected: number | null;
  readonly ac1: number | null;
  readonly ac1Expected: number | null;
  /** Items with two ratings or more. */
  readonly items: number;
}

/** Reads all nominal coefficients, O(K · largest m). */
export function readNominal(buckets: NominalBuckets): NominalFigures {
  const { k, items, squares, labels } = buckets;
  let rated = 0;
  let pairedItems = 0;
  let pairable = 0;
  let agreeing = 0;
  let disagreement = 0;
  for (let m = 1; m < items.length; m++) {
    const count = items[m]!;
    if (count === 0) continue;
    rated += count;
    if (m < 2) continue;
    pairedItems += count;
    pairable += m * count;
    agreeing += (squares[m]! - m * count) / (m * (m - 1));
    disagreement += (m * m * count - squares[m]!) / (m - 1);
  }
  const paired = pairedItems > 0;
  const pBar = paired ? agreeing / pairedItems : null;
  let marginSquares = 0;
  let shareSquares = 0;
  for (let c = 0; c < k; c++) {
    let margin = 0;
    let share = 0;
    for (let m = 1; m < items.length; m++) {
      const count = labels[m * k + c]!;
      if (count === 0) continue;
      share += count / m;
      if (m > 1) margin += count;
    }
    marginSquares += margin * margin;
    shareSquares += (share / rated) ** 2;
  }
  const observed = paired ? disagreement / pairable : null;
  const expected = paired ? (pairable * pairable - marginSquares) / (pairable * (pairable - 1)) : null;
  const fleissExpected = paired ? shareSquares : null;
  const ac1Expected = paired && k > 1 ? (1 - shareSquares) / (k - 1) : null;
  return {
    alpha: observed === null || expected === null || expected === 0 ? null : 1 - observed / expected,
    observed,
    expected,
    pairable,
    fleiss: corrected(pBar, fleissExpected),
    pBar,
    fleissExpected,
    ac1: corrected(pBar, ac1Expected),
    ac1Expected,
    items: pairedItems,
  };
}

// Shares of one class in use are sums of fractions and may miss 1 by a few bits.
const NEARLY = 1e-12;

/** (observed - expected) / (1 - expected); null where that is nothing by nothing. */
function corrected(observed: number | null, expected: number | null): number | null {
  if (observed === null || expected === null || 1 - expected < NEARLY) return null;
  return (observed - expected) / (1 - expected);
}
