import { describe, expect, it } from 'vitest';
import { type SimReport, simulate } from './simulate.ts';

const NODES = 3;
/** One seed to run instead of the usual ones: how a failure is replayed. */
const asked = process.env['CONCORD_SIM_SEED'];
const seeds = asked === undefined ? Array.from({ length: 5 }, (_, i) => i + 1) : [Number(asked)];

const replay = (seed: number) =>
  `replay: CONCORD_SIM_SEED=${seed} npx vitest run --project sim server/sim/several-nodes`;
const reports: SimReport[] = [];

describe('several nodes on one store, cut off from each other and killed', () => {
  it.each(seeds)(
    'seed %i: nothing acknowledged is lost, nobody sees too much, all agree in the end',
    async (seed) => {
      const report = await simulate(seed, NODES);
      reports.push(report);
      expect(report.broken, replay(seed)).toEqual([]);
    },
  );

  it('the same seed tells the same story', async () => {
    const seed = seeds[0]!;
    const again = await simulate(seed, NODES);
    const first = reports[0]!;
    const at = again.lines.findIndex((line, i) => line !== first.lines[i]);
    expect(again.lines[at], `line ${at} differs; ${replay(seed)}`).toBe(first.lines[at]);
    expect(again.hash, replay(seed)).toBe(first.hash);
  });

  if (asked !== undefined) return;
  it('the faults were real, and so was the work', () => {
    const faults = new Set(reports.flatMap((report) => [...report.faults.keys()]));
    for (const name of [
      'node cut off from the others',
      'server crash after a commit',
      'server crash before a commit',
    ])
      expect(faults).toContain(name);
    const sum = (key: keyof SimReport['figures']) => reports.reduce((n, { figures }) => n + figures[key], 0);
    expect(sum('finalized')).toBeGreaterThan(5 * seeds.length);
    for (const key of ['disputes', 'revisions', 'submissions', 'ops', 'seenByOthers', 'commits'] as const)
      expect(sum(key), key).toBeGreaterThan(seeds.length / 2);
  });
});
