import { expect, it } from 'vitest';
import { createVirtualClock } from './clock-virtual.ts';
import { createSeededRandomness } from './random-seeded.ts';

it('runs timers in the order of their time, nested ones too, and cancels', async () => {
  const clock = createVirtualClock(1000);
  const seen: string[] = [];
  clock.after(20, () => seen.push(`b@${clock.now()}`));
  clock.after(10, () => {
    seen.push(`a@${clock.now()}`);
    clock.after(5, () => seen.push(`nested@${clock.now()}`));
  });
  const cancel = clock.after(12, () => seen.push('cancelled'));
  cancel();
  await clock.advance(19);
  expect(seen).toEqual(['a@1010', 'nested@1015']);
  await clock.advance(1);
  expect(seen.at(-1)).toBe('b@1020');
  expect(clock.now()).toBe(1020);
  expect(clock.pending()).toBe(0);
});

it('gives the same randomness for the same seed', () => {
  const one = createSeededRandomness(7);
  const two = createSeededRandomness(7);
  expect(one.token(16)).toBe(two.token(16));
  expect(one.number()).toBe(two.number());
  expect(createSeededRandomness(8).number()).not.toBe(createSeededRandomness(7).number());
});
