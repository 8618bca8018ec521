import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const program = process.env['CONCORD_TEST_NATS_BIN'] ?? 'nats-server';

export interface NatsProcess {
  readonly url: string;
  /** Kills it with -9 and starts it again on the same folder. */
  crash(): Promise<void>;
  end(): Promise<void>;
}

/** A NATS server with JetStream on a free loopback port and a folder of its own. */
export async function startNats(): Promise<NatsProcess> {
  const dir = mkdtempSync(join(tmpdir(), 'concord-nats-'));
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  let child: ChildProcess;
  const start = async () => {
    child = spawn(program, ['-js', '-sd', dir, '-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    await once(child, 'spawn');
    while (!(await answers(port))) {
      if (child.exitCode !== null)
        throw new Error(`nats-server ended with ${child.exitCode} before it answered`);
      await sleep(25);
    }
  };
  const kill = async () => {
    if (child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    async crash() {
      await kill();
      await start();
    },
    async end() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
