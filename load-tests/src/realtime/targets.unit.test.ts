import { describe, expect, it } from 'vitest';
import { summarize } from './figures.ts';
import { type Cells, targetsOf, verdictOf } from './targets.ts';

const cell = (figures: Record<string, number>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, summarize([value])]));

const cells: Cells = {
  concord: {
    'B 4000': cell({ opsPerS: 50_000, cpuPer10k: 0.15 }),
    'B fixed': cell({ p50Ms: 0.34, p99Ms: 5 }),
    'A 20x10 4k': cell({ cpuPer100k: 0.12 }),
  },
  uws: { 'B 4000': cell({ opsPerS: 100_000, cpuPer10k: 0.1 }), 'A 20x10 4k': cell({ cpuPer100k: 0.1 }) },
  'uws-batch': { 'B 4000': cell({ opsPerS: 400_000, cpuPer10k: 0.02 }) },
  sharedb: { 'B 400': cell({ opsPerS: 2000 }) },
  store: { 'one by one': cell({ perS: 5000 }), grouped: cell({ perS: 30_000 }) },
};

describe('targets', () => {
  const rows = targetsOf(cells, 0.05);
  const row = (id: string, what: RegExp) => rows.find((one) => one.id === id && what.test(one.what))!;

  it('are ratios of medians, also beside the variant that gathers', () => {
    expect(row('T1', /uWebSockets/)).toMatchObject({ value: 0.5, besideGathering: 0.125, verdict: 'must' });
    expect(row('T4', /uWebSockets/).value).toBeCloseTo(1.5, 10);
    expect(row('T4', /uWebSockets/).verdict).toBe('must');
    expect(row('T4', /CPU/)).toMatchObject({ value: 0.15, besideGathering: null, verdict: 'must' });
    expect(row('T6', /uWebSockets/).value).toBeCloseTo(1.2, 10);
  });

  it('compare ShareDB at the window that it is measured in', () => {
    expect(row('T3', /ShareDB/)).toMatchObject({ value: 25, verdict: 'must' });
  });

  it('say what is missed and what was not measured', () => {
    expect(row('T5', /sync/)).toMatchObject({ value: 6, verdict: 'no' });
    expect(row('T2', /Socket.IO/)).toMatchObject({ value: null, verdict: 'not measured' });
  });

  it('bind the acknowledgement to what this disk takes for a sync', () => {
    expect(row('T9', /p50/)).toMatchObject({ value: 0.34, verdict: 'stretch' });
    expect(row('T9', /p50/).must).toBeCloseTo(0.25, 10);
    expect(targetsOf(cells, null).find((one) => one.id === 'T9')!.must).toBeNull();
  });

  it('are all there: T1 to T12', () => {
    expect([...new Set(rows.map((one) => one.id))]).toEqual(
      Array.from({ length: 12 }, (_, i) => `T${i + 1}`),
    );
  });

  it('are reached at their bound, in their direction', () => {
    expect(verdictOf(3, 'at least', 3, 4)).toBe('must');
    expect(verdictOf(4, 'at least', 3, 4)).toBe('stretch');
    expect(verdictOf(2.9, 'at least', 3, 4)).toBe('no');
    expect(verdictOf(2.9, 'at most', 3, 2)).toBe('must');
    expect(verdictOf(2, 'at most', null, 2)).toBe('stretch');
    expect(verdictOf(2.1, 'at most', null, 2)).toBe('no');
  });
});
