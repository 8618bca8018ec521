import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modalities } from '@concord/core/modalities/registry';
import type { TaskId } from '@concord/core/records/ids';
import type { Model } from '@concord/core/records/model';
import { defaultRules } from '@concord/core/records/project';
import type { Role, User } from '@concord/core/records/user';
import { anyAsset, schemaFor } from '@concord/core/testing/fixtures';
import { createSqliteBus } from '@concord/platform/adapters/bus-sqlite/bus-sqlite';
import { createSqliteStore } from '@concord/platform/adapters/store-sqlite/store-sqlite';
import { silentLogger } from '@concord/platform/observability/logger';
import { createVirtualClock } from '@concord/platform/testing/clock-virtual';
import { createSeededRandomness } from '@concord/platform/testing/random-seeded';
import { createMemoryBlobs } from './blobs-memory.ts';
import { createChance } from './chance.ts';
import { createSimFanout } from './fanout-sim.ts';
import { checkEnd, checkOverlap, checkRooms, type Found } from './invariants.ts';
import { createFollowCheck } from './invariants-nodes.ts';
import { createLedger } from './ledger.ts';
import { createLink, type Link } from './link.ts';
import { labelAlong, reviewAlong } from './people.ts';
import { type ServerLife, type ServerTrouble, startServer } from './server-life.ts';
import type { SimItem, SimWorld, Stay } from './sim-world.ts';
import { createTrace } from './trace.ts';
import { startVersioner, type VersionerTrouble } from './versioner-life.ts';
import type { Weather } from './wire.ts';

/** How a run ended. */
export interface SimReport {
  /** What does not hold; empty when all is well. */
  readonly broken: readonly string[];
  readonly hash: string;
  readonly lines: readonly string[];
  readonly faults: ReadonlyMap<string, number>;
  readonly figures: Found['figures'];
}

const ITEMS = 10;
const ANNOTATORS = 4;
const TROUBLED_MS = 90_000;
const CHECK_EVERY_MS = 1_000;
const LOOK_EVERY_MS = 30_000;
/** After this long without faults everybody must have come to an end. */
const CALM_MOST_MS = 600_000;

function person(name: string, role: Role): User {
  const facts = { name, display: name, role, active: true, passwordHash: null, color: '#336699' };
  return { id: `usr_${name}`, ...facts, createdAt: 0 };
}

/** Runs the whole system in one process under one seed: same seed, same history. */
export async function simulate(seed: number, nodes = 1): Promise<SimReport> {
  const folder = mkdtempSync(join(tmpdir(), 'concord-sim-'));
  const clock = createVirtualClock();
  const trace = createTrace(clock);
  const ledger = createLedger();
  const random = createSeededRandomness(seed * 7 + 1);
  const chance = createChance(seed * 7 + 2);
  const logger = silentLogger;
  const bus = createSqliteBus({ file: join(folder, 'bus.db'), clock, logger });
  const blobs = createMemoryBlobs();
  const broken = new Set<string>();

  const badWeather: Weather = { lost: 0.03, doubled: 0.03, cut: 0.004 };
  const badServer: ServerTrouble = { crash: 0.012, busRefuses: 0.1 };
  const badVersioner: VersionerTrouble = { lost: 0.1, doubled: 0.2, crashAfterCommit: 0.15, crashAtRef: 0.1 };
  const weather = { ...badWeather };
  const serverTrouble = { ...badServer };
  const versionerTrouble = { ...badVersioner };
  function trouble(on: boolean): void {
    const set = <T extends object>(now: T, bad: T) => {
      for (const name of Object.keys(bad) as (keyof T)[]) now[name] = on ? bad[name] : (0 as T[keyof T]);
    };
    set<Weather>(weather, badWeather);
    set<ServerTrouble>(serverTrouble, badServer);
    set<VersionerTrouble>(versionerTrouble, badVersioner);
    several?.fanout.trouble(on);
  }

  const several =
    nodes === 1
      ? null
      : {
          store: createSqliteStore({ file: join(folder, 'concord.db'), writes: 'inline' }),
          fanout: createSimFanout(clock, createChance(seed * 1000 + 400), trace),
        };
  const servers: (ServerLife | null)[] = Array.from({ length: nodes }, () => null);
  /** One of those that run, another each time. */
  let turn = 0;
  const server = (): ServerLife | null => {
    const running = servers.filter((one) => one !== null);
    turn += 1;
    return running[turn % running.length] ?? null;
  };
  let calm = false;
  function bootServer(place: number): void {
    trace.say(nodes === 1 ? 'server starts' : `server ${place} starts`);
    const made = startServer({
      on: several ?? { file: join(folder, 'concord.db') },
      clock,
      random,
      chance: createChance(chance.between(1, 1e9)),
      bus,
      blobs,
      trace,
      logger,
      trouble: serverTrouble,
      onCrash() {
        servers[place] = null;
        for (const link of links.values()) link.cut(made);
        clock.after(1, () => void made.kill());
        clock.after(chance.between(100, 2_500), () => bootServer(place));
      },
    });
    servers[place] = made;
  }
  let killVersioner: () => void = () => {};
  async function bootVersioner(): Promise<void> {
    const life = await startVersioner({
      clock,
      chance: createChance(chance.between(1, 1e9)),
      bus,
      blobs,
      trace,
      logger,
      trouble: versionerTrouble,
      onCrash: () => clock.after(chance.between(100, 3_000), () => void bootVersioner()),
    });
    killVersioner = life.kill;
  }

  const links = new Map<string, Link>();
  let held: (() => void)[] | null = null;
  const gate = async () => {
    while (held !== null) await new Promise<void>((go) => held?.push(go));
  };

  trouble(false);
  for (const place of servers.keys()) bootServer(place);
  const first = server()!;
  const annotators = Array.from({ length: ANNOTATORS }, (_, i) => person(`ann${i + 1}`, 'annotator'));
  const reviewer = person('rev', 'super-reviewer');
  for (const user of [...annotators, reviewer])
    await first.store.commit({ writes: [{ put: 'users', record: user, expect: 'absent' }] });
  const modality = modalities.get(chance.pick(['text-classification', 'text-spans', 'pairwise-preference']))!;
  const overlap = chance.pick([
    { min: 1, max: 1 },
    { min: 2, max: 2 },
    { min: 2, max: 3 },
    { min: 3, max: 4 },
  ]);
  const { record: project } = await first.projects.create(
    {
      name: `Seed ${seed}`,
      description: '',
      schema: schemaFor(modality),
      guidelines: '',
      visibility: chance.pick(['blind', 'blind-then-open', 'blind-then-open', 'open'] as const),
      suggestions: chance.hits(0.7),
      rules: {
        ...defaultRules,
        overlap,
        leaseMs: 20_000,
        consensus: chance.pick(['majority', 'weighted'] as const),
      },
      queueOrder: chance.pick(['sequential', 'uncertainty'] as const),
      retrainEvery: 0,
      attribution: '',
    },
    reviewer.id,
  );
  const model: Model = {
    id: 'mdl_simulated',
    projectId: project.id,
    name: 'simulated',
    version: 1,
    kind: 'external',
    blobHash: null,
    trainedOn: 0,
    accuracy: null,
    createdBy: reviewer.id,
    updatedAt: clock.now(),
  };
  await first.store.commit({ writes: [{ put: 'models', record: model, expect: 'absent' }] });
  const { fresh } = await first.tasks.add(
    project.id,
    Array.from({ length: ITEMS }, (_, i) => ({
      data: { ...anyAsset.data, text: `${String(anyAsset.data['text'])} ${i + 1}` },
      meta: {},
    })),
  );
  const items = new Map<TaskId, SimItem>();
  for (const { task, asset } of fresh) {
    const facts = { data: asset.data, width: undefined, height: undefined };
    items.set(task.id, { task, facts, truth: modality.arbitrary(chance.number, project.schema, facts) });
  }
  trace.say(`${modality.name}, ${project.visibility}, overlap ${overlap.min} to ${overlap.max}`);

  const stays = new Set<Stay>();
  const world: SimWorld = {
    clock,
    trace,
    ledger,
    project,
    modality,
    items,
    server,
    servers: () => servers.filter((one) => one !== null),
    calm: () => calm,
    idle: new Set(),
    annotators: annotators.length,
    stays,
    link: (user) => links.get(user.id)!,
    async sleep(ms) {
      await new Promise<void>((go) => clock.after(ms, go));
      await gate();
    },
    async within(work, ms) {
      let cancel = () => {};
      const late = new Promise<null>((go) => {
        cancel = clock.after(ms, () => go(null));
      });
      const outcome = await Promise.race([
        work.catch((error: unknown) => {
          // A refusal is an answer; anything else is a bug of the server or of the simulation.
          if ((error as { code?: unknown }).code === undefined) broken.add(`unexpected: ${String(error)}`);
          return null;
        }),
        late,
      ]);
      cancel();
      await gate();
      return outcome;
    },
  };
  for (const [i, user] of [...annotators, reviewer].entries())
    links.set(
      user.id,
      createLink({
        user,
        clock,
        chance: createChance(seed * 1000 + i),
        weather,
        trace,
        server,
        several: several !== null,
        onSight: (sight) => ledger.sights.push(sight),
        onAnswer: (event, message, answer) => ledger.note(event, message, answer),
      }),
    );

  async function suggestAlong(): Promise<void> {
    const mind = createChance(seed * 1000 + 99);
    while (!calm) {
      await world.sleep(mind.between(500, 2_000));
      const item = mind.pick([...items.values()]);
      const life = server();
      if (life === null) continue;
      const annotation = modality.arbitrary(mind.number, project.schema, item.facts);
      const suggestion = { taskId: item.task.id, annotation, score: null, uncertainty: mind.number() };
      await world.within(life.rooms.suggest(model, [suggestion]), 5_000);
    }
  }

  /** Everybody stands still, all faults end and all connections are new: now all must see the same. */
  async function look(): Promise<void> {
    held = [];
    trouble(false);
    await clock.advance(4_000);
    for (const link of links.values()) link.cut();
    await clock.advance(12_000);
    for (const found of await checkRooms(world)) broken.add(found);
    trouble(!calm);
    const waiting = held;
    held = null;
    for (const go of waiting) go();
  }

  const checkFollowing = createFollowCheck(world);
  try {
    await bootVersioner();
    trouble(true);
    let working = annotators.length;
    const actors = Promise.all([
      ...annotators.map((user, i) =>
        labelAlong(world, user, createChance(seed * 1000 + 200 + i), {
          skill: 0.55 + 0.4 * chance.number(),
        }).finally(() => {
          working -= 1;
        }),
      ),
      reviewAlong(world, reviewer, createChance(seed * 1000 + 300)),
      suggestAlong(),
    ]);
    let failure: unknown = null;
    actors.catch((error: unknown) => {
      failure = error;
      broken.add(`an actor failed: ${String((error as Error).stack)}`);
    });
    const goOn = async (ms: number, until: () => boolean) => {
      for (let gone = 0; gone < ms && failure === null && !until(); gone += CHECK_EVERY_MS) {
        await clock.advance(CHECK_EVERY_MS);
        if (world.servers().length === 0) continue;
        for (const found of await checkOverlap(world)) broken.add(found);
        for (const found of await checkFollowing()) broken.add(found);
      }
    };
    for (let at = 0; at < TROUBLED_MS; at += LOOK_EVERY_MS) {
      await goOn(LOOK_EVERY_MS, () => false);
      await look();
    }
    calm = true;
    trouble(false);
    for (const link of links.values()) link.cut();
    await goOn(CALM_MOST_MS, () => working === 0);
    if (working > 0) broken.add(`${working} annotators never came to an end`);
    await clock.advance(60_000);
    const end = await checkEnd(world, { bus, blobs, annotators });
    for (const found of end.broken) broken.add(found);
    return {
      broken: [...broken],
      hash: trace.hash(),
      lines: trace.lines,
      faults: trace.faults,
      figures: end.figures,
    };
  } finally {
    killVersioner();
    for (const one of servers) await one?.kill();
    await several?.store.close();
    await bus.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
