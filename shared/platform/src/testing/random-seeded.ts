import type { Randomness } from '../ports/clock.ts';

/** The same numbers and tokens for the same seed (mulberry32). For tests only: its tokens can be guessed. */
export function createSeededRandomness(seed: number): Randomness {
  let state = seed >>> 0;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    number,
    token: (bytes) =>
      Buffer.from(Uint8Array.from({ length: bytes }, () => Math.floor(number() * 256))).toString('base64url'),
  };
}
