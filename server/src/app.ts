import { ConcordError } from '@concord/core/errors/concord-error';
import { createAdapterHealth } from '@concord/platform/observability/adapter-health';
import { createMetrics } from '@concord/platform/observability/metrics';
import { attentionHandlers } from './attention/index.ts';
import { catalogHandlers } from './catalog/index.ts';
import {
  clusterHandlers,
  createLease,
  createNodes,
  drainNode,
  type Nodes,
  type NodesOptions,
  probesOf,
} from './cluster/index.ts';
import { createOutboxPump, createSettlement } from './finalize/index.ts';
import { createEngine, type EngineName } from './gateway/engine/index.ts';
import { eventHandlers } from './gateway/events/index.ts';
import { createHttp } from './gateway/http/index.ts';
import { createSocketGateway } from './gateway/socket/index.ts';
import { createIngest, createSamples, type Ingest, ingestHandlers, type Samples } from './ingest/index.ts';
import { createImportedModels, modelHandlers } from './models/index.ts';
import { createPeople, type People, peopleHandlers } from './people/index.ts';
import type { Platform } from './platform.ts';
import { createProjects, type Projects, projectHandlers, startProjectNews } from './projects/index.ts';
import { createQuality, qualityHandlers } from './quality/index.ts';
import { createRooms, type Rooms, roomHandlers } from './rooms/index.ts';
import { locations } from './start/locations.ts';
import { createTasks, type Tasks, taskHandlers } from './tasks/index.ts';

/** How long calls that run may go on after a stop, in ms. */
const lastCallsMs = 1_000;

/** After so many looks at the other nodes it is known which of them live. */
const looksUntilKnown = 6;

export interface AppConfig {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What carries HTTP and sockets; `auto` takes the fastest that runs here. */
  readonly engine: EngineName | 'auto';
  readonly publicUrl: string | null;
  readonly demo: boolean;
  readonly node: NodesOptions;
  /** An admin asks the process to stop. */
  readonly onStopAsked?: () => void;
  /** The built page, or null for none. */
  readonly clientDir: string | null;
  /** Adds process figures to the metrics (off in tests: they keep timers). */
  readonly processMetrics?: boolean;
  /** Checks every JSON answer against the table of routes; for tests. */
  readonly checkAnswers?: boolean;
}

/** The server, composed. */
export interface App {
  readonly people: People;
  readonly projects: Projects;
  readonly tasks: Tasks;
  readonly rooms: Rooms;
  readonly samples: Samples;
  readonly nodes: Nodes;
  /** Starts listening; the address it answers at. Throws `conflict` with one clear line when the port is taken. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Hands the rooms over to the other nodes, where there are any; 20 s at most. */
  drain(): Promise<void>;
  /**
   * Stops taking calls, writes what rooms gathered, stops what runs. The platform stays open: whoever made it closes it.
   * `abrupt` leaves out what a killed process would have left out: nobody is told, nothing is flushed.
   */
  close(how?: 'clean' | 'abrupt'): Promise<void>;
}

/** Wires the parts of the server on a platform. Throws when a route has no handler, or the engine does not load. */
export async function createApp(config: AppConfig, platform: Platform): Promise<App> {
  const engine = createEngine(config.engine, platform);
  const metrics = createMetrics({ processFigures: config.processMetrics ?? false });
  metrics
    .gauge('concord_engine_info', 'What carries HTTP and sockets (always 1)', ['engine'])
    .set(1, { engine: engine.name });
  metrics.gauge(
    'concord_dead_letters',
    'Events that a consumer set aside and nobody had delivered again',
    [],
    async () => (await platform.bus.deadLetters()).length,
  );
  const people = createPeople(platform);
  const projects = createProjects(platform);
  const tasks = createTasks(platform, projects);
  const settlement = createSettlement(platform, people);
  const nodes = createNodes(platform, config.node);
  const pump = createOutboxPump(platform);
  const pumping = createLease('outbox', platform, nodes);
  const poke = () => pump.poke();
  const rooms = createRooms(platform, { projects, tasks, people, settlement, nodes, poke });
  const health = createAdapterHealth(probesOf(platform), platform, metrics);

  const models = createImportedModels(platform, rooms);
  const ingest = createIngest(platform, { projects, tasks, people, rooms, models, nodes, poke });
  await recoverImports(platform, ingest, nodes);
  const samples = createSamples(locations.samples(), projects, ingest);

  const handlers = {
    ...peopleHandlers(platform, people, {
      secure: config.publicUrl?.startsWith('https:') ?? false,
      demo: config.demo,
    }),
    ...projectHandlers(platform, projects),
    ...taskHandlers(platform, { projects, tasks, people, rooms }),
    ...roomHandlers(rooms),
    ...attentionHandlers(platform, people, projects),
    ...qualityHandlers(createQuality(platform, projects), projects),
    ...ingestHandlers(platform, projects, ingest, samples),
    ...modelHandlers(platform, projects, rooms),
    ...catalogHandlers(platform, projects),
    ...eventHandlers(platform, people),
    ...clusterHandlers(nodes, health, rooms, () => config.onStopAsked?.()),
  };
  const parts = { people, handlers, metrics, health, addresses: nodes.addresses };
  const http = createHttp(platform, parts, config);
  const sockets = createSocketGateway(
    engine,
    platform,
    { people, projects, tasks, rooms, nodes },
    config.publicUrl,
    metrics,
  );
  const stopNews = startProjectNews(platform, projects);
  pump.start();
  // One node sends what all have written; alone there is nobody to ask.
  if (nodes.shared) pumping.start((held) => pump.lead(held));
  else pump.lead(true);
  let draining: Promise<void> | null = null;

  return {
    people,
    projects,
    tasks,
    rooms,
    samples,
    nodes,
    async listen() {
      await health.start();
      await nodes.start();
      const port = await engine.listen(config.host, config.port, http.handle).catch((error: unknown) => {
        throw listenError(error, config);
      });
      return { url: `http://${shownHost(config.host)}:${port}`, port };
    },
    drain() {
      http.drain();
      draining ??= drainNode(platform, nodes, rooms);
      return draining;
    },
    async close(how = 'clean') {
      http.drain();
      ingest.stop(how);
      health.stop();
      stopNews();
      await sockets.close(how);
      if (how === 'clean') await rooms.close();
      await engine.close(how === 'clean' ? lastCallsMs : 0);
      await ingest.stopped();
      tasks.close();
      await pump.stop();
      if (how === 'clean') await pumping.stop();
      await nodes.stop(how);
      projects.close();
      people.close();
    },
  };
}

/** Looks at once for imports that an earlier life left behind, or (beside others) once it is known who lives, and when one dies. */
async function recoverImports({ logger }: Platform, ingest: Ingest, nodes: Nodes): Promise<void> {
  if (!nodes.shared) return ingest.recover(() => false);
  let looks = 0;
  nodes.onLook((moved) => {
    looks += 1;
    if (!moved && looks !== looksUntilKnown) return;
    ingest
      .recover((node) => !nodes.isGone(node))
      .catch((err: unknown) => logger.warn({ err }, 'imports that were cut short were not looked for'));
  });
}

/** The host as one types it into a browser. */
function shownHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function listenError(error: unknown, config: AppConfig): unknown {
  const code = (error as { code?: unknown }).code;
  if (code === 'EADDRINUSE')
    return new ConcordError(
      'conflict',
      `Port ${config.port} is taken by another program. Stop it, or choose another port: --port ${config.port + 1}`,
      [{ path: 'port', message: 'is taken', value: config.port }],
    );
  if (code === 'EACCES')
    return new ConcordError(
      'auth.forbidden',
      `Port ${config.port} needs more rights. Choose one above 1023: --port 7300`,
    );
  if (code === 'EADDRNOTAVAIL')
    return new ConcordError(
      'input.invalid',
      `${config.host} is not an address of this machine. Use --host 127.0.0.1`,
    );
  return error;
}
