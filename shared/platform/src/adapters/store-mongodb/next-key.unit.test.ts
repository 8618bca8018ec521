import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextKey } from './next-key.ts';

it('follows a number, and nothing lies between', () => {
  const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer());
  fc.assert(
    fc.property(number, number, (a, b) => {
      const after = Number(nextKey(a));
      expect(after).toBeGreaterThan(a);
      if (b > a) expect(b).toBeGreaterThanOrEqual(after);
    }),
    {
      examples: [
        [0, 5e-324],
        [-0, 5e-324],
        [-5e-324, 0],
        [-1, -0.5],
        [7, 8],
      ],
    },
  );
});

it('follows a text, and nothing lies between, by their bytes', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const [before, after, other] = [a, String(nextKey(a)), b].map((each) => Buffer.from(each));
      expect(Buffer.compare(after!, before!)).toBe(1);
      if (Buffer.compare(other!, before!) > 0)
        expect(Buffer.compare(other!, after!)).toBeGreaterThanOrEqual(0);
    }),
  );
});
