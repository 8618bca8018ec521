import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JoinReply, OpsReply, Reply, RoomToServer, ServerToRoom } from '@concord/core/protocol/rooms';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { applyAll, emptyRoom } from '@concord/core/rooms/apply';
import type { ClientOp } from '@concord/core/rooms/op';
import type { RoomState } from '@concord/core/rooms/state';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

type Client = Socket<ServerToRoom, RoomToServer>;
const CLIENT = 'ann-client-1';
const OPS = 460;

/** Spans that are made, moved and deleted, comments on some: no two stretches of the log leave the same room. */
function opOf(i: number): ClientOp {
  const region = `r${i - (i % 4)}`;
  const shape = { start: i, end: i + 3 };
  if (i % 4 === 0) return { t: 'create', region: { id: region, kind: 'span', label: 'name', shape } };
  if (i % 4 === 1) return { t: 'update', id: region, set: { shape } };
  if (i % 4 === 2) return { t: 'comment', id: `c${i}`, region, text: `about ${i}` };
  return i % 8 === 3 ? { t: 'delete', id: region } : { t: 'update', id: region, set: { label: 'place' } };
}

describe('[RM3] a room after a restart', () => {
  let data: string;
  let server: TestServer;
  let project: Project;
  let task: Task;
  let ann: { user: User; key: string };
  let sockets: Client[];
  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'concord-snapshot-'));
    sockets = [];
    server = await startTestServer({ data });
    project = await server.createProject({
      schema: {
        version: 1,
        modality: 'text-spans',
        classes: [
          { name: 'name', color: '#d97706' },
          { name: 'place', color: '#2563eb' },
        ],
      },
    });
    const body = { data: { text: 'A long speech about many things. '.repeat(20) } };
    ({ task } = await server.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, body));
    ann = await server.addUser('ann', 'annotator');
  });
  afterEach(async () => {
    for (const socket of sockets) socket.disconnect();
    await server.close();
    rmSync(data, { recursive: true, force: true });
  });

  function connect(): Client {
    const auth = { token: ann.key, protocol: 1 };
    const socket: Client = io(`${server.url}/rooms`, { transports: ['websocket'], auth, forceNew: true });
    sockets.push(socket);
    return socket;
  }
  async function ask<T>(socket: Client, event: string, message: object): Promise<T> {
    const reply = (await socket.timeout(10_000).emitWithAck(event as 'room:join', message as never)) as Reply<
      T & object
    >;
    if (!reply.ok) throw new Error(JSON.stringify(reply.problem));
    return reply;
  }
  const enter = (socket: Client, since = {}) =>
    ask<JoinReply>(socket, 'room:join', { task: task.id, mode: 'annotate', client: CLIENT, since });
  async function send(socket: Client, from: number, to: number): Promise<void> {
    for (let start = from; start < to; start += 20) {
      const ops = Array.from({ length: Math.min(20, to - start) }, (_, i) => ({
        n: start + i + 1,
        layer: ann.user.id,
        op: opOf(start + i),
      }));
      const reply = await ask<OpsReply>(socket, 'room:ops', { task: task.id, client: CLIENT, ops });
      expect(reply.refused).toEqual([]);
    }
  }
  const roomNow = async () => (await server.app.rooms.open(task.id)).state();
  const log = () => server.platform.store.log;

  /** Labels long enough for two snapshots, kills the server, and starts one that notes which entries it reads. */
  async function labelThenRestart(): Promise<{ before: RoomState; reads: () => readonly number[] }> {
    const socket = connect();
    await enter(socket);
    await send(socket, 0, OPS);
    const before = await roomNow();
    socket.disconnect();
    await server.crash();
    server = await startTestServer({ data });
    const read = vi.spyOn(log(), 'read');
    return { before, reads: () => read.mock.calls.map(([, after]) => after) };
  }

  it('stands as its newest snapshot and what came after; what lies before is not read again', async () => {
    const { before, reads } = await labelThenRestart();
    const snapshot = await log().getSnapshot(task.id);
    expect(snapshot?.seq).toBeGreaterThan(OPS / 2);
    expect(snapshot?.seq).toBeLessThan(OPS);

    const { layers, acked } = await enter(connect());
    expect(layers).toEqual([before.layers[ann.user.id]]);
    expect(acked).toBe(OPS);
    expect(await roomNow()).toEqual(before);
    expect(reads()).toEqual([snapshot?.seq]);
    expect(applyAll(emptyRoom, await log().read(task.id, 0))).toEqual(before);
  });

  it('gives who comes back what they missed, and reads no more of the log than that takes', async () => {
    const { before, reads } = await labelThenRestart();
    await roomNow();
    const held = before.layers[ann.user.id]!.lseq - 7;
    const { layers, missed } = await enter(connect(), { [ann.user.id]: held });
    expect(layers).toEqual([]);
    expect(missed.map(({ lseq }) => lseq)).toEqual([1, 2, 3, 4, 5, 6, 7].map((i) => held + i));
    expect(Math.min(...reads())).toBeGreaterThanOrEqual(OPS / 2);
  });

  const damages: Record<string, (state: string) => string> = {
    'was cut short': (state) => state.slice(0, -100),
    'is empty': () => '',
    'is no JSON': () => 'oops',
    'is the JSON of something else': () => '[]',
    'says another word than was written': (state) => state.replace('"place"', '"name"'),
    'counts further than it was written': (state) => state.replace(/"seq":\d+/, '"seq":450'),
  };
  for (const [how, damage] of Object.entries(damages)) {
    it(`stands as its log when the snapshot ${how}, and has a good one again later`, async () => {
      const { before, reads } = await labelThenRestart();
      const good = (await log().getSnapshot(task.id))!;
      const bad = damage(good.state);
      expect(bad).not.toBe(good.state);
      await log().putSnapshot(task.id, good.seq, bad);

      const socket = connect();
      const { layers } = await enter(socket);
      expect(layers).toEqual([before.layers[ann.user.id]]);
      expect(await roomNow()).toEqual(before);
      expect(reads()).toEqual([0]);

      await send(socket, OPS, OPS + 4);
      const after = await roomNow();
      await server.crash();
      server = await startTestServer({ data });
      const read = vi.spyOn(log(), 'read');
      expect(await roomNow()).toEqual(after);
      expect(read.mock.calls.map(([, from]) => from)).toEqual([after.seq]);
    });
  }

  it('lets the work go on when a snapshot cannot be written', async () => {
    const put = vi.spyOn(log(), 'putSnapshot').mockRejectedValue(new Error('no space'));
    const socket = connect();
    await enter(socket);
    await send(socket, 0, OPS);
    expect(put).toHaveBeenCalled();
    expect((await roomNow()).layers[ann.user.id]?.lseq).toBe(OPS);
  });
});
