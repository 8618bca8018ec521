/** Least number of insertions, deletions and substitutions that turn `a` into `b`. */
export function editDistance<T>(a: readonly T[], b: readonly T[]): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}

export interface TextSimilarity {
  /** Levenshtein over code points. */
  readonly distance: number;
  /** 1 - distance / the longer length; two empty texts: 1. */
  readonly similarity: number;
  /** Word error rate against b's words; null where b has none. */
  readonly wer: number | null;
}

export function textSimilarity(a: string, b: string): TextSimilarity {
  const left = [...a];
  const right = [...b];
  const distance = editDistance(left, right);
  const longer = Math.max(left.length, right.length);
  const words = (text: string) => text.split(/\s+/u).filter((word) => word !== '');
  const reference = words(b);
  return {
    distance,
    similarity: longer === 0 ? 1 : 1 - distance / longer,
    wer: reference.length === 0 ? null : editDistance(words(a), reference) / reference.length,
  };
}
