// `npx tsx load-tests/src/bench-store.ts [seconds] [runs]`: what the store takes, SQLite and MongoDB side by side on this machine's disk.
// Submission-like units and appends to room logs, many at once and one after the other. Prints one JSON object; on a machine that
// does other things too, processor time tells more than calls a second.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandomness } from '@concord/platform/adapters/clock-system/clock-system';
import { createMongoStore } from '@concord/platform/adapters/store-mongodb/store-mongodb';
import { createSqliteStore } from '@concord/platform/adapters/store-sqlite/store-sqlite';
import { silentLogger } from '@concord/platform/observability/logger';
import type { Store, Unit } from '@concord/platform/ports/store';
import { createSeededRandomness } from '@concord/platform/testing/random-seeded';
import { sampleEntry, sampleEvent, sampleTask } from '@concord/platform/testing/records';
import { startMongo } from '@concord/platform/testing/servers';
import { machine, round, spread, timeMs } from './measure.ts';

const SEED = 20_261_125;
const seconds = Number(process.argv[2] ?? 4);
const runs = Number(process.argv[3] ?? 3);
const TASKS = 2_000;
const ENTRIES_AN_APPEND = 4;

interface Opened {
  readonly store: Store;
  /** Milliseconds of processor time so far of the server beside this process; 0 where there is none. */
  serverCpuMs(): number;
  end(): Promise<void>;
}
const stores: Readonly<Record<string, () => Promise<Opened>>> = {
  async sqlite() {
    const dir = mkdtempSync(join(tmpdir(), 'concord-bench-'));
    const store = createSqliteStore({ file: join(dir, 'store.db') });
    return {
      store,
      serverCpuMs: () => 0,
      async end() {
        await store.close();
        rmSync(dir, { recursive: true, force: true });
      },
    };
  },
  async mongodb() {
    const server = await startMongo();
    const parts = { clock: systemClock, random: systemRandomness, logger: silentLogger };
    const store = await createMongoStore({ url: server.url, ...parts });
    return {
      store,
      serverCpuMs: () => cpuMsOf(server.pid()),
      async end() {
        await store.close();
        await server.stop();
      },
    };
  },
};

/** User and system time of a process, from /proc (Linux), where a tick is 10 ms. */
function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** `width` workers, each with the next call when its last was acknowledged. */
async function load(width: number, serverCpuMs: () => number, work: (worker: number) => Promise<unknown>) {
  const ownBefore = process.cpuUsage();
  const serverBefore = serverCpuMs();
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  const from = performance.now();
  await Promise.all(
    Array.from({ length: width }, async (_, worker) => {
      while (performance.now() < until) times.push(await timeMs(() => work(worker)));
    }),
  );
  const perSecond = Math.round((times.length * 1000) / (performance.now() - from));
  const { p50, p99 } = spread(times);
  const { user, system } = process.cpuUsage(ownBefore);
  const perThousand = 1000 / times.length;
  return {
    width,
    perSecond,
    ackP50Ms: round(p50),
    ackP99Ms: round(p99),
    ownCpuMsPerThousand: round(((user + system) / 1000) * perThousand),
    serverCpuMsPerThousand: round((serverCpuMs() - serverBefore) * perThousand),
  };
}

async function measure(open: () => Promise<Opened>) {
  const { store, serverCpuMs, end } = await open();
  const random = createSeededRandomness(SEED);
  const revs = new Array<number>(TASKS).fill(1);
  const seqs = new Map<string, number>();
  for (let from = 0; from < TASKS; from += 500) {
    const tasks = Array.from({ length: 500 }, (_, i) => sampleTask(from + i + 1));
    await store.commit({ writes: tasks.map((record) => ({ put: 'tasks', record, expect: 'absent' })) });
  }
  let made = 0;

  /** A task by its revision, a record that is new, counters, an event and an entry in the task's room. */
  async function submit(worker: number, width: number): Promise<void> {
    // Workers keep to tasks of their own, so that nobody is refused.
    const own = Math.floor(random.number() * Math.floor(TASKS / width)) * width + worker;
    const room = `tsk_${own}`;
    const seq = seqs.get(room) ?? 0;
    made += 1;
    const unit: Unit = {
      writes: [
        {
          put: 'tasks',
          record: sampleTask(own + 1, { submissions: revs[own] ?? 1 }),
          expect: revs[own] ?? 1,
        },
        {
          put: 'idempotency',
          record: { id: `${made}`, fingerprint: 'f', answer: null, expiresAt: made },
          expect: 'absent',
        },
      ],
      inc: Object.fromEntries(
        [
          'submissions',
          'leadMs',
          `by/${worker}`,
          `q/${own % 20}`,
          `q/${own % 7}/pair`,
          `hour/${own % 3}`,
        ].map((k) => [k, 1]),
      ),
      outbox: [sampleEvent(`e${made}`)],
      log: { room, expectedSeq: seq, entries: [sampleEntry(seq + 1)] },
    };
    await store.commit(unit);
    revs[own] = (revs[own] ?? 1) + 1;
    seqs.set(room, seq + 1);
  }
  async function append(worker: number): Promise<void> {
    const room = `log_${worker}`;
    const seq = seqs.get(room) ?? 0;
    const entries = Array.from({ length: ENTRIES_AN_APPEND }, (_, i) => sampleEntry(seq + 1 + i));
    seqs.set(room, await store.log.append(room, seq, entries));
  }
  const result = {
    units: [
      await load(1, serverCpuMs, (worker) => submit(worker, 1)),
      await load(32, serverCpuMs, (worker) => submit(worker, 32)),
      await load(200, serverCpuMs, (worker) => submit(worker, 200)),
    ],
    appends: [
      await load(1, serverCpuMs, append),
      await load(32, serverCpuMs, append),
      await load(400, serverCpuMs, append),
    ],
  };
  await end();
  return result;
}

const measured: Record<string, unknown[]> = {};
for (let run = 0; run < runs; run += 1) {
  for (const [name, open] of Object.entries(stores)) {
    measured[name] = [...(measured[name] ?? []), await measure(open)];
  }
}
process.stdout.write(
  `${JSON.stringify(
    {
      what: 'submission-like units and room-log appends, each acknowledged when it is durable',
      machine,
      seed: SEED,
      seconds,
      runs,
      entriesAnAppend: ENTRIES_AN_APPEND,
      ...measured,
    },
    null,
    1,
  )}\n`,
);
