import { randomBytes } from 'node:crypto';
import type { Clock, Randomness } from '../../ports/clock.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const systemRandomness: Randomness = {
  token: (bytes) => randomBytes(bytes).toString('base64url'),
  number: () => Math.random(),
};
