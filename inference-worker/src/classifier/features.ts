/** Number of hash buckets; the length of one feature vector. */
export const BUCKETS = 1 << 14;

/** FNV-1a over UTF-16 code units, 32 bit. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  return h >>> 0;
}

const MAX_WORDS = 2000;

/**
 * Hashed word uni- and bigrams of a text, with sublinear counts (1 + ln n), scaled to unit length
 * (Weinberger et al. 2009, "Feature hashing for large scale multitask learning"). Only the first 2,000 words count.
 */
export function features(text: string): ReadonlyMap<number, number> {
  const words = (text.toLowerCase().match(/[\p{L}\p{N}]+|[$€£!?]/gu) ?? []).slice(0, MAX_WORDS);
  const counts = new Map<number, number>();
  const count = (gram: string) => {
    const bucket = hash(gram) % BUCKETS;
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  };
  words.forEach((word, i) => {
    count(word);
    const next = words[i + 1];
    if (next !== undefined) count(`${word} ${next}`);
  });
  let squares = 0;
  for (const [bucket, n] of counts) {
    const weight = 1 + Math.log(n);
    counts.set(bucket, weight);
    squares += weight * weight;
  }
  const length = Math.sqrt(squares) || 1;
  for (const [bucket, weight] of counts) counts.set(bucket, weight / length);
  return counts;
}

/** The same as rows of a dense matrix, as the ONNX model takes it: `texts.length` × BUCKETS. */
export function denseFeatures(texts: readonly string[]): Float32Array {
  const matrix = new Float32Array(texts.length * BUCKETS);
  texts.forEach((text, row) => {
    for (const [bucket, weight] of features(text)) matrix[row * BUCKETS + bucket] = weight;
  });
  return matrix;
}
