import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaMass, betaQuantile } from './beta.ts';
import { chanceAbove, reliability, voteWeight } from './reliability.ts';

describe('reliability', () => {
  it('[CO40] nothing known is 0.5 with the whole range open', () => {
    const { mean, interval } = reliability(0, 0);
    expect(mean).toBe(0.5);
    expect(interval[0]).toBeCloseTo(0.025, 12);
    expect(interval[1]).toBeCloseTo(0.975, 12);
  });

  it('[CO40] the interval holds the mean and closes in as work settles', () => {
    fc.assert(
      fc.property(fc.nat({ max: 500 }), fc.nat({ max: 500 }), (right, wrong) => {
        const few = reliability(right, right + wrong);
        const many = reliability(right * 4, (right + wrong) * 4);
        expect(few.interval[0]).toBeLessThan(few.mean);
        expect(few.interval[1]).toBeGreaterThan(few.mean);
        if (right + wrong > 0)
          expect(many.interval[1] - many.interval[0]).toBeLessThan(few.interval[1] - few.interval[0]);
      }),
    );
  });

  it('[CO40] a quantile is where its mass lies', () => {
    const shape = fc.double({ min: 0.5, max: 300, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), shape, shape, (mass, a, b) => {
        expect(betaMass(betaQuantile(mass, a, b), a, b)).toBeCloseTo(mass, 9);
        expect(betaMass(0.3, a, b)).toBeCloseTo(1 - betaMass(0.7, b, a), 9);
      }),
    );
  });

  it('the chance to be above a bar falls with every mistake', () => {
    expect(chanceAbove(0.7, 0, 0)).toBeCloseTo(0.3, 12);
    expect(chanceAbove(0.7, 8, 10)).toBeGreaterThan(chanceAbove(0.7, 8, 11));
  });

  it('[CO41] a newcomer weighs as 4 of 5; experience moves it to the share of right answers', () => {
    expect(voteWeight(0, 0)).toBe(0.8);
    expect(voteWeight(995, 995)).toBeGreaterThan(0.99);
    expect(voteWeight(100, 1000)).toBeLessThan(0.11);
  });
});
