import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@concord/platform/observability/logger';
import { createFanoutHub, type FanoutHub } from '@concord/platform/testing/fanout-hub';
import { createLive } from '../live.ts';
import { closePlatform, openPlatform } from '../start/adapters.ts';
import { startTestServer, type TestServer } from './server.ts';

/** Several servers in this process on one store, bus and blobs; a hub carries their messages. */
export interface TestCluster {
  readonly nodes: readonly TestServer[];
  readonly hub: FanoutHub;
  close(): Promise<void>;
}

export interface TestClusterOptions {
  readonly count?: number;
  /** Whether clients can reach each node by itself. */
  readonly addressed?: boolean;
}

/** They know each other when this returns. */
export async function startTestCluster({
  count = 2,
  addressed = false,
}: TestClusterOptions = {}): Promise<TestCluster> {
  const data = await mkdtemp(join(tmpdir(), 'concord-cluster-'));
  const clientDir = join(data, 'page');
  await mkdir(clientDir);
  await writeFile(join(clientDir, 'index.html'), '<!doctype html><title>Concord</title>');
  const hub = createFanoutHub();
  const shared = await openPlatform(
    { data, store: { kind: 'sqlite' }, bus: { kind: 'embedded' }, fanout: { kind: 'local' } },
    silentLogger,
  );
  const nodes: TestServer[] = [];
  for (let n = 0; n < count; n++) {
    const fanout = hub();
    const port = await freePort();
    nodes.push(
      await startTestServer({
        port,
        clientDir,
        on: { ...shared, fanout, live: createLive(fanout) },
        node: { url: addressed ? `http://127.0.0.1:${port}` : null, shared: true },
      }),
    );
  }
  await met(nodes);
  return {
    nodes,
    hub,
    async close() {
      await Promise.all(nodes.map((node) => node.close()));
      await closePlatform(shared);
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Resolves when each of these nodes sees all the others. */
export async function met(nodes: readonly TestServer[]): Promise<void> {
  const apart = () => nodes.some(({ app }) => app.nodes.others().length < nodes.length - 1);
  while (apart()) await new Promise((done) => setTimeout(done, 20));
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
