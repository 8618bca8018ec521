import { type Crowd, gather } from './crowd.ts';
import type { Lane } from './drivers/driver.ts';
import { type Load, type LoadFigures, runLoad } from './load.ts';
import { createMeter, type Measured, type Usage } from './meter.ts';
import type { Running, Subject } from './subjects.ts';

export interface Shape {
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
export const CALM_GAP_MS = 16;

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

export const teams = { rooms: 20, people: 10 };
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

function figuresOf(plan: LoadPlan, load: LoadFigures, cpu: Usage) {
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

export const loadsFor = (subject: Subject, loads: readonly LoadPlan[]): readonly LoadPlan[] =>
  loads.filter((plan) => plan.large !== true || !subject.smallWindows);

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
      for (const plan of session.loads) measured.push(await runPlan(running, crowd, plan, times, seed));
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
