import type { Reply, RoomToServer, ServerToRoom } from '@concord/core/protocol/rooms';
import { io, type Socket } from 'socket.io-client';
import { expect, it } from 'vitest';
import { enginesHere } from '../gateway/engine/index.ts';
import { startTestServer } from '../testing/server.ts';

const SECRET = 'the-secret-reason-of-ann';
type Client = Socket<ServerToRoom, RoomToServer>;
const ask = (socket: Client, event: string, message: object) =>
  new Promise<Reply<Record<string, unknown>>>((done) => {
    (
      socket as unknown as {
        emit(e: string, m: object, r: (reply: Reply<Record<string, unknown>>) => void): void;
      }
    ).emit(event, message, done);
  });

it.each(enginesHere().flatMap((engine) => [1, 2].map((protocol) => [engine, protocol] as const)))(
  '[RM15] [RM16] gives a blind annotator nothing of another one by any route, on %s in version %i',
  async (engine, protocol) => {
    const server = await startTestServer({ engine });
    const project = await server.createProject({
      visibility: 'blind',
      schema: {
        version: 1,
        modality: 'text-classification',
        classes: [
          { name: 'spam', color: '#d97706' },
          { name: 'ham', color: '#2563eb' },
        ],
        reason: { ask: true, required: false, prompt: 'why' },
      },
      rules: {
        overlap: { min: 3, max: 3 },
        minAgreement: 0.5,
        minConfidence: 0.5,
        consensus: 'majority',
        leaseMs: 600_000,
      },
    });
    const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
      data: { text: 'a letter' },
    });
    const [ann, ben] = [await server.addUser('ann', 'annotator'), await server.addUser('ben', 'annotator')];
    const heard: unknown[] = [];
    const connect = (key: string): Client =>
      io(`${server.url}/rooms`, {
        transports: ['websocket'],
        auth: { token: key, protocol },
        forceNew: true,
      });
    const [annSocket, benSocket] = [connect(ann.key), connect(ben.key)];
    benSocket.onAny((...all) => heard.push(all));

    heard.push(
      await ask(benSocket, 'room:join', { task: task.id, mode: 'annotate', client: 'ben-client-1' }),
    );
    await ask(annSocket, 'room:join', { task: task.id, mode: 'annotate', client: 'ann-client-1' });
    await ask(annSocket, 'room:ops', {
      task: task.id,
      client: 'ann-client-1',
      ops: [
        { n: 1, layer: ann.user.id, op: { t: 'classify', set: { label: 'spam', reason: SECRET } } },
        { n: 2, layer: ann.user.id, op: { t: 'comment', id: 'c1', region: null, text: SECRET } },
      ],
    });
    expect((await ask(annSocket, 'room:submit', { task: task.id, client: 'ann-client-1', n: 3 })).ok).toBe(
      true,
    );

    // Late join, resync from nothing, resync from a made-up place, review mode, writing to another's layer, settling.
    heard.push(
      await ask(benSocket, 'room:join', { task: task.id, mode: 'annotate', client: 'ben-client-1' }),
    );
    heard.push(
      await ask(benSocket, 'room:join', {
        task: task.id,
        mode: 'annotate',
        client: 'ben-client-1',
        since: { [ann.user.id]: 0, consensus: 0 },
      }),
    );
    const review = await ask(benSocket, 'room:join', {
      task: task.id,
      mode: 'review',
      client: 'ben-client-2',
    });
    expect(review).toMatchObject({ ok: false, problem: { code: 'auth.forbidden' } });
    const write = await ask(benSocket, 'room:ops', {
      task: task.id,
      client: 'ben-client-1',
      ops: [{ n: 1, layer: ann.user.id, op: { t: 'classify', set: { label: 'ham' } } }],
    });
    heard.push(write);
    expect(write).toMatchObject({ ok: true, acked: [], refused: [{ problem: { code: 'auth.forbidden' } }] });
    heard.push(
      await ask(benSocket, 'room:resolve', { task: task.id, client: 'ben-client-1', n: 2, reason: 'x' }),
    );
    // His own submission in a blind project opens nothing.
    await ask(benSocket, 'room:ops', {
      task: task.id,
      client: 'ben-client-1',
      ops: [{ n: 3, layer: ben.user.id, op: { t: 'classify', set: { label: 'ham' } } }],
    });
    heard.push(await ask(benSocket, 'room:submit', { task: task.id, client: 'ben-client-1', n: 4 }));

    const paths = [
      `/tasks/${task.id}`,
      `/tasks/${task.id}/submissions`,
      `/tasks/${task.id}/history`,
      `/projects/${project.id}/tasks`,
      `/projects/${project.id}/tasks?answer=spam`,
      `/projects/${project.id}/finalizations`,
      `/projects/${project.id}/agreement`,
      `/projects/${project.id}/annotators`,
      `/projects/${project.id}/export`,
      `/datasets`,
      `/datasets/${project.id}/export`,
      '/events?after=0',
      '/disputes',
      '/audit',
    ];
    for (const path of paths) {
      const answer = await fetch(`${server.url}/api/v1${path}`, {
        headers: { authorization: `Bearer ${ben.key}` },
        signal: AbortSignal.timeout(3000),
      });
      const text = await answer.text();
      heard.push([path, answer.status, text]);
      if (answer.ok && path.includes('answer=spam')) expect(JSON.parse(text).items).toEqual([]);
    }
    const live = io(`${server.url}/live`, {
      transports: ['websocket'],
      auth: { token: ben.key, protocol },
      forceNew: true,
    });
    for (const topic of [
      'disputes',
      'projects',
      `imports:${project.id}`,
      `datasets:${project.id}`,
      'rooms',
    ]) {
      expect(await ask(live as never, 'live:subscribe', { topics: [topic] })).toMatchObject({ ok: false });
    }
    const all = JSON.stringify(heard);
    expect(all).not.toContain(SECRET);
    expect(all).not.toContain(`"layer":"${ann.user.id}"`);
    for (const socket of [annSocket, benSocket, live]) socket.disconnect();
    await server.close();
  },
);

it('[RM13] [RM23] keeps what was acknowledged through a crash, and takes a resend once', async () => {
  const first = await startTestServer();
  const project = await first.createProject();
  const { task } = await first.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
    data: { text: 'a letter' },
  });
  const ann = await first.addUser('ann', 'annotator');
  const connect = (url: string): Client =>
    io(`${url}/rooms`, {
      transports: ['websocket'],
      auth: { token: ann.key, protocol: 2 },
      forceNew: true,
      reconnection: false,
    });
  const before = connect(first.url);
  await ask(before, 'room:join', { task: task.id, mode: 'annotate', client: 'ann-client-1' });
  const ops = {
    task: task.id,
    client: 'ann-client-1',
    ops: [{ n: 1, layer: ann.user.id, op: { t: 'classify', set: { label: 'spam' } } }],
  };
  expect(await ask(before, 'room:ops', ops)).toMatchObject({ acked: [{ n: 1, lseq: 1 }] });
  before.disconnect();
  await first.crash();

  const second = await startTestServer({ data: first.data });
  const after = connect(second.url);
  const joined = await ask(after, 'room:join', { task: task.id, mode: 'annotate', client: 'ann-client-1' });
  expect(joined).toMatchObject({
    ok: true,
    acked: 1,
    layers: [{ lseq: 1, answers: { label: { value: 'spam' } } }],
  });
  expect(await ask(after, 'room:ops', ops)).toMatchObject({ acked: [{ n: 1, lseq: 0 }], refused: [] });
  after.disconnect();
  await second.close();
});
