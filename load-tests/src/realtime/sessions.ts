import { setTimeout as sleep } from 'node:timers/promises';
import { type Crowd, gather, inTurns, seatsOf } from './crowd.ts';
import type { Lane, Line } from './drivers/driver.ts';
import { slope } from './figures.ts';
import { type Load, type LoadFigures, runLoad } from './load.ts';
import { cpuSeconds, machineSeconds, rssKiB } from './procfs.ts';
import type { Running, Subject } from './subjects.ts';

/** One measurement: named figures, and how much of the machine went to somebody else meanwhile. */
export interface Measured {
  readonly workload: string;
  readonly figures: Readonly<Record<string, number>>;
  /** Cores that neither the server nor the generator had while busy; above a limit the measurement is dropped. */
  readonly othersCores: number;
}

interface Shape {
  readonly rooms: number;
  readonly people: number;
}
export interface LoadPlan {
  readonly workload: string;
  readonly lane: Lane;
  readonly amount: Load['amount'];
  /** A window that a server may be spared, see `Subject.smallWindows`. */
  readonly large?: boolean;
}
/** People in rooms, and what they do one after the other. */
export interface LoadSession extends Shape {
  readonly id: string;
  readonly loads: readonly LoadPlan[];
}
interface Times {
  readonly warmupMs: number;
  readonly measureMs: number;
}

/** The most messages a second that Concord takes from a connection for long. */
const SATURATED_GAP_MS = 5;
/** What Concord's own page gathers while somebody drags. */
const CALM_GAP_MS = 16;

const fanout = ({ rooms, people }: Shape, deliveries: number): LoadPlan => ({
  workload: `A ${rooms}x${people} ${deliveries / 1000}k`,
  lane: 'relay',
  amount: {
    kind: 'saturate',
    until: 'delivered',
    window: Math.max(1, Math.round(deliveries / (people - 1) / (rooms * people))),
  },
  large: deliveries > 4000,
});
const ordered = ({ rooms, people }: Shape, ops: number): LoadPlan => ({
  workload: `B ${ops}`,
  lane: 'ops',
  amount: { kind: 'saturate', until: 'acked', window: ops / (rooms * people) },
  large: ops > 400,
});

const teams = { rooms: 20, people: 10 };
const hall = { rooms: 1, people: 50 };
const groups = { rooms: 200, people: 5 };

export const loadSessions: readonly LoadSession[] = [
  {
    id: '20x10',
    ...teams,
    loads: [
      ordered(teams, 400),
      ordered(teams, 4000),
      { workload: 'B fixed', lane: 'ops', amount: { kind: 'fixed', opsPerSecond: 1000 } },
      fanout(teams, 4000),
      fanout(teams, 60_000),
      { workload: 'A fixed', lane: 'relay', amount: { kind: 'fixed', opsPerSecond: 20_000 / 9 } },
    ],
  },
  { id: '1x50', ...hall, loads: [fanout(hall, 4000), fanout(hall, 60_000)] },
  { id: '200x5', ...groups, loads: [fanout(groups, 4000), fanout(groups, 60_000)] },
];

/** Notes what the server, the generator and everybody else use between `begin` and `end`. */
export function createMeter(pids: readonly number[]) {
  const now = () => ({
    at: performance.now(),
    server: pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
    generator: cpuSeconds(process.pid),
    ...machineSeconds(),
  });
  let from = now();
  let to = from;
  return {
    begin: () => {
      from = now();
    },
    end: () => {
      to = now();
    },
    figures() {
      const seconds = (to.at - from.at) / 1000;
      const server = to.server - from.server;
      const generator = to.generator - from.generator;
      const all = to.busy - from.busy + to.stolen - from.stolen;
      return {
        seconds,
        server,
        serverCores: server / seconds,
        generatorCores: generator / seconds,
        othersCores: Math.max(0, all - server - generator) / seconds,
      };
    },
  };
}

function figuresOf(
  plan: LoadPlan,
  load: LoadFigures,
  cpu: ReturnType<ReturnType<typeof createMeter>['figures']>,
) {
  const shared = {
    serverCores: cpu.serverCores,
    generatorCores: cpu.generatorCores,
    opsPerMessage: load.opsPerMessage,
    leftOut: load.leftOut,
  };
  if (plan.lane === 'ops')
    return {
      opsPerS: load.acks / load.seconds,
      cpuPer10k: (cpu.server / load.acks) * 1e4,
      p50Ms: load.ackMs.p50,
      p99Ms: load.ackMs.p99,
      deliveryP50Ms: load.deliveryMs.p50,
      ...shared,
    };
  return {
    deliveriesPerS: load.deliveries / load.seconds,
    cpuPer100k: (cpu.server / load.deliveries) * 1e5,
    p50Ms: load.deliveryMs.p50,
    p99Ms: load.deliveryMs.p99,
    ...shared,
  };
}

/** Starts the server, lets everybody in, and runs these loads one after the other in the same process. */
export async function runLoads(
  subject: Subject,
  session: LoadSession,
  times: Times,
  seed: number,
): Promise<Measured[]> {
  const running = await subject.start({ rooms: session.rooms, objects: 0, boxes: 1 });
  try {
    const crowd = await gather(running.driver, session.rooms, session.people);
    try {
      await running.driver.begin(crowd.lines);
      const measured: Measured[] = [];
      for (const plan of session.loads) {
        if (plan.large === true && subject.smallWindows) continue;
        measured.push(await runPlan(running, crowd, plan, times, seed));
      }
      return measured;
    } finally {
      crowd.close();
    }
  } finally {
    await running.stop();
  }
}

async function runPlan(
  running: Running,
  crowd: Crowd,
  plan: LoadPlan,
  times: Times,
  seed: number,
): Promise<Measured> {
  const meter = createMeter(running.pids);
  const gapMs = plan.amount.kind === 'saturate' ? SATURATED_GAP_MS : CALM_GAP_MS;
  const load = await runLoad(crowd, running.driver, { ...plan, ...times, gapMs, seed }, meter);
  const cpu = meter.figures();
  return {
    workload: plan.workload,
    figures: figuresOf(plan, load, cpu),
    othersCores: cpu.othersCores,
  };
}

const SETTLE_MS = 3000;

/** Connections in rooms of ten where nothing happens: what each holds, and what it took to come. */
export async function runIdle(subject: Subject, connections: number): Promise<Measured[]> {
  const rooms = connections / 10;
  const running = await subject.start({ rooms, objects: 0, boxes: 1 });
  try {
    await sleep(SETTLE_MS / 3);
    const rss = () => running.pids.reduce((sum, pid) => sum + rssKiB(pid), 0);
    const before = rss();
    const meter = createMeter(running.pids);
    meter.begin();
    const crowd = await gather(running.driver, rooms, 10);
    meter.end();
    try {
      const cpu = meter.figures();
      await sleep(SETTLE_MS);
      crowd.check();
      return [
        {
          workload: 'C idle',
          figures: {
            rssKiBPerConnection: (rss() - before) / connections,
            connectCpuMs: (cpu.server / connections) * 1000,
            connections,
          },
          othersCores: cpu.othersCores,
        },
      ];
    } finally {
      crowd.close();
    }
  } finally {
    await running.stop();
  }
}

const storm = { rooms: 10, people: 50, objects: 200, painters: 10 };

/** Everybody comes at once into rooms that hold 200 objects, for the second time: the first warms the server. */
export async function runStorm(subject: Subject): Promise<Measured[]> {
  const { rooms, people, objects, painters } = storm;
  const running = await subject.start({ rooms, objects, boxes: objects / painters });
  try {
    const painting = await gather(running.driver, rooms, people);
    await running.driver.begin(painting.lines.filter((_, author) => author % people < painters));
    painting.close();
    await sleep(1000);
    const meter = createMeter(running.pids);
    const lines: Line[] = [];
    let failure: string | null = null;
    const sink = {
      acked() {},
      delivered() {},
      failed(why: string) {
        failure ??= why;
      },
    };
    meter.begin();
    const from = performance.now();
    const seats = seatsOf(rooms, people);
    await inTurns(seats, seats.length, async (seat) => {
      lines.push(await running.driver.enter(seat, sink));
    });
    const totalMs = performance.now() - from;
    meter.end();
    const cpu = meter.figures();
    for (const line of lines) line.close();
    if (failure !== null) throw new Error(failure);
    return [
      {
        workload: 'C storm',
        figures: {
          totalMs,
          cpuMsPerJoin: (cpu.server / seats.length) * 1000,
          snapshotBytes: lines.reduce((sum, line) => sum + line.snapshotBytes, 0) / lines.length,
        },
        othersCores: cpu.othersCores,
      },
    ];
  } finally {
    await running.stop();
  }
}

/** A working day in minutes: 20 rooms of 10 at 1,000 ops/s; whether the server's memory stays where it is. */
export async function runSoak(subject: Subject, minutes: number, seed: number): Promise<Measured[]> {
  const running = await subject.start({ ...teams, objects: 0, boxes: 1 });
  try {
    const crowd = await gather(running.driver, teams.rooms, teams.people);
    await running.driver.begin(crowd.lines);
    const samples: [minute: number, kiB: number][] = [];
    const from = performance.now();
    const watch = setInterval(() => {
      const kiB = running.pids.reduce((sum, pid) => sum + rssKiB(pid), 0);
      samples.push([(performance.now() - from) / 60_000, kiB]);
    }, 1000);
    const meter = createMeter(running.pids);
    const load = await runLoad(
      crowd,
      running.driver,
      {
        lane: 'ops',
        amount: { kind: 'fixed', opsPerSecond: 1000 },
        gapMs: CALM_GAP_MS,
        warmupMs: 5000,
        measureMs: minutes * 60_000,
        seed,
      },
      meter,
    ).finally(() => clearInterval(watch));
    crowd.close();
    const cpu = meter.figures();
    // The first half fills caches and young generations; what still grows in the second is a leak, or looks like one.
    const late = samples.slice(samples.length >> 1);
    return [
      {
        workload: 'C soak',
        figures: {
          minutes,
          opsPerS: load.acks / load.seconds,
          cpuPer10k: (cpu.server / load.acks) * 1e4,
          p50Ms: load.ackMs.p50,
          p99Ms: load.ackMs.p99,
          rssStartMiB: samples[0]![1] / 1024,
          rssEndMiB: samples.at(-1)![1] / 1024,
          rssKiBPerMinute: slope(late),
          leftOut: load.leftOut,
        },
        othersCores: cpu.othersCores,
      },
    ];
  } finally {
    await running.stop();
  }
}
