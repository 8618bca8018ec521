import type { Summary } from './figures.ts';

/** By subject, workload and name; a lookup of what was not measured gives undefined. */
export type Cells = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Summary>>>>>>;

export type Verdict = 'stretch' | 'must' | 'no' | 'not measured';

/** One line of the table of targets. */
export interface Target {
  readonly id: string;
  readonly what: string;
  readonly unit: 'x' | 's' | 'ms' | 'KiB';
  /** Whether more or less is wanted. */
  readonly wanted: 'at least' | 'at most';
  readonly must: number | null;
  readonly stretch: number | null;
  readonly value: number | null;
  /** The same beside the variant that gathers ops like Concord's client does. */
  readonly besideGathering: number | null;
  readonly verdict: Verdict;
}

export function verdictOf(
  value: number | null,
  wanted: Target['wanted'],
  must: number | null,
  stretch: number | null,
): Verdict {
  if (value === null) return 'not measured';
  const reaches = (bound: number | null) =>
    bound !== null && (wanted === 'at least' ? value >= bound : value <= bound);
  if (reaches(stretch)) return 'stretch';
  return reaches(must) ? 'must' : 'no';
}

/** The targets' lines from the medians. `syncMs`: what the disk takes for one. */
export function targetsOf(cells: Cells, syncMs: number | null): Target[] {
  const at = (subject: string, workload: string, figure: string): number | null =>
    cells[subject]?.[workload]?.[figure]?.median ?? null;
  const concord = (workload: string, figure: string) => at('concord', workload, figure);

  function line(
    id: string,
    what: string,
    unit: Target['unit'],
    wanted: Target['wanted'],
    [must, stretch]: readonly [number | null, number | null],
    value: number | null,
    besideGathering: number | null = null,
  ): Target {
    return {
      id,
      what,
      unit,
      wanted,
      must,
      stretch,
      value,
      besideGathering,
      verdict: verdictOf(value, wanted, must, stretch),
    };
  }
  function beside(
    id: string,
    what: string,
    wanted: Target['wanted'],
    bounds: readonly [number | null, number | null],
    [workload, figure]: readonly [string, string],
    other: string,
    otherWorkload = workload,
  ): Target {
    const ratio = (subject: string) => over(concord(workload, figure), at(subject, otherWorkload, figure));
    return line(id, what, 'x', wanted, bounds, ratio(other), ratio(`${other}-batch`));
  }

  const rate = ['B 4000', 'opsPerS'] as const;
  const cpu = (workload: string) => [workload, 'cpuPer100k'] as const;
  return [
    beside(
      'T1',
      'durable acknowledged ops/s over uWebSockets.js, not durable',
      'at least',
      [0.45, 0.65],
      rate,
      'uws',
    ),
    beside('T2', '… over Socket.IO, not durable', 'at least', [3, 4.5], rate, 'sio'),
    beside('T3', '… over Hocuspocus, in memory', 'at least', [4, 6], rate, 'hocuspocus'),
    beside('T3', '… over Colyseus, in memory', 'at least', [2.3, 3.5], rate, 'colyseus'),
    beside('T3', '… over ShareDB, in memory (at 400)', 'at least', [20, 35], rate, 'sharedb', 'B 400'),
    line(
      'T4',
      'CPU per 10k durable acknowledged ops',
      's',
      'at most',
      [0.2, 0.13],
      concord('B 4000', 'cpuPer10k'),
    ),
    beside('T4', '… over uWebSockets.js', 'at most', [2, 1.4], ['B 4000', 'cpuPer10k'], 'uws'),
    line(
      'T5',
      'commits that share a sync over one sync each, same store',
      'x',
      'at least',
      [8, 15],
      over(at('store', 'grouped', 'perS'), at('store', 'one by one', 'perS')),
    ),
    beside(
      'T6',
      'CPU per delivery, 20x10, over uWebSockets.js',
      'at most',
      [1.3, 1.15],
      cpu('A 20x10 4k'),
      'uws',
    ),
    beside('T6', '… over Socket.IO', 'at most', [0.25, 0.18], cpu('A 20x10 4k'), 'sio'),
    beside(
      'T7',
      'deliveries/s gathered, 20x10, over Socket.IO',
      'at least',
      [5, 7],
      ['A 20x10 60k', 'deliveriesPerS'],
      'sio',
    ),
    beside('T7', '… 1x50', 'at least', [12, 20], ['A 1x50 60k', 'deliveriesPerS'], 'sio'),
    line('T7', '… p99 at 20x10', 'ms', 'at most', [30, null], concord('A 20x10 60k', 'p99Ms')),
    beside(
      'T8',
      'CPU per delivery at 20k/s, 20x10, over uWebSockets.js',
      'at most',
      [1.6, 1.4],
      cpu('A fixed'),
      'uws',
    ),
    beside('T8', '… over Socket.IO', 'at most', [0.9, 0.8], cpu('A fixed'), 'sio'),
    line(
      'T9',
      'acknowledgement, durable, 1k ops/s, p50 (must: 3 syncs + 0.1 ms)',
      'ms',
      'at most',
      [syncMs === null ? null : 3 * syncMs + 0.1, 0.35],
      concord('B fixed', 'p50Ms'),
    ),
    line('T9', '… p99', 'ms', 'at most', [6, 4], concord('B fixed', 'p99Ms')),
    beside(
      'T10',
      'to the others, 20k/s, 20x10, p50 over uWebSockets.js',
      'at most',
      [1.5, 1.3],
      ['A fixed', 'p50Ms'],
      'uws',
    ),
    line(
      'T11',
      'memory of an idle connection',
      'KiB',
      'at most',
      [19, 15],
      concord('C idle', 'rssKiBPerConnection'),
    ),
    beside('T11', '… over Socket.IO', 'at most', [0.77, null], ['C idle', 'rssKiBPerConnection'], 'sio'),
    beside(
      'T12',
      '500 enter at once, time over Socket.IO',
      'at most',
      [0.5, null],
      ['C storm', 'totalMs'],
      'sio',
    ),
    beside('T12', '… time over uWebSockets.js', 'at most', [null, 2], ['C storm', 'totalMs'], 'uws'),
    line('T12', '… CPU each', 'ms', 'at most', [0.35, 0.2], concord('C storm', 'cpuMsPerJoin')),
  ];
}

const over = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a / b);
