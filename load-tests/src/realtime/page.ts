import { digits, range, type Summary } from './figures.ts';
import type { Cells, Target } from './targets.ts';

/** All that was measured, as it is written as JSON and shown as a page. */
export interface Report {
  readonly at: string;
  readonly command: string;
  readonly machine: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    readonly platform: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly protocol: number;
  readonly repetitions: number;
  readonly measureMs: number;
  readonly warmupMs: number;
  readonly syncMs: { readonly p50: number; readonly p99: number };
  readonly measurements: number;
  readonly dropped: number;
  readonly disturbed: readonly string[];
  readonly failures: readonly string[];
  readonly subjects: readonly {
    readonly id: string;
    readonly title: string;
    readonly durable: boolean;
    readonly batching: string;
  }[];
  readonly cells: Cells;
  readonly targets: readonly Target[];
}

type Column = readonly [title: string, workload: string, figure: string];

export function pageOf(report: Report): string {
  const { cells, subjects } = report;
  const shown = (subject: string, [, workload, figure]: Column): string => {
    const summary: Summary | undefined = cells[subject]?.[workload]?.[figure];
    return range(summary, figure.endsWith('PerS'));
  };
  function table(columns: readonly Column[]): string {
    const rows = subjects.filter(({ id }) => columns.some(([, workload]) => cells[id]?.[workload]));
    return grid(
      ['server', ...columns.map(([title]) => title)],
      rows.map(({ id, title }) => [
        id === 'concord' ? `**${title}**` : title,
        ...columns.map((column) => shown(id, column)),
      ]),
    );
  }
  const shapes = ['1x50', '20x10', '200x5'];
  const fan = (window: string) => [
    ...shapes.map((shape): Column => [`${shape} deliveries/s`, `A ${shape} ${window}`, 'deliveriesPerS']),
    ...shapes.map((shape): Column => [`CPU-s/100k ${shape}`, `A ${shape} ${window}`, 'cpuPer100k']),
  ];
  const ordered = (workload: string): Column[] => [
    ['ops/s', workload, 'opsPerS'],
    ['CPU-s/10k', workload, 'cpuPer10k'],
    ['ack p50, ms', workload, 'p50Ms'],
    ['ack p99, ms', workload, 'p99Ms'],
    ['ops a message', workload, 'opsPerMessage'],
    ['server, cores', workload, 'serverCores'],
    ['generator, cores', workload, 'generatorCores'],
  ];
  const soak = cells['concord']?.['C soak'];
  const sections = [
    '# Live rooms beside other servers: figures',
    `Written by \`${report.command}\`; change nothing by hand. Medians [least..most] of ${report.repetitions} repetitions.`,
    facts(report),
    '## Targets',
    grid(
      ['', 'what', 'must', 'stretch', 'here', 'beside one that gathers too', 'reached'],
      report.targets.map((target) => [
        target.id,
        target.what,
        bound(target, target.must),
        bound(target, target.stretch),
        target.value === null ? '–' : `${digits(target.value)} ${target.unit}`,
        target.besideGathering === null ? '' : `${digits(target.besideGathering)} ${target.unit}`,
        target.verdict,
      ]),
    ),
    'T1 to T3 are at 4,000 ops outstanding. "Beside one that gathers too": the other server gets and passes on several ops in a message, as Concord does.',
    '## Who is measured',
    grid(
      ['server', 'version', 'its acknowledgement means', 'what travels together'],
      subjects.map(({ id, title, durable, batching }) => [
        title,
        report.versions[id.replace(/-batch$/, '')] ?? '',
        durable ? 'on disk, synced' : 'in memory',
        batching,
      ]),
    ),
    howTo,
    '## A. To the others in the room',
    'An op reaches the 49, 9 or 4 others. Concord writes each to its log first, all others only pass it on (Hocuspocus and ShareDB keep it in their document in memory). 4,000 deliveries outstanding:',
    table(fan('4k')),
    '60,000 deliveries outstanding:',
    table(fan('60k')),
    '20 rooms of 10 at a fixed 20,000 deliveries/s, times from when an op was due:',
    table([
      ['deliveries/s', 'A fixed', 'deliveriesPerS'],
      ['CPU-s/100k', 'A fixed', 'cpuPer100k'],
      ['p50, ms', 'A fixed', 'p50Ms'],
      ['p99, ms', 'A fixed', 'p99Ms'],
    ]),
    '## B. Numbered, acknowledged ops',
    '20 rooms of 10; 400 ops outstanding:',
    table(ordered('B 400')),
    '4,000 outstanding:',
    table(ordered('B 4000')),
    'A fixed 1,000 ops/s:',
    table(ordered('B fixed').slice(0, 4)),
    '## C. Connections',
    'Idle ones in rooms of ten; and 500 that enter ten rooms of 200 objects at once, for the second time. Memory is RSS without a forced collection; buffers in the kernel are not in it.',
    table([
      ['connections', 'C idle', 'connections'],
      ['KiB each', 'C idle', 'rssKiBPerConnection'],
      ['CPU-ms to enter', 'C idle', 'connectCpuMs'],
      ['500 enter, ms', 'C storm', 'totalMs'],
      ['CPU-ms each', 'C storm', 'cpuMsPerJoin'],
      ['bytes each gets', 'C storm', 'snapshotBytes'],
    ]),
    ...(soak === undefined
      ? []
      : [
          `A soak of ${digits(soak['minutes']!.median)} minutes at 1,000 ops/s, 20 rooms of 10, while ${digits(soak['visits']!.median)} others came and went: ${digits(soak['rssStartMiB']!.median)} MiB at its start, ` +
            `${digits(soak['rssEndMiB']!.median)} MiB at its end, ${digits(soak['rssKiBPerMinute']!.median)} KiB a minute in its second half ` +
            `(least squares); ack p50 ${digits(soak['p50Ms']!.median)} ms, p99 ${digits(soak['p99Ms']!.median)} ms.`,
        ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function facts(report: Report): string {
  const { machine, syncMs } = report;
  const lines = [
    `- ${report.at.slice(0, 10)}; ${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}; all on 127.0.0.1, no TLS, no compression.`,
    `- Each load runs ${report.warmupMs / 1000} s to warm up and ${report.measureMs / 1000} s measured; seed ${report.seed}; Concord's socket protocol ${report.protocol}.`,
    `- A sync of 4 KiB to this disk: p50 ${digits(syncMs.p50)} ms, p99 ${digits(syncMs.p99)} ms.`,
    `- ${report.dropped} of ${report.measurements} measurements were dropped, since something else had more than 0.2 cores meanwhile, or (Concord) the disk took three times its best for a sync before or after.`,
  ];
  if (report.disturbed.length > 0)
    lines.push(
      `- Of these nothing undisturbed is there, and what is shown is disturbed: ${report.disturbed.join('; ')}.`,
    );
  if (report.failures.length > 0) lines.push(`- Failed: ${report.failures.join('; ')}.`);
  return lines.join('\n');
}

const howTo = `How it is done, and whom it is kind to:

- One generator in one process speaks every server's own protocol over bare TCP: websocket frames under a zero mask, ops found by
  their bytes. No official client is in the path. It counts every acknowledgement and every delivery, and a load ends only when
  all that was sent has arrived everywhere. A test, not this page, looks at content and order.
- An op is a box that moves, about 191 B of JSON. A delivery is one op seen by one *other* person; what comes back to its author
  counts for nothing.
- CPU seconds are those of the server's process, all threads, from the scheduler. They decide; rates confirm. Where the server
  used well under a core, the window, the generator or (Concord) the disk was the limit.
- Everybody has the same number of ops outstanding per author. Those who gather send all that came up since their last message, at
  most 200 messages a second (what Concord takes from a connection) under saturation and every 16 ms (what its page does) at fixed
  rates; so a batch is what the window allows, see "ops a message". Those who do not gather send each op at once.
- At fixed rates the generator turns round and round to be on time and fills a core; on two cores a server with several threads
  (Concord: sockets, disk, V8's own) shares the other.
- Kind to the servers beside Concord: nothing is durable, nobody signs in, ops are not checked against anything. Kind to Concord:
  lines that do not gather, beside which it saves frames; therefore the lines that do. Kind to Hocuspocus: no storage hooks; each
  author sets 64 keys in turn, since a value overwritten in the same transaction would not be passed on. Kind to ShareDB: clients of
  a room share the newest version number and leave out what was there before; it is left out of the larger windows, where every
  op that is behind makes the next one dearer. Kind to uWebSockets.js and ws: what a newcomer gets is encoded once.
- Concord runs as \`npm start\` runs it (without its two workers), on an empty data folder with accounts, keys and an open
  project of pictures; everybody claims the task and draws a box on a layer of their own, then moves it.`;

function bound(target: Target, value: number | null): string {
  if (value === null) return '';
  return `${target.wanted === 'at least' ? '≥' : '≤'} ${digits(value)} ${target.unit}`;
}

function grid(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
