import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import { silentLogger } from '@concord/platform/observability/logger';
import { Server } from 'socket.io';
import { io as connect, type Socket } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { openRawSocket } from '../../testing/raw-socket.ts';
import { createEngine, type EngineName, enginesHere } from './index.ts';

/** On a busy machine everything takes its time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000, interval: 5 });
const kB = 1024;

/** socket.io alone on an engine. Who asks to join a room is in it when answered. */
async function startSockets(name: EngineName) {
  const engine = createEngine(name, { clock: systemClock, logger: silentLogger });
  const io = new Server({ transports: ['websocket'], serveClient: false, perMessageDeflate: false });
  engine.attach(io);
  for (const namespace of [io.of('/a'), io.of('/b')])
    namespace.on('connection', (socket) => {
      socket.on('join', async (room: string, done: () => void) => {
        await socket.join(room);
        done();
      });
    });
  const port = await engine.listen('127.0.0.1', 0, async (exchange) => exchange.answer(200, {}, 'page'));
  const clients: Socket[] = [];
  return {
    io,
    url: `http://127.0.0.1:${port}`,
    async client(namespace: string, room: string): Promise<Socket> {
      const options = { transports: ['websocket'], forceNew: true, reconnection: false };
      const socket = connect(`http://127.0.0.1:${port}${namespace}`, options);
      clients.push(socket);
      await socket.emitWithAck('join', room);
      return socket;
    },
    async close() {
      for (const client of clients) client.disconnect();
      io.engine.close();
      await engine.close(0);
    },
  };
}

describe.each(enginesHere())('sockets on %s', (name) => {
  let sockets: Awaited<ReturnType<typeof startSockets>>;
  afterEach(() => sockets.close());

  test('share the port with HTTP, and only websockets are spoken', async () => {
    sockets = await startSockets(name);
    await sockets.client('/a', 'r');
    expect(await (await fetch(`${sockets.url}/page`)).text()).toBe('page');
    for (const query of ['EIO=4&transport=polling', 'EIO=4&transport=websocket', 'EIO=4&transport=x&sid=y'])
      expect((await fetch(`${sockets.url}/socket.io/?${query}`)).status).toBe(400);
  });

  test('an emit to one room reaches its members in order, each once', async () => {
    sockets = await startSockets(name);
    const clients = await Promise.all([1, 2, 3].map(() => sockets.client('/a', 'r')));
    const other = await sockets.client('/a', 'other');
    const heard = [...clients, other].map((client) => {
      const list: number[] = [];
      client.on('n', (n: number) => list.push(n));
      return list;
    });
    const namespace = sockets.io.of('/a');
    for (let n = 0; n < 500; n++) {
      namespace.to('r').emit('n', n);
      if (n % 100 === 0) await sleep(1);
    }
    namespace.to(['r', 'other']).emit('n', 500);
    const all = Array.from({ length: 501 }, (_, n) => n);
    await eventually(() => heard).toEqual([all, all, all, [500]]);
  });

  test('whoever leaves a namespace hears no more of it, though connected for another', async () => {
    sockets = await startSockets(name);
    const raw = await openRawSocket(sockets.url);
    const say = async (frame: string) => {
      raw.send(frame);
      return raw.next();
    };
    await raw.next();
    await say('40/a,');
    await say('40/b,');
    expect(await say('42/a,1["join","secret"]')).toBe('43/a,1[]');
    expect(await say('42/b,2["join","open"]')).toBe('43/b,2[]');
    sockets.io.of('/a').to('secret').emit('x', 'before');
    expect(await raw.next()).toBe('42/a,["x","before"]');
    raw.send('41/a,');
    await eventually(() => sockets.io.of('/a').sockets.size).toBe(0);
    sockets.io.of('/a').to('secret').emit('x', 'after');
    sockets.io.of('/a').emit('x', 'to all');
    sockets.io.of('/b').to('open').emit('x', 'still');
    expect(await raw.next()).toBe('42/b,["x","still"]');
    // Back again, for nothing but itself.
    expect(await say('40/a,')).toMatch(/^40\/a,/);
    sockets.io.of('/a').to('secret').emit('x', 'again');
    sockets.io.of('/a').emit('x', 'to all');
    expect(await raw.next()).toBe('42/a,["x","to all"]');
    raw.close();
  });

  test('whoever does not take its messages is cut off; the others miss none', async () => {
    sockets = await startSockets(name);
    const good = await sockets.client('/a', 'r');
    const heard: number[] = [];
    good.on('big', (n: number) => heard.push(n));
    const slow = await openRawSocket(sockets.url);
    await slow.next();
    slow.send('40/a,');
    await slow.next();
    slow.send('42/a,1["join","r"]');
    await slow.next();
    slow.pause();
    const namespace = sockets.io.of('/a');
    const pad = 'x'.repeat(256 * kB);
    let n = 0;
    for (; n < 400 && namespace.sockets.size === 2; n++) {
      namespace.to('r').emit('big', n, pad);
      await sleep(2);
    }
    // 8 MB of ours and what the kernels of both sides hold.
    expect(n * 256 * kB).toBeLessThan(40 * 1024 * kB);
    expect(namespace.sockets.size).toBe(1);
    await eventually(() => heard).toEqual(Array.from({ length: n }, (_, i) => i));
    slow.close();
  });

  test('volatile messages pass over whoever is behind, and cut nobody off', async () => {
    sockets = await startSockets(name);
    const good = await sockets.client('/a', 'r');
    let heard = 0;
    good.on('cursor', () => {
      heard += 1;
    });
    const slow = await openRawSocket(sockets.url);
    await slow.next();
    slow.send('40/a,');
    await slow.next();
    slow.send('42/a,1["join","r"]');
    await slow.next();
    slow.pause();
    const namespace = sockets.io.of('/a');
    for (let n = 0; n < 200; n++) {
      namespace.to('r').volatile.emit('cursor', 'x'.repeat(256 * kB));
      await sleep(1);
    }
    expect(namespace.sockets.size).toBe(2);
    await eventually(() => heard).toBeGreaterThan(50);
    slow.close();
  });

  test('are closed by the server with a word, and cut where the server ends', async () => {
    sockets = await startSockets(name);
    const [told, cut] = [await sockets.client('/a', 'r'), await sockets.client('/b', 'r')];
    const reason = (client: Socket) =>
      new Promise<string>((resolve) => {
        client.once('disconnect', resolve);
      });
    const first = reason(told);
    const second = reason(cut);
    sockets.io.of('/a').disconnectSockets(true);
    expect(await first).toBe('io server disconnect');
    sockets.io.engine.close();
    expect(await second).toMatch(/transport/);
  });
});

describe.runIf(enginesHere().includes('uws'))('sockets on uws', () => {
  test('an emit to one room is one publish: no message is made for each member', async () => {
    const sockets = await startSockets('uws');
    await Promise.all([1, 2, 3].map(() => sockets.client('/a', 'r')));
    let made = 0;
    for (const socket of sockets.io.of('/a').sockets.values())
      socket.conn.on('packetCreate', () => {
        made += 1;
      });
    sockets.io.of('/a').to('r').emit('x', 1);
    expect(made).toBe(0);
    sockets.io.of('/a').except('nobody').emit('x', 1);
    expect(made).toBe(3);
    await sockets.close();
  });

  test('servers in one process hear only their own, on whichever engine', async () => {
    const all = [await startSockets('uws'), await startSockets('ws'), await startSockets('uws')];
    const heard = await Promise.all(
      all.map(async (sockets) => {
        const list: string[] = [];
        (await sockets.client('/a', 'r')).on('x', (word: string) => list.push(word));
        return list;
      }),
    );
    all.forEach((sockets, i) => {
      sockets.io.of('/a').to('r').emit('x', `room ${i}`);
      sockets.io.of('/a').emit('x', `all ${i}`);
    });
    await eventually(() => heard).toEqual([0, 1, 2].map((i) => [`room ${i}`, `all ${i}`]));
    await Promise.all(all.map((sockets) => sockets.close()));
  });
});
