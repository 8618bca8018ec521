import { describe, expect, it } from 'vitest';
import { type SimReport, simulate } from './simulate.ts';

/** One seed to run instead of the usual ones: how a failure is replayed. */
const asked = process.env['CONCORD_SIM_SEED'];
const seeds = asked === undefined ? Array.from({ length: 20 }, (_, i) => i + 1) : [Number(asked)];
/** What twenty seeds together must have done, lest the simulation become a quiet walk. */
const faultsNeeded = [
  'bus delivery doubled',
  'bus delivery lost',
  'bus refuses events',
  'bus takes events and does not say so',
  'connection cut',
  'lease run out',
  'message doubled',
  'message lost',
  'page left and opened again',
  'server crash after a commit',
  'server crash before a commit',
  'submission withdrawn',
  'task skipped',
  'versioner crash after a reference moved',
  'versioner crash before a reference moves',
  'versioner crash between commit and acknowledgement',
];

const replay = (seed: number) => `replay: CONCORD_SIM_SEED=${seed} npx vitest run --project sim`;
const reports: SimReport[] = [];

describe('the whole system under faults', () => {
  it.each(seeds)(
    'seed %i: nothing acknowledged is lost, nobody sees too much, all agree in the end',
    async (seed) => {
      const report = await simulate(seed);
      reports.push(report);
      expect(report.broken, replay(seed)).toEqual([]);
    },
  );

  it('the same seed tells the same story', async () => {
    const seed = seeds[0]!;
    const again = await simulate(seed);
    const first = reports[0]!;
    const at = again.lines.findIndex((line, i) => line !== first.lines[i]);
    expect(again.lines[at], `line ${at} differs; ${replay(seed)}`).toBe(first.lines[at]);
    expect(again.hash, replay(seed)).toBe(first.hash);
  });

  if (asked !== undefined) return;
  it('the faults were real, and so was the work', () => {
    const faults = new Map<string, number>();
    for (const report of reports)
      for (const [name, n] of report.faults) faults.set(name, (faults.get(name) ?? 0) + n);
    expect(faultsNeeded.filter((name) => !faults.has(name))).toEqual([]);
    const sum = (key: keyof SimReport['figures']) => reports.reduce((n, { figures }) => n + figures[key], 0);
    expect(sum('finalized')).toBeGreaterThan(5 * seeds.length);
    for (const key of ['disputes', 'revisions', 'submissions', 'ops', 'seenByOthers', 'commits'] as const)
      expect(sum(key), key).toBeGreaterThan(seeds.length / 2);
  });
});
