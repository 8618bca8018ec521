import { randomBytes, randomFillSync } from 'node:crypto';
import type { Clock, Randomness } from '../../ports/clock.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** A call into the system's generator costs the same for one byte as for thousands. Every byte is used once. */
const pool = Buffer.allocUnsafe(4096);
let used = pool.length;

function unusedBytes(count: number): Buffer {
  if (count > pool.length) return randomBytes(count);
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

export const systemRandomness: Randomness = {
  token: (bytes) => unusedBytes(bytes).toString('base64url'),
  number: () => Math.random(),
};
