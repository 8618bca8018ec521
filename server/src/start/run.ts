import type { UserId } from '@concord/core/records/ids';
import type { Config } from '@concord/platform/config/config';
import { createLogger } from '@concord/platform/observability/logger';
import { type App, createApp } from '../app.ts';
import { closePlatform, openPlatform } from './adapters.ts';
import { type KeptChild, keepRunning } from './children.ts';
import { holdDataFolder } from './data-folder.ts';
import { locations } from './locations.ts';
import { workerKey } from './worker-key.ts';

export interface Running {
  readonly app: App;
  readonly url: string;
  /** The one-time link for the first administrator; null when there is one already. */
  readonly joinUrl: string | null;
  /** Resolves when the disk failed under the store: nothing more can be acknowledged, and only a new process can go on. */
  readonly broken: Promise<Error>;
  /** Hands its rooms over, then ends the workers, the server, the adapters; then nothing of ours runs any more. */
  stop(): Promise<void>;
  /** How long that may take, in ms. */
  readonly stopLimitMs: number;
}

const stopLimitMs = 5_000;
const drainLimitMs = 21_000;

/** Starts everything the settings ask for: adapters, server, workers. What was started is undone when a later step fails. */
export async function run(
  config: Config,
  logs: { readonly pretty: boolean },
  onStopAsked: () => void,
): Promise<Running> {
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const shared = config.store.kind !== 'sqlite';
    if (!shared || config.bus.kind === 'embedded') {
      const held = holdDataFolder(config.data);
      undo.push(() => held.release());
    }
    const logger = createLogger({ level: config.logLevel, pretty: logs.pretty });
    let onBroken: (error: Error) => void = () => {};
    const broken = new Promise<Error>((resolve) => {
      onBroken = resolve;
    });
    const platform = await openPlatform(config, logger, onBroken);
    undo.push(() => closePlatform(platform));
    const app = await createApp(
      {
        host: config.host,
        port: config.port,
        engine: config.engine,
        publicUrl: config.publicUrl,
        demo: config.demo,
        node: { url: config.nodeUrl, shared },
        onStopAsked,
        clientDir: locations.client(),
        processMetrics: true,
      },
      platform,
    );
    undo.push(() => app.close());
    const { url, port } = await app.listen();

    const worker = await workerKey(app.people, config.data);
    const environment = workerEnvironment(config, `http://${loopbackOf(config.host)}:${port}`, worker.key);
    const children: KeptChild[] = [];
    const start = (name: string, script: string) =>
      children.push(keepRunning({ name, script, environment }, platform.clock, logger));
    if (config.inference) start('inference', locations.inference());
    if (config.versioning) start('versioning', locations.versioning());
    undo.push(async () => {
      await Promise.all(children.map((child) => child.stop()));
    });

    if (config.demo) await addSamples(app, worker.user.id);

    const shownUrl = config.publicUrl ?? url;
    undo.push(() => app.drain());
    const joinUrl = (await app.people.firstRun()) ? await firstLink(app, shownUrl) : null;
    const limitMs = stopLimitMs + (shared ? drainLimitMs : 0);
    return { app, url: shownUrl, joinUrl, broken, stop, stopLimitMs: limitMs };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The sample projects, on a server that has no project yet. */
async function addSamples(app: App, userId: UserId): Promise<void> {
  const { items } = await app.projects.list({ limit: 1, archived: true });
  if (items.length === 0) await app.samples.addAll(userId);
}

/** Where a process on this machine reaches a server that listens on `host`. */
function loopbackOf(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

async function firstLink(app: App, url: string): Promise<string> {
  const { token } = await app.people.createInvite({
    role: 'admin',
    label: 'first administrator',
    days: 7,
    createdBy: null,
  });
  return `${url}/join/${token}`;
}

/** How our workers find the server and the data. Both spellings of the server's address and key are understood. */
function workerEnvironment(config: Config, url: string, key: string): Record<string, string> {
  return {
    CONCORD_SERVER: url,
    CONCORD_KEY: key,
    CONCORD_URL: url,
    CONCORD_TOKEN: key,
    CONCORD_DATA: config.data,
    CONCORD_BUS: config.bus.kind === 'nats' ? config.bus.url : 'embedded',
    CONCORD_BLOBS: config.blobs.kind,
    CONCORD_LOG_LEVEL: config.logLevel,
  };
}
