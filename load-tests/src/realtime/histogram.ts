/** Buckets a factor of two is divided into: a figure read is at most 2.2 % above the true one. */
const PER_OCTAVE = 32;
/** Milliseconds below which all is one bucket. */
const SMALLEST_MS = 0.001;
const BUCKETS = 30 * PER_OCTAVE;

/** Times by the million in little memory. */
export interface Histogram {
  record(ms: number): void;
  readonly count: () => number;
  /** The time that this share (0..1) of all lies at or below; NaN of none. */
  at(share: number): number;
  clear(): void;
}

export function createHistogram(): Histogram {
  const counts = new Float64Array(BUCKETS);
  let total = 0;
  return {
    record(ms) {
      const bucket = ms <= SMALLEST_MS ? 0 : Math.ceil(Math.log2(ms / SMALLEST_MS) * PER_OCTAVE);
      counts[Math.min(bucket, BUCKETS - 1)]! += 1;
      total += 1;
    },
    count: () => total,
    at(share) {
      if (total === 0) return Number.NaN;
      const wanted = Math.max(1, Math.ceil(share * total));
      let seen = 0;
      let bucket = 0;
      while (seen + counts[bucket]! < wanted) {
        seen += counts[bucket]!;
        bucket += 1;
      }
      return SMALLEST_MS * 2 ** (bucket / PER_OCTAVE);
    },
    clear() {
      counts.fill(0);
      total = 0;
    },
  };
}
