/** Who gave which label to which item, and each item's counts: growing typed arrays, about 10 bytes a rating. */
export interface Ratings {
  /** Counts by item and label, at item * K + label; the array changes when items are added. */
  counts(): Int32Array;
  ratingsOf(item: number): number;
  /** Sum over labels of count². */
  squaresOf(item: number): number;
  /** Changes an item's count of a label. */
  count(item: number, label: number, step: 1 | -1): void;
  add(item: number, annotator: number, label: number): void;
  /** Gives the annotator's rating of the item another label and says which it was; -1, and nothing done, without one. */
  relabel(item: number, annotator: number, label: number): number;
  /** Forgets the rating and says which label it was, or -1. */
  remove(item: number, annotator: number): number;
  each(item: number, visit: (annotator: number, label: number) => void): void;
  majority(item: number): number | null;
  size(): number;
}

const NONE = -1;

function grown<T extends Int32Array | Uint16Array>(array: T, length: number, fill = 0): T {
  if (length <= array.length) return array;
  const Kind = array.constructor as new (length: number) => T;
  const next = new Kind(Math.max(length, array.length * 2));
  next.set(array);
  if (fill !== 0) next.fill(fill, array.length);
  return next;
}

export function createRatings(k: number): Ratings {
  // Each item has a chain of ratings through `next`; freed places form a chain of their own.
  let heads = new Int32Array(64).fill(NONE);
  let sizes = new Int32Array(64);
  let squares = new Int32Array(64);
  let counts = new Int32Array(64 * k);
  let annotators = new Int32Array(256);
  let labels = new Uint16Array(256);
  let next = new Int32Array(256);
  let used = 0;
  let free = NONE;
  let size = 0;

  function room(item: number): void {
    if (item < heads.length) return;
    heads = grown(heads, item + 1, NONE);
    sizes = grown(sizes, heads.length);
    squares = grown(squares, heads.length);
    counts = grown(counts, heads.length * k);
  }

  function place(): number {
    if (free !== NONE) {
      const at = free;
      free = next[at]!;
      return at;
    }
    annotators = grown(annotators, used + 1);
    labels = grown(labels, used + 1);
    next = grown(next, used + 1);
    return used++;
  }

  return {
    counts: () => counts,
    ratingsOf: (item) => sizes[item] ?? 0,
    squaresOf: (item) => squares[item] ?? 0,
    count(item, label, step) {
      const at = item * k + label;
      // (c ± 1)² - c² = 1 ± 2c
      squares[item]! += 1 + 2 * step * counts[at]!;
      counts[at]! += step;
      sizes[item]! += step;
    },
    add(item, annotator, label) {
      room(item);
      const at = place();
      annotators[at] = annotator;
      labels[at] = label;
      next[at] = heads[item]!;
      heads[item] = at;
      size++;
    },
    relabel(item, annotator, label) {
      for (let at = heads[item] ?? NONE; at !== NONE; at = next[at]!) {
        if (annotators[at] !== annotator) continue;
        const before = labels[at]!;
        labels[at] = label;
        return before;
      }
      return NONE;
    },
    remove(item, annotator) {
      let before = NONE;
      for (let at = heads[item] ?? NONE; at !== NONE; at = next[at]!) {
        if (annotators[at] === annotator) {
          if (before === NONE) heads[item] = next[at]!;
          else next[before] = next[at]!;
          next[at] = free;
          free = at;
          size--;
          return labels[at]!;
        }
        before = at;
      }
      return NONE;
    },
    each(item, visit) {
      for (let at = heads[item] ?? NONE; at !== NONE; at = next[at]!) visit(annotators[at]!, labels[at]!);
    },
    majority(item) {
      if ((sizes[item] ?? 0) === 0) return null;
      let best = 0;
      for (let c = 1; c < k; c++) if (counts[item * k + c]! > counts[item * k + best]!) best = c;
      return best;
    },
    size: () => size,
  };
}
