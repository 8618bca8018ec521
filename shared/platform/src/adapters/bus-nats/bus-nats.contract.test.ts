import { eventSubject, makeEvent } from '@concord/core/events/event';
import { connect } from 'nats';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../observability/logger.ts';
import { describeBusContract } from '../../ports/bus.contract.ts';
import type { Bus } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';
import { type ServerProcess, startNats } from '../../testing/servers.ts';
import { systemClock, systemRandomness } from '../clock-system/clock-system.ts';
import { createNatsBus } from './bus-nats.ts';

const busOn = ({ url }: ServerProcess, clock: Clock = systemClock): Promise<Bus> =>
  createNatsBus({ url, clock, random: systemRandomness, logger: silentLogger });
const eventsOf = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) =>
    makeEvent(
      'concord.item.reopened.v1',
      `${prefix}${n}`,
      { projectId: 'prj_a', taskId: `tsk_${n}`, revision: 1, reason: '', at: n },
      n,
    ),
  );

describeBusContract('NATS JetStream', async (clock) => {
  const server = await startNats();
  const bus = await busOn(server, clock);
  return {
    bus,
    reopen: () => busOn(server, clock),
    async break(event) {
      const nc = await connect({ servers: server.url });
      await nc.jetstream().publish(eventSubject(event), JSON.stringify({ ...event, time: 7 }));
      await nc.close();
    },
    async end() {
      await bus.close();
      await server.stop();
    },
  };
});

describe('the bus while NATS is away', () => {
  let server: ServerProcess;
  let bus: Bus;
  beforeEach(async () => {
    server = await startNats();
  });
  afterEach(async () => {
    await bus.close();
    await server.stop();
  });

  it('loses and doubles nothing that was acknowledged when the server is killed while events are published', async () => {
    bus = await busOn(server);
    const publishing = bus.publish(eventsOf('k', 2000));
    await new Promise((done) => setTimeout(done, 60));
    await server.restart();
    await publishing;
    const stored = (await bus.read(0, 5000)).map((p) => p.event.id);
    expect(new Set(stored).size).toBe(2000);
    expect(stored).toHaveLength(2000);
  });

  it('says after a while that events were not taken, refuses questions at once, and takes the events later', async () => {
    // Its own patience, ten times as fast.
    const clock: Clock = {
      now: () => systemClock.now() * 10,
      after: (ms, run) => systemClock.after(ms / 10, run),
    };
    bus = await busOn(server, clock);
    await bus.publish(eventsOf('a', 3));
    await server.kill();
    await expect(bus.publish(eventsOf('b', 600))).rejects.toMatchObject({ code: 'overloaded' });
    const from = performance.now();
    await expect(bus.last()).rejects.toMatchObject({ code: 'overloaded' });
    await expect(bus.read(0, 10)).rejects.toMatchObject({ code: 'overloaded' });
    expect(performance.now() - from).toBeLessThan(200);
    await server.restart();
    await expect.poll(() => bus.publish(eventsOf('b', 600)).then(() => true), { timeout: 20_000 }).toBe(true);
    const stored = (await bus.read(0, 5000)).map((p) => p.event.id);
    expect(stored).toHaveLength(603);
    expect(new Set(stored).size).toBe(603);
  });
});
