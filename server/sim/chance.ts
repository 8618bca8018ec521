import { createSeededRandomness } from '@concord/platform/testing/random-seeded';

/** Seeded decisions. Each actor has its own, so that one actor's history does not shift another's. */
export interface Chance {
  /** True with this probability, 0..1. */
  hits(probability: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
  /** Uniform in [0, 1). */
  readonly number: () => number;
}

export function createChance(seed: number): Chance {
  const { number } = createSeededRandomness(seed);
  const between = (low: number, high: number) => low + Math.floor(number() * (high - low + 1));
  return {
    number,
    between,
    hits: (probability) => number() < probability,
    pick<T>(from: readonly T[]): T {
      const found = from[between(0, from.length - 1)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    },
  };
}
