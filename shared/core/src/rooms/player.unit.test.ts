import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyAll, emptyRoom } from './apply.ts';
import { createPlayer } from './player.ts';
import { randomLog } from './testing/random-ops.ts';

const picker = (numbers: readonly number[]) => {
  let i = 0;
  return (n: number) => (numbers[i++ % numbers.length]! + i) % n;
};
const logs = fc
  .tuple(fc.array(fc.nat(1_000_000), { minLength: 60, maxLength: 400 }), fc.integer({ min: 0, max: 90 }))
  .map(([numbers, length]) => randomLog(picker(numbers), length));

it('[RM37] seeking in any order gives what the entries up to there give', () => {
  fc.assert(
    fc.property(
      logs,
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.integer({ min: -5, max: 100 }), { maxLength: 30 }),
      (log, every, places) => {
        const player = createPlayer(log, every);
        for (const place of places) {
          const seq = Math.min(log.length, Math.max(0, place));
          expect(player.at(place)).toEqual(applyAll(emptyRoom, log.slice(0, seq)));
        }
      },
    ),
  );
});

it('[RM37] in a log of 10,000 entries a jump reads at most 256 of them, and a step forward one', () => {
  const log = randomLog(picker([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9]), 10_000);
  let read = 0;
  const counted = new Proxy(log, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) read += 1;
      return Reflect.get(target, key) as unknown;
    },
  });
  const player = createPlayer(counted);
  player.at(10_000);
  for (const place of [5_000, 9_999, 255, 256, 257, 7_777, 1]) {
    read = 0;
    player.at(place);
    expect(read).toBeLessThanOrEqual(256);
  }
  player.at(4_000);
  read = 0;
  player.at(4_001);
  expect(read).toBe(1);
});
