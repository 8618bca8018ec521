/** Fleiss' kappa and Gwet's AC1 from an items × labels table of counts, straight from their definitions: the oracle. */

export interface Fleiss {
  readonly kappa: number | null;
  /** Mean share of agreeing pairs, over items with two ratings or more. */
  readonly pBar: number | null;
  readonly peBar: number | null;
}

export interface Ac1 {
  readonly ac1: number | null;
  readonly pa: number | null;
  readonly pe: number | null;
}

/** Counts by item and label out of annotators × items; null and undeclared ratings count nowhere. */
export function tableOf(
  ratings: readonly (readonly (string | number | null)[])[],
  labels: readonly (string | number)[],
): number[][] {
  const place = new Map(labels.map((label, i) => [label, i]));
  const items = Math.max(0, ...ratings.map((row) => row.length));
  return Array.from({ length: items }, (_, item) => {
    const counts = new Array<number>(labels.length).fill(0);
    for (const row of ratings) {
      const value = row[item];
      const at = value == null ? undefined : place.get(value);
      if (at !== undefined) counts[at]!++;
    }
    return counts;
  });
}

/** Mean share of agreeing pairs, and each label's share as the mean over rated items of the item's shares. */
function observedAndShares(table: readonly (readonly number[])[]): { pBar: number | null; shares: number[] } {
  const k = table[0]?.length ?? 0;
  const shares = new Array<number>(k).fill(0);
  let rated = 0;
  let paired = 0;
  let agreeing = 0;
  for (const counts of table) {
    const m = counts.reduce((sum, count) => sum + count, 0);
    if (m === 0) continue;
    rated++;
    counts.forEach((count, c) => {
      shares[c]! += count / m;
    });
    if (m < 2) continue;
    paired++;
    agreeing += counts.reduce((sum, count) => sum + count * (count - 1), 0) / (m * (m - 1));
  }
  return { pBar: paired === 0 ? null : agreeing / paired, shares: shares.map((share) => share / rated) };
}

// Shares that are all one label's may miss 1 by a few bits.
const NEARLY = 1e-12;

function corrected(observed: number, expected: number): number | null {
  return 1 - expected < NEARLY ? null : (observed - expected) / (1 - expected);
}

export function fleissKappa(table: readonly (readonly number[])[]): Fleiss {
  const { pBar, shares } = observedAndShares(table);
  if (pBar === null) return { kappa: null, pBar: null, peBar: null };
  const peBar = shares.reduce((sum, share) => sum + share * share, 0);
  return { kappa: corrected(pBar, peBar), pBar, peBar };
}

/** The number of labels is the table's width: a declared label that nobody used counts. */
export function gwetAc1(table: readonly (readonly number[])[]): Ac1 {
  const { pBar, shares } = observedAndShares(table);
  const k = table[0]?.length ?? 0;
  if (pBar === null || k < 2) return { ac1: null, pa: null, pe: null };
  const pe = shares.reduce((sum, share) => sum + share * (1 - share), 0) / (k - 1);
  return { ac1: corrected(pBar, pe), pa: pBar, pe };
}
