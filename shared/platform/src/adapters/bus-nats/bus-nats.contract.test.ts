import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventSubject, makeEvent } from '@concord/core/events/event';
import { connect } from 'nats';
import { expect, it } from 'vitest';
import { silentLogger } from '../../observability/logger.ts';
import { describeBusContract } from '../../ports/bus.contract.ts';
import { systemClock } from '../clock-system/clock-system.ts';
import { createNatsBus } from './bus-nats.ts';

const program = process.env['CONCORD_TEST_NATS_BIN'] ?? 'nats-server';

/** A real server with JetStream on a free loopback port. Without the program this fails: apt-get install -y nats-server. */
async function natsServer() {
  const dir = mkdtempSync(join(tmpdir(), 'concord-nats-'));
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  let child: ChildProcess;
  const start = async () => {
    child = spawn(program, ['-js', '-sd', dir, '-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    await once(child, 'spawn');
  };
  await start();
  const url = `nats://127.0.0.1:${port}`;
  const open = async (clock = systemClock) => {
    for (let tries = 0; ; tries++) {
      try {
        return await createNatsBus({ url, clock, logger: silentLogger });
      } catch (error) {
        if (tries === 100) throw error;
        await new Promise((done) => setTimeout(done, 50));
      }
    }
  };
  return {
    url,
    connect: open,
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    start,
    async end() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

describeBusContract('NATS JetStream', async (clock) => {
  const server = await natsServer();
  const bus = await server.connect(clock);
  return {
    bus,
    reopen: () => server.connect(clock),
    async break(event) {
      const nc = await connect({ servers: server.url });
      await nc.jetstream().publish(eventSubject(event), JSON.stringify({ ...event, time: 7 }));
      await nc.close();
    },
    async end() {
      await bus.close();
      await server.end();
    },
  };
});

it('loses and doubles nothing that was acknowledged when the server is killed while events are published', async () => {
  const server = await natsServer();
  const bus = await server.connect();
  const events = Array.from({ length: 2000 }, (_, n) =>
    makeEvent(
      'concord.item.reopened.v1',
      `k${n}`,
      { projectId: 'prj_a', taskId: `tsk_${n}`, revision: 1, reason: '', at: n },
      n,
    ),
  );
  const publishing = bus.publish(events);
  await new Promise((done) => setTimeout(done, 60));
  await server.kill();
  await server.start();
  await publishing;
  const stored = (await bus.read(0, 5000)).map((p) => p.event.id);
  expect(new Set(stored).size).toBe(2000);
  expect(stored).toHaveLength(2000);
  await bus.close();
  await server.end();
});
