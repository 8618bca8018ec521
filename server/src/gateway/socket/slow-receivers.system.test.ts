import type { JoinReply, OpsReply } from '@concord/core/protocol/rooms';
import type { LayerState } from '@concord/core/rooms/state';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRawSocket, type RawSocket } from '../../testing/raw-socket.ts';
import { connectPerson } from '../../testing/room-person.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { enginesHere } from '../engine/index.ts';

const client = 'client-0001';
const MiB = 1024 * 1024;
/** On a busy machine everything takes its time. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 20 });

describe.each(enginesHere())('receivers that do not keep up, on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ engine });
  });
  afterAll(() => server.close());

  async function openTask(): Promise<string> {
    const project = await server.createProject({
      visibility: 'open',
      schema: { version: 1, modality: 'text-spans', classes: [{ name: 'name', color: '#d97706' }] },
    });
    const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
      data: { text: 'Ada met Bob' },
    });
    return task.id;
  }
  async function slowReceivers(): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(/^concord_slow_receivers (\d+)$/m.exec(text)?.[1]);
  }
  /** Somebody by hand, who can stop reading. */
  async function byHand(key: string) {
    const raw = await openRawSocket(server.url);
    await raw.next();
    raw.send(`40/rooms,${JSON.stringify({ token: key, protocol: 2 })}`);
    await raw.next();
    let calls = 0;
    async function join(task: string, since: object): Promise<JoinReply> {
      const id = ++calls;
      raw.send(`42/rooms,${id}${JSON.stringify(['room:join', { task, mode: 'annotate', client, since }])}`);
      const head = `43/rooms,${id}`;
      for (;;) {
        const frame = await raw.next();
        if (frame.startsWith(head)) return (JSON.parse(frame.slice(head.length)) as [JoinReply])[0];
      }
    }
    return { raw, join };
  }
  /** Reads until `room:rejoin`; the ops before it. */
  async function upToRejoin(raw: RawSocket): Promise<{ from: number; count: number }[]> {
    const seen: { from: number; count: number }[] = [];
    for (;;) {
      const frame = await raw.next();
      if (!frame.startsWith('42/rooms,')) continue;
      const [event, message] = JSON.parse(frame.slice('42/rooms,'.length)) as [
        string,
        { batch: { from: number; entries: unknown[] }[] },
      ];
      if (event === 'room:rejoin') return seen;
      if (event === 'room:ops')
        seen.push(...message.batch.map(({ from, entries }) => ({ from, count: entries.length })));
    }
  }
  const pad = (i: number) => `${i}-`.padEnd(60_000, 'x');

  test('[PR30] [PR31] [PR40] [PR41] one who stops reading leaves the room’s channels, comes anew when it has caught up, and misses nothing', async () => {
    const task = await openTask();
    const fast = await connectPerson(server);
    const slowUser = await server.addUser(`slow-${engine}`, 'annotator');
    await fast.ask('room:join', { task, mode: 'annotate', client });
    const region = {
      id: 'r1',
      kind: 'span',
      label: 'name',
      shape: { start: 0, end: 3 },
      attrs: { note: '' },
    };
    let n = 0;
    const put = async (op: object) => {
      n += 1;
      const ops = [{ n, layer: fast.user.id, op }];
      expect(await fast.ask<OpsReply>('room:ops', { task, client, ops })).toMatchObject({
        acked: [{ n, lseq: n }],
      });
    };
    await put({ t: 'create', region });
    const slow = await byHand(slowUser.key);
    await slow.join(task, {});
    slow.raw.pause();
    const before = process.memoryUsage().rss;
    // Twice what the kernels and the limit would hold, if it were kept.
    for (let i = 0; i < 500; i++) await put({ t: 'update', id: 'r1', set: { 'attrs.note': pad(i) } });
    expect(await slowReceivers()).toBe(1);
    expect(slow.raw.isClosed()).toBe(false);
    // In this process are both ends, the log and the client; what was sent is 28 MiB.
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * MiB);

    slow.raw.resume();
    const seen = await upToRejoin(slow.raw);
    // What came before it was put aside came without a gap.
    let held = 1;
    for (const { from, count } of seen) {
      expect(from).toBe(held);
      held = from + count;
    }
    expect(held).toBeLessThan(n);
    const back = await slow.join(task, { [fast.user.id]: held });
    const layer = (back.layers as LayerState[]).find((one) => one.layer === fast.user.id);
    const newest = back.missed.filter((entry) => entry.layer === fast.user.id).at(-1);
    expect(layer?.lseq ?? newest?.lseq).toBe(n);
    expect(JSON.stringify(layer ?? newest)).toContain(pad(499));
    expect(await slowReceivers()).toBe(0);
    // It hears of what follows.
    await put({ t: 'update', id: 'r1', set: { 'attrs.note': 'the last' } });
    expect(await slow.raw.next()).toContain('the last');
    slow.raw.close();
    fast.socket.disconnect();
  });

  test('[PR32] one who only asks and never reads is cut at 8 MiB', async () => {
    const task = await openTask();
    const { user, key } = await server.addUser(`deaf-${engine}`, 'annotator');
    const deaf = await byHand(key);
    await deaf.join(task, {});
    const ops = Array.from({ length: 60 }, (_, i) => ({
      n: i + 1,
      layer: user.id,
      op: {
        t: 'create',
        region: {
          id: `r${i}`,
          kind: 'span',
          label: 'name',
          shape: { start: 0, end: 3 },
          attrs: { note: pad(i) },
        },
      },
    }));
    deaf.raw.send(`42/rooms,${JSON.stringify(['room:ops', { task, client, ops }])}`);
    deaf.raw.pause();
    const join = `42/rooms,77${JSON.stringify(['room:join', { task, mode: 'annotate', client }])}`;
    const sockets = async () => (await server.app.rooms.open(task as never)).occupants.all().length;
    for (let i = 0; i < 60 && (await sockets()) === 1; i++) {
      deaf.raw.send(join);
      await new Promise((turn) => setTimeout(turn, 20));
    }
    await eventually(sockets).toBe(0);
    deaf.raw.close();
  });
});
