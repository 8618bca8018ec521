import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHistogram } from './histogram.ts';

describe('a histogram of times', () => {
  it('tells shares of all within 2.2 % above the true ones', () => {
    const times = fc.array(fc.double({ min: 0.002, max: 100_000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (samples, share) => {
        const histogram = createHistogram();
        for (const sample of samples) histogram.record(sample);
        const sorted = [...samples].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
        const told = histogram.at(share);
        expect(told / exact).toBeGreaterThan(0.999_999);
        expect(told / exact).toBeLessThan(1.022);
      }),
    );
  });

  it('begins anew, and says nothing of nothing', () => {
    const histogram = createHistogram();
    histogram.record(5);
    expect(histogram.count()).toBe(1);
    histogram.clear();
    expect(histogram.count()).toBe(0);
    expect(histogram.at(0.5)).toBeNaN();
  });

  it('keeps what is out of its range at its ends', () => {
    const histogram = createHistogram();
    histogram.record(0);
    expect(histogram.at(1)).toBe(0.001);
    histogram.record(1e12);
    expect(histogram.at(1)).toBeGreaterThan(900_000);
  });
});
