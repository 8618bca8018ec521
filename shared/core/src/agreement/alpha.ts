export type Level = 'nominal' | 'ordinal' | 'interval' | 'ratio';

export interface Alpha {
  /** Null where there is nothing to compare, or no variation. */
  readonly alpha: number | null;
  readonly nPairable: number;
  /** Mean observed disagreement; null with nothing pairable. */
  readonly observed: number | null;
  readonly expected: number | null;
}

export const NOTHING_PAIRABLE: Alpha = { alpha: null, nPairable: 0, observed: null, expected: null };

/** Squared distance of the labels at `c` and `k` of the ordered values. Ordinal distances hang on the margins. */
export function squaredDistance(
  level: Level,
  values: readonly (string | number)[],
  margins: readonly number[],
): (c: number, k: number) => number {
  if (level === 'nominal') return (c, k) => (c === k ? 0 : 1);
  if (level === 'ordinal') {
    const until = [0];
    for (const margin of margins) until.push(until.at(-1)! + margin);
    return (c, k) => {
      const [low, high] = c < k ? [c, k] : [k, c];
      const between = until[high + 1]! - until[low]! - (margins[low]! + margins[high]!) / 2;
      return between * between;
    };
  }
  const numbers = values.map(Number);
  if (level === 'interval') return (c, k) => (numbers[c]! - numbers[k]!) ** 2;
  return (c, k) => {
    const sum = numbers[c]! + numbers[k]!;
    return sum === 0 ? 0 : ((numbers[c]! - numbers[k]!) / sum) ** 2;
  };
}

/** Alpha from a K×K coincidence matrix (each ordered pair of ratings of an item counts 1 / (m - 1)). */
export function alphaFromCoincidences(
  coincidences: readonly (readonly number[])[],
  margins: readonly number[],
  values: readonly (string | number)[],
  level: Level,
): Alpha {
  const n = margins.reduce((sum, margin) => sum + margin, 0);
  if (n === 0) return NOTHING_PAIRABLE;
  const distance = squaredDistance(level, values, margins);
  let observed = 0;
  let expected = 0;
  for (let c = 0; c < margins.length; c++) {
    if (margins[c] === 0) continue;
    for (let k = c + 1; k < margins.length; k++) {
      if (margins[k] === 0) continue;
      const d = distance(c, k);
      observed += 2 * d * coincidences[c]![k]!;
      expected += 2 * d * margins[c]! * margins[k]!;
    }
  }
  observed /= n;
  expected /= n * (n - 1);
  return { alpha: expected === 0 ? null : 1 - observed / expected, nPairable: n, observed, expected };
}

/**
 * Krippendorff's alpha straight from its definition (2019, ch. 12): the oracle for the counters.
 * @param ratings annotators × items; null: not rated. Ratings that are not among `values` are left out.
 * @param values the possible ratings, in order.
 */
export function krippendorffAlpha(
  ratings: readonly (readonly (string | number | null)[])[],
  values: readonly (string | number)[],
  level: Level,
): Alpha {
  const place = new Map(values.map((value, i) => [value, i]));
  const k = values.length;
  const coincidences = values.map(() => new Array<number>(k).fill(0));
  const margins = new Array<number>(k).fill(0);
  const items = Math.max(0, ...ratings.map((row) => row.length));
  for (let item = 0; item < items; item++) {
    const given: number[] = [];
    for (const row of ratings) {
      const value = row[item];
      const at = value == null ? undefined : place.get(value);
      if (at !== undefined) given.push(at);
    }
    if (given.length < 2) continue;
    for (let i = 0; i < given.length; i++) {
      margins[given[i]!]!++;
      for (let j = 0; j < given.length; j++)
        if (i !== j) coincidences[given[i]!]![given[j]!]! += 1 / (given.length - 1);
    }
  }
  return alphaFromCoincidences(coincidences, margins, values, level);
}
