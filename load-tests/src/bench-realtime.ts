/**
 * Live rooms of Concord beside other servers, in one run on this machine: `npm run bench -- --help`.
 * Writes figures-realtime.json and figures-realtime.md; prints the table of targets.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import { machine, spread } from './measure.ts';
import { runCampaign, type Session } from './realtime/campaign.ts';
import { buildWorld, built, type ConcordWorld } from './realtime/concord-world.ts';
import { runIdle, runSoak, runStorm } from './realtime/connection-sessions.ts';
import { digits, type Summary, summarize } from './realtime/figures.ts';
import { loadsFor, runLoads } from './realtime/load-sessions.ts';
import { pageOf, type Report } from './realtime/page.ts';
import { peersFolder, root, workFolder } from './realtime/places.ts';
import { waitForQuiet } from './realtime/procfs.ts';
import { summarizeProfiles } from './realtime/profile.ts';
import { type Selection, select } from './realtime/selection.ts';
import { measureStore, probeSyncs } from './realtime/store-alone.ts';
import { concordSubject, peerSubjects, type Subject } from './realtime/subjects.ts';
import { targetsOf } from './realtime/targets.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    out: { type: 'string' },
    repetitions: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string' },
    'soak-minutes': { type: 'string' },
    protocol: { type: 'string', default: String(PROTOCOL_VERSION) },
    seed: { type: 'string', default: '7300' },
    patience: { type: 'string', default: '0' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const help = `npm run bench -- [options]
  --quick            about 3 minutes: Concord, uWebSockets.js and Socket.IO, fewer workloads
  --only A,B,…       only these servers and sessions, by id; of a kind that is not named, all
                     servers: concord uws uws-batch ws sio sio-batch sio-uws sio-uws-batch hocuspocus sharedb colyseus colyseus-batch
                     sessions: 20x10 1x50 200x5 idle storm store soak; or one load of a session, such as "B 4000"
  --out FOLDER       where the JSON and the page go (docs; with --quick, --only or --profile: load-tests/results)
  --repetitions N    undisturbed measurements of each (3; quick: 2)
  --seconds N        measured part of a load (1.5; quick: 1)
  --connections N    idle connections (5000; quick: 1000)
  --soak-minutes N   (3; quick: no soak)
  --protocol N       Concord's socket protocol (${PROTOCOL_VERSION})
  --profile FOLDER   runs Concord under --cpu-prof and prints where its time goes
  --patience N       waits up to so many seconds before each measurement for a machine that does nothing else (0)
  --seed N           (7300)
`;

const quick = options.quick;
const seed = Number(options.seed);
const protocol = options.protocol === '1' ? 1 : 2;
const repetitions = Number(options.repetitions ?? (quick ? 2 : 3));
const times = { warmupMs: 500, measureMs: Number(options.seconds ?? (quick ? 1 : 1.5)) * 1000 };
const connections = Number(options.connections ?? (quick ? 1000 : 5000));
const soakMinutes = Number(options['soak-minutes'] ?? (quick ? 0 : 3));
const only = options.only.split(',').filter((name) => name !== '');
const whole = !quick && only.length === 0 && options.profile === undefined;
const out = resolve(options.out ?? join(root, whole ? 'docs' : 'load-tests/results'));
const say = (line: string) => console.error(line);

function sessionsOf({ loads, others }: Selection): Session[] {
  const once = (workload: string) => (subject: Subject) => (subject.isVariant ? [] : [workload]);
  const idle: Session = {
    id: 'idle',
    workloads: once('C idle'),
    run: (subject) => runIdle(subject, connections),
  };
  const storm: Session = { id: 'storm', workloads: once('C storm'), run: runStorm };
  return [
    ...loads.map((session): Session => {
      const having = (subject: Subject) => loadsFor(subject, session.loads);
      return {
        id: session.id,
        workloads: (subject) => having(subject).map(({ workload }) => workload),
        run: (subject, wanted) => {
          const now = having(subject).filter(({ workload }) => wanted.includes(workload));
          return runLoads(subject, { ...session, loads: now }, times, seed);
        },
      };
    }),
    ...(others.includes('idle') ? [idle] : []),
    ...(others.includes('storm') ? [storm] : []),
  ];
}

let world: Promise<ConcordWorld> | undefined;
const size = { users: quick ? 500 : 1000, tasks: Math.max(200, connections / 10), people: 50 };
const profiled =
  options.profile === undefined
    ? built
    : { ...built, server: ['--cpu-prof', `--cpu-prof-dir=${resolve(options.profile)}`, ...built.server] };

async function measureStoreAlone(): Promise<Record<string, Record<string, Summary>>> {
  const rates = { 'one by one': [] as number[], grouped: [] as number[] };
  for (let i = 0; i < repetitions; i++)
    for (const how of ['one by one', 'grouped'] as const)
      rates[how].push(await measureStore(how, times.measureMs / 1000, seed));
  return {
    'one by one': { perS: summarize(rates['one by one']) },
    grouped: { perS: summarize(rates.grouped) },
  };
}

function versions(): Record<string, string> {
  const of = (name: string) =>
    (
      JSON.parse(readFileSync(join(peersFolder, 'node_modules', name, 'package.json'), 'utf8')) as {
        version: string;
      }
    ).version;
  const sio = of('socket.io');
  const uws = of('uWebSockets.js');
  return {
    concord: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
    uws: `${uws} (npm build, unofficial)`,
    ws: `${of('ws')}, bufferutil ${of('bufferutil')}`,
    sio,
    'sio-uws': `${sio}, uWS ${uws}`,
    hocuspocus: `${of('@hocuspocus/server')}, yjs ${of('yjs')}`,
    sharedb: `${of('sharedb')}, json0`,
    colyseus: of('@colyseus/core'),
  };
}

async function syncsOf(times: number): Promise<{ p50: number; p99: number }> {
  const { p50, p99 } = spread(await probeSyncs(times));
  return { p50, p99 };
}

async function main(): Promise<void> {
  mkdirSync(workFolder, { recursive: true });
  const concord = concordSubject({
    build: profiled,
    protocol,
    seed,
    world: () => {
      world ??= buildWorld(built, size);
      return world;
    },
  });
  const all = [concord, ...peerSubjects(seed)];
  const inReach = quick ? all.filter(({ id }) => ['concord', 'uws', 'sio'].includes(id)) : all;
  const selection = select(
    only,
    quick,
    all.map(({ id }) => id),
  );
  const named = all.filter(({ id }) => selection.servers.includes(id));
  const subjects = options.profile !== undefined ? [concord] : named.length > 0 ? named : inReach;

  const disk = async () => (await syncsOf(40)).p50;
  const syncMs = await syncsOf(400);
  const passes = quick || options.profile !== undefined ? repetitions : repetitions * 2;
  const quiet = () => waitForQuiet(Number(options.patience) * 1000);
  const campaign = await runCampaign(
    subjects,
    sessionsOf(selection),
    { repetitions, passes, disk, quiet },
    say,
  );
  const cells = { ...campaign.cells };
  await quiet();
  const has = (name: Selection['others'][number]) =>
    selection.others.includes(name) && subjects.includes(concord);
  if (has('store')) cells['store'] = await measureStoreAlone();
  if (has('soak') && soakMinutes > 0) {
    say(`soak of ${soakMinutes} minutes`);
    for (const { workload, figures } of await runSoak(concord, soakMinutes, seed))
      cells['concord'] = {
        ...cells['concord'],
        [workload]: Object.fromEntries(
          Object.entries(figures).map(([name, value]) => [name, summarize([value])]),
        ),
      };
  }

  const report: Report = {
    at: new Date().toISOString(),
    command: ['npm run bench', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
      ' ',
    ),
    machine,
    versions: versions(),
    seed,
    protocol,
    repetitions,
    ...times,
    syncMs,
    measurements: campaign.runs.length,
    dropped: campaign.runs.filter((run) => run.dropped).length,
    disturbed: campaign.disturbed,
    failures: campaign.failures,
    subjects: subjects.map(({ id, title, durable, batching }) => ({ id, title, durable, batching })),
    cells,
    targets: targetsOf(cells, syncMs.p50),
  };
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'figures-realtime.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(join(out, 'figures-realtime.md'), pageOf(report));
  for (const { id, what, value, unit, verdict } of report.targets)
    console.log(
      `${id.padEnd(4)} ${verdict.padEnd(12)} ${value === null ? '–' : `${digits(value)} ${unit}`}  ${what}`,
    );
  console.log(
    `${report.dropped} of ${report.measurements} measurements dropped. ${join(out, 'figures-realtime.md')}`,
  );
  if (options.profile !== undefined) console.log(summarizeProfiles(resolve(options.profile)));
  if (campaign.failures.length > 0) process.exitCode = 1;
}

process.on('exit', () => rmSync(workFolder, { recursive: true, force: true, maxRetries: 5 }));
if (options.help) console.log(help);
else await main();
