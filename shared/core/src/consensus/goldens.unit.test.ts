import { describe, expect, it } from 'vitest';
import { goldenCases } from '../testing/golden.ts';
import { differences } from '../testing/golden-check.ts';
import { caseOps, runCase, runCases } from './quality-cases.ts';

/** How many cases each file must bring, so that a lost file or a renamed operation does not pass unseen. */
const suites = { agreement: 69, aggregation: 37, geometry: 6, spans: 8 };

describe.each(Object.entries(suites))('goldens: %s', async (suite, count) => {
  const cases = (await goldenCases(suite)).filter((one) => caseOps.includes(one.op));

  it(`has ${count} cases of operations that are built`, () => {
    expect(cases).toHaveLength(count);
  });

  it.each(cases.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    expect(differences(one.expect, runCase(one), one.tol ?? 1e-9)).toEqual([]);
  });
});

describe('cases', () => {
  it('names an unknown operation and the known ones', () => {
    expect(() => runCase({ id: 'x', op: 'astrology', input: {} })).toThrow(/astrology/);
  });

  it('names the field that does not fit', () => {
    expect(() => runCase({ id: 'x', op: 'cohen_kappa', input: { a: ['y'], labels: ['y'] } })).toThrow(
      /input: b/,
    );
  });

  it('refuses a label in a stream that is not declared', () => {
    const input = { labels: ['x'], annotators: 1, items: 1, events: [['set', 0, 0, 'y']] };
    expect(() => runCase({ id: 's', op: 'agreement_stream', input })).toThrow(/y is not a label/);
  });

  it('runs a file case by case: what cannot be run is said, the others go on', () => {
    const good = { id: 'i', op: 'interval_iou', input: { a: [0, 2], b: [1, 3] } };
    const cases = [good, { id: 'g', op: 'glad', input: {} }, 7];
    const [first, second, third] = runCases({ suite: 'mine', cases });
    expect(first).toEqual({ id: 'mine/i', output: { iou: 1 / 3 } });
    expect(second).toEqual({ id: 'mine/g', error: 'there is no operation glad' });
    expect(third).toMatchObject({ id: 'mine/case 3', error: expect.stringContaining('case') });
    expect([...runCases([good])]).toEqual([{ id: 'i', output: { iou: 1 / 3 } }]);
    expect(() => [...runCases({ hello: 1 })]).toThrow(/cases/);
  });
});
