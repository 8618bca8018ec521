import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../records/json.ts';
import { jsonWithin } from './json-size.ts';

it('takes what is short, refuses what is long, within a factor of the text itself', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const length = JSON.stringify(value).length;
      expect(jsonWithin(value as Json, length * 4 + 8)).toBe(true);
      expect(jsonWithin(value as Json, Math.floor(length / 8) - 8)).toBe(false);
    }),
  );
});

it('stops at the limit, however much there is', () => {
  let read = 0;
  const items = Array.from({ length: 1000 }, (_, i) => i);
  const counted = new Proxy(items, {
    get: (target, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) read += 1;
      return Reflect.get(target, key) as unknown;
    },
  });
  expect(jsonWithin(counted as Json, 100)).toBe(false);
  expect(read).toBeLessThan(40);
  expect(jsonWithin('x'.repeat(99), 100)).toBe(false);
  expect(jsonWithin('x'.repeat(98), 100)).toBe(true);
});
