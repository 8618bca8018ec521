// The real servers that tests use, each on a free loopback port with a fresh folder. `npm run servers` starts them all.
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ensure, find, missing } from './lib/programs.mjs';
import { startServer } from './lib/server-process.mjs';

export { ensure };

/** The program, from where the test run found it, or wherever it is. */
function program(name, given) {
  const path = given ?? find(name);
  if (path === null) throw new Error(missing(name));
  return path;
}

/** NATS with JetStream. */
export async function startNats({ path = process.env.CONCORD_TEST_NATS_BIN } = {}) {
  return startServer({
    name: 'nats',
    path: program('nats', path),
    scheme: 'nats',
    args: ({ port, dir }) => ['-js', '-sd', dir, '-a', '127.0.0.1', '-p', String(port)],
  });
}

/** Redis in memory alone: what it held is gone after a kill. */
export async function startRedis({ path = process.env.CONCORD_TEST_REDIS_BIN } = {}) {
  return startServer({
    name: 'redis',
    path: program('redis', path),
    scheme: 'redis',
    args: ({ port, dir }) => [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir],
      ...['--save', '', '--appendonly', 'no'],
    ],
  });
}

/** MongoDB as a replica set of one member, writable when this returns; or, to see it refused, as none. */
export async function startMongo({ path = process.env.CONCORD_TEST_MONGOD_BIN, replicaSet = true } = {}) {
  return startServer({
    name: 'mongo',
    path: program('mongo', path),
    scheme: 'mongodb',
    args: ({ port, dir }) => [
      ...(replicaSet ? ['--replSet', 'rs0'] : []),
      ...['--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'],
      ...[
        '--dbpath',
        dir,
        '--wiredTigerCacheSizeGB',
        '0.25',
        '--setParameter',
        'diagnosticDataCollectionEnabled=false',
      ],
    ],
    ready: ({ port }) => mongoIsWritable(port, replicaSet, 30_000),
  });
}

async function mongoIsWritable(port, replicaSet, timeoutMs) {
  const { MongoClient } = await import('mongodb');
  const host = `127.0.0.1:${port}`;
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: timeoutMs,
  });
  try {
    const admin = client.db('admin');
    const isNew = replicaSet && (await admin.command({ hello: 1 })).setName === undefined;
    if (isNew) {
      // Set up already, but still finding its place after a restart, it refuses this; the wait below is for both.
      const config = { _id: 'rs0', members: [{ _id: 0, host }], settings: { electionTimeoutMillis: 1000 } };
      await admin.command({ replSetInitiate: config }).catch((error) => {
        if (error.codeName !== 'AlreadyInitialized') throw error;
      });
    }
    const end = performance.now() + timeoutMs;
    while (!(await admin.command({ hello: 1 })).isWritablePrimary) {
      if (performance.now() > end) throw new Error(`mongod on ${host} did not become writable`);
      await sleep(20);
    }
  } finally {
    await client.close();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const found = await ensure(['mongo', 'nats', 'redis']);
  const servers = [
    ['CONCORD_STORE', await startMongo(found.mongo)],
    ['CONCORD_BUS', await startNats(found.nats)],
    ['CONCORD_FANOUT', await startRedis(found.redis)],
  ];
  for (const [name, server] of servers) console.log(`${name}=${server.url}`);
  console.log('Ctrl-C stops them and removes their data.');
  const stop = () => Promise.all(servers.map(([, server]) => server.stop())).then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
