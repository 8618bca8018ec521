import { describe, expect, it } from 'vitest';
import { digits, range, slope, summarize } from './figures.ts';

describe('figures', () => {
  it('are medians with their ends', () => {
    expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, n: 3 });
    expect(summarize([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4, n: 4 });
    expect(summarize([10, 9])).toEqual({ median: 9.5, min: 9, max: 10, n: 2 });
  });

  it('show three digits that count', () => {
    expect([0, 0.04567, 0.5, 1.234, 12.34, 123.4, 1234].map((value) => digits(value))).toEqual([
      '0',
      '0.0457',
      '0.5',
      '1.23',
      '12.3',
      '123',
      '1234',
    ]);
    expect([950, 66_700, 3_400_000].map((value) => digits(value, true))).toEqual(['950', '66.7 k', '3.40 M']);
    expect(digits(Number.NaN)).toBe('–');
  });

  it('show a range only where there is one', () => {
    expect(range(undefined)).toBe('–');
    expect(range(summarize([2]))).toBe('2.00');
    expect(range(summarize([1000, 2000, 4000]), true)).toBe('2.00 k [1.00 k..4.00 k]');
  });

  it('know how steeply something grows', () => {
    expect(slope([0, 1, 2, 3].map((x) => [x, 5 + 2 * x]))).toBeCloseTo(2, 10);
    expect(slope([0, 1, 2, 3].map((x) => [x, x % 2]))).toBeCloseTo(0.2, 10);
  });
});
