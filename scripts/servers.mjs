// The real servers that tests use: found on PATH, or installed with the system's package manager; started on free loopback ports.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const table = {
  nats: { program: 'nats-server', debian: 'nats-server' },
  chromium: { program: 'chromium', debian: 'chromium' },
};

function find(program) {
  for (const dir of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']) {
    if (dir !== '' && existsSync(join(dir, program))) return join(dir, program);
  }
  return null;
}

let updated = false;
function install(debian) {
  if (process.platform !== 'linux' || find('apt-get') === null || process.getuid?.() !== 0) return false;
  const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  if (!updated) spawnSync('apt-get', ['update', '-qq'], quiet);
  updated = true;
  console.log(`Installing ${debian} …`);
  return spawnSync('apt-get', ['install', '-y', '-qq', debian], quiet).status === 0;
}

/** Where each of these programs is. One that cannot be had ends the process with the line that would install it. */
export async function ensure(names) {
  const found = {};
  for (const name of names) {
    const { program, debian } = table[name];
    if (find(program) === null) install(debian);
    const path = find(program);
    if (path === null) {
      console.error(
        `${program} is needed for the tests and was not found. Install it: apt-get install -y ${debian}`,
      );
      process.exit(1);
    }
    found[name] = { path };
  }
  return found;
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function answers(port, timeoutMs) {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    const open = await new Promise((done) => {
      const socket = createConnection({ port, host: '127.0.0.1' });
      socket.once('connect', () => {
        socket.destroy();
        done(true);
      });
      socket.once('error', () => done(false));
    });
    if (open) return;
    await sleep(25);
  }
  throw new Error(`nothing answers on 127.0.0.1:${port}`);
}

/** A NATS server with JetStream on a free loopback port and a fresh folder; `kill` is kill -9, `restart` goes on with the same data. */
export async function startNats({ path = find('nats-server') } = {}) {
  if (path === null) throw new Error('nats-server was not found. Install it: apt-get install -y nats-server');
  const dir = mkdtempSync(join(tmpdir(), 'concord-nats-'));
  const port = await freePort();
  let child;
  const start = async () => {
    child = spawn(path, ['-js', '-sd', dir, '-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    await answers(port, 10_000);
  };
  const end = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    await gone;
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    port,
    dir,
    pid: () => child.pid,
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGKILL');
      await start();
    },
    stop: async () => {
      await end('SIGTERM');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { nats } = await ensure(['nats']);
  const server = await startNats(nats);
  console.log(
    `CONCORD_BUS=${server.url}   (${execFileSync(nats.path, ['-v'], { encoding: 'utf8' }).trim()}; Ctrl-C stops it and removes its data)`,
  );
  process.once('SIGINT', () => void server.stop().then(() => process.exit(0)));
}
