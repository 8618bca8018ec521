import { modalities } from '@concord/core/modalities/registry';
import { createLocalFanout } from '@concord/platform/adapters/fanout-local/fanout-local';
import { createSqliteStore } from '@concord/platform/adapters/store-sqlite/store-sqlite';
import type { Logger } from '@concord/platform/observability/logger';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus } from '@concord/platform/ports/bus';
import type { Clock, Randomness } from '@concord/platform/ports/clock';
import type { Store } from '@concord/platform/ports/store';
import { createLease, createNodes } from '../src/cluster/index.ts';
import { createOutboxPump, createSettlement } from '../src/finalize/index.ts';
import { createAllowance } from '../src/gateway/socket/allowance.ts';
import { serveRooms } from '../src/gateway/socket/rooms-namespace.ts';
import { createSlowMembers } from '../src/gateway/socket/slow-members.ts';
import { tellProblem } from '../src/incident.ts';
import { createLive } from '../src/live.ts';
import { createPeople } from '../src/people/index.ts';
import type { Platform } from '../src/platform.ts';
import { createProjects, type Projects } from '../src/projects/index.ts';
import { createQuality, type Quality } from '../src/quality/index.ts';
import { createRooms, type Rooms } from '../src/rooms/index.ts';
import { createTasks, type Tasks } from '../src/tasks/index.ts';
import type { Chance } from './chance.ts';
import type { SimFanout } from './fanout-sim.ts';
import { createLife, type Life, within } from './life.ts';
import type { Trace } from './trace.ts';
import { createHub, type Hub } from './wire.ts';

/** Probabilities, 0..1, each for one call. */
export interface ServerTrouble {
  /** The process dies around a commit: before it, or after it stands and before anybody hears so. */
  crash: number;
  /** The bus refuses events, before it has them or after. */
  busRefuses: number;
}

/** The server's process from its start to its death, on a store that outlives it. */
export interface ServerLife {
  readonly life: Life;
  readonly bornAt: number;
  /** Not through this life: for looking from outside. */
  readonly store: Store;
  readonly hub: Hub;
  readonly projects: Projects;
  readonly tasks: Tasks;
  readonly rooms: Rooms;
  readonly quality: Quality;
  /** Ends the process; what was asked of the store before stands, and nobody is told. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  /** The database file; or, where several nodes share one, the store, which outlives them. */
  readonly on: { readonly file: string } | { readonly store: Store; readonly fanout: SimFanout };
  readonly clock: Clock;
  readonly random: Randomness;
  readonly chance: Chance;
  readonly bus: Bus;
  readonly blobs: Blobs;
  readonly trace: Trace;
  readonly logger: Logger;
  readonly trouble: ServerTrouble;
  readonly onCrash: () => void;
}

export function startServer(options: ServerOptions): ServerLife {
  const { chance, trouble, trace } = options;
  const life = createLife(options.clock);
  const shared = 'store' in options.on ? options.on : null;
  const store =
    'store' in options.on ? options.on.store : createSqliteStore({ ...options.on, writes: 'inline' });

  function crash(when: string): void {
    trace.fault(`server crash ${when} a commit`);
    life.end();
    options.onCrash();
  }

  const mortalStore = within(life, store, {
    log: within(life, store.log, {}),
    commit: (unit) =>
      life.through(async () => {
        // What only says that the node lives is not worth a death.
        const isBeat = unit.writes?.some((write) => 'put' in write && write.put === 'nodes') === true;
        const dies = !isBeat && chance.hits(trouble.crash);
        if (dies && chance.hits(0.5)) {
          // The disk hangs for a while first: what is said without waiting for it has the time to arrive.
          life.clock.after(chance.between(0, 120), () => crash('before'));
          return new Promise<void>(() => {});
        }
        await store.commit(unit);
        if (dies && life.alive()) crash('after');
      }),
  });
  const mortalBus = within(life, options.bus, {
    watch: (onNews) => options.bus.watch(() => life.alive() && onNews()),
    publish: (events) =>
      life.through(async () => {
        const refused = chance.hits(trouble.busRefuses);
        if (refused && chance.hits(0.5)) {
          trace.fault('bus refuses events');
          throw new Error('the bus is away');
        }
        await options.bus.publish(events);
        if (refused) {
          trace.fault('bus takes events and does not say so');
          throw new Error('the bus went away');
        }
      }),
  });

  const fanout = shared === null ? createLocalFanout() : shared.fanout.join(life);
  const platform: Platform = {
    store: mortalStore,
    bus: mortalBus,
    blobs: options.blobs,
    fanout,
    clock: life.clock,
    random: options.random,
    modalities,
    logger: options.logger,
    live: createLive(fanout),
  };
  const nodes = createNodes(platform, { url: null, shared: shared !== null });
  const people = createPeople(platform);
  const projects = createProjects(platform);
  const tasks = createTasks(platform, projects);
  const pump = createOutboxPump(platform);
  const settlement = createSettlement(platform, people);
  const rooms = createRooms(platform, {
    projects,
    tasks,
    people,
    settlement,
    poke: () => pump.poke(),
    nodes,
  });
  const hub = createHub();
  serveRooms(
    hub.namespace as Parameters<typeof serveRooms>[0],
    platform,
    {
      people,
      projects,
      tasks,
      rooms,
      nodes,
    },
    {
      allowanceOf: () => createAllowance(life.clock, () => {}),
      problemOf: (error, event) => tellProblem(platform, error, event),
      slow: createSlowMembers(life.clock),
      waitingBytes: () => 0,
    },
  );
  pump.start();
  if (shared === null) pump.lead(true);
  else createLease('outbox', platform, nodes).start((held) => pump.lead(held));
  void nodes.start();

  return {
    life,
    bornAt: options.clock.now(),
    store,
    hub,
    projects,
    tasks,
    rooms,
    quality: createQuality(platform, projects),
    async kill() {
      life.end();
      if (shared === null) await store.close();
    },
  };
}
