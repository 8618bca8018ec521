// A server of somebody else's on a free loopback port with a folder of its own: for tests, and for trying things out.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What still runs when this process ends goes with it. */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

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

function answers(port) {
  return new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/**
 * Starts a server and waits until it is ready. `kill` is kill -9, `restart` goes on with the same port and data (after a kill -9
 * if it still runs), `pause` and `resume` stop and continue the process as a whole, `stop` ends it and removes its data.
 */
export async function startServer({ name, path, args, scheme, ready = async () => {}, readyMs = 30_000 }) {
  const dir = mkdtempSync(join(tmpdir(), `concord-${name}-`));
  const port = await freePort();
  let child;
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const start = async () => {
    child = spawn(path, args({ port, dir }), { stdio: 'ignore' });
    const started = child;
    running.add(started);
    started.once('exit', () => running.delete(started));
    const failed = new Promise((_, fail) => started.once('error', fail));
    const up = async () => {
      const end = performance.now() + readyMs;
      while (!(await answers(port))) {
        if (isOver())
          throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode} before it answered`);
        if (performance.now() > end) throw new Error(`${name} does not answer on 127.0.0.1:${port}`);
        await sleep(20);
      }
      await ready({ port });
    };
    await Promise.race([up(), failed]);
  };
  const end = async (signal) => {
    if (isOver()) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    // A paused process takes no other signal than these two.
    if (signal !== 'SIGKILL') child.kill('SIGCONT');
    await gone;
  };
  const server = {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    dir,
    pid: () => child.pid,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
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
  try {
    await start();
  } catch (error) {
    await server.kill();
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
  return server;
}
