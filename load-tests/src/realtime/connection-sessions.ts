import { setTimeout as sleep } from 'node:timers/promises';
import { gather, inTurns, seatsOf } from './crowd.ts';
import type { Line, Sink } from './drivers/driver.ts';
import { slope } from './figures.ts';
import { runLoad } from './load.ts';
import { CALM_GAP_MS, teams } from './load-sessions.ts';
import { createMeter, type Measured } from './meter.ts';
import { rssKiB } from './procfs.ts';
import type { Running, Subject } from './subjects.ts';

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

const silent: Sink = { acked() {}, delivered() {}, failed() {} };
const VISIT_MS = 100;

/** One more person in one room after the other, a moment each, until told to stop. */
function startVisits({ driver }: Running, rooms: number, firstAuthor: number): () => Promise<number> {
  let visits = 0;
  let going = true;
  const come = async () => {
    for (; going; visits++) {
      const room = visits % rooms;
      const line = await driver.enter({ author: firstAuthor + room, room }, silent);
      await sleep(VISIT_MS);
      line.close();
    }
    return visits;
  };
  const done = come();
  done.catch(() => {});
  return () => {
    going = false;
    return done;
  };
}

/** A working day in minutes: 20 rooms of 10 at 1,000 ops/s, others come and go; whether the server's memory stays where it is. */
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
    const stopVisits = startVisits(running, teams.rooms, crowd.authors);
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
    const visits = await stopVisits();
    crowd.close();
    const cpu = meter.figures();
    // The first half fills caches and young generations; what still grows in the second is a leak, or looks like one.
    const late = samples.slice(samples.length >> 1);
    return [
      {
        workload: 'C soak',
        figures: {
          minutes,
          visits,
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
