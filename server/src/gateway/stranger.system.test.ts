import type { Problem } from '@concord/core/errors/concord-error';
import type { TaskDetail } from '@concord/core/protocol/resources';
import type { JoinReply, OpsReply, Reply, SubmitReply } from '@concord/core/protocol/rooms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readServerSentEvents } from '../cli/server-sent-events.ts';
import { openRawSocket, type RawSocket } from '../testing/raw-socket.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { enginesHere } from './engine/index.ts';

/** A client that knows docs/protocol.md and nothing else: text frames as that page shows them. */
async function connect(url: string, auth: object) {
  const socket = await openRawSocket(url);
  expect(await socket.next()).toMatch(/^0\{"sid":/);
  socket.send(`40/rooms,${JSON.stringify(auth)}`);
  return { socket, welcome: await socket.next() };
}

function createCaller(socket: RawSocket) {
  let calls = 0;
  const heard: [string, unknown][] = [];
  return {
    heard,
    async call<T>(event: string, body: object): Promise<Reply<T>> {
      const id = calls++;
      socket.send(`42/rooms,${id}${JSON.stringify([event, body])}`);
      for (;;) {
        const frame = await socket.next();
        if (frame.startsWith(`43/rooms,${id}[`)) return JSON.parse(frame.slice(`43/rooms,${id}`.length))[0];
        if (frame.startsWith('42/rooms,')) heard.push(JSON.parse(frame.slice('42/rooms,'.length)));
      }
    },
  };
}

describe.each(enginesHere())('docs/protocol.md, word by word, on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ engine });
  });
  afterAll(() => server.close());

  test('[PR2] [PR3] a refused connection says why', async () => {
    const { key } = await server.addUser('early', 'annotator');
    for (const [auth, code] of [
      [{ protocol: 1 }, 'auth.required'],
      [{ token: 'ck_wrong', protocol: 1 }, 'auth.wrong'],
      [{ token: key, protocol: 99 }, 'protocol.version'],
    ] as const) {
      const { socket, welcome } = await connect(server.url, auth);
      expect(welcome.startsWith('44/rooms,')).toBe(true);
      const refusal = JSON.parse(welcome.slice('44/rooms,'.length)) as { data: Problem };
      expect(refusal.data.code).toBe(code);
      socket.close();
    }
  });

  test.each([1, 2])(
    '[PR7] [PR42] version %i, from a key to a settled item on the stream: one over HTTP, one over bare frames',
    async (protocol) => {
      const project = await server.createProject({ name: `Strangers ${protocol}` });
      const text = 'You have won a prize';
      await server.api.post(`/projects/${project.id}/tasks`, { data: { text } });
      const overHttp = server.as((await server.addUser(`http-bot-${protocol}`, 'annotator')).key);
      const socketUser = await server.addUser(`socket-bot-${protocol}`, 'annotator');

      const detail = await overHttp.post<TaskDetail>(`/projects/${project.id}/next`);
      expect(detail.asset.data).toEqual({ text });
      const task = detail.task.id;
      await overHttp.post(`/tasks/${task}/submissions`, {
        annotation: { regions: [], answers: { label: 'spam' } },
        leadTimeMs: 4200,
      });

      const { socket, welcome } = await connect(server.url, { token: socketUser.key, protocol });
      expect(welcome).toMatch(/^40\/rooms,\{"sid":/);
      const room = createCaller(socket);
      const client = 'device-4f1c';
      const joined = await room.call<JoinReply>('room:join', { task, mode: 'annotate', client });
      expect(joined).toMatchObject({
        ok: true,
        protocol,
        layer: socketUser.user.id,
        acked: 0,
        view: { task, blind: true, state: 'open', agreement: null },
      });
      // Blind: nothing of the other's answer is in what we were sent.
      expect(JSON.stringify(joined)).not.toContain('spam');

      const ops = {
        task,
        client,
        ops: [{ n: 1, layer: socketUser.user.id, op: { t: 'classify', set: { label: 'spam' } } }],
      };
      expect(await room.call<OpsReply>('room:ops', ops)).toEqual({
        ok: true,
        acked: [{ n: 1, lseq: 1 }],
        refused: [],
      });
      expect(await room.call<OpsReply>('room:ops', ops)).toEqual({
        ok: true,
        acked: [{ n: 1, lseq: 0 }],
        refused: [],
      });
      const wrong = { ...ops, ops: [{ ...ops.ops[0], n: 2, op: { t: 'classify', set: { label: 'eggs' } } }] };
      expect(await room.call<OpsReply>('room:ops', wrong)).toMatchObject({
        ok: true,
        acked: [],
        refused: [{ n: 2, problem: { code: 'room.op_refused' } }],
      });
      const news = { layer: socketUser.user.id, from: 0, entries: [{ lseq: 1, client, n: 1 }] };
      expect(room.heard.find(([event]) => event === 'room:ops')).toMatchObject([
        'room:ops',
        protocol === 1 ? { task, ...news } : { task, batch: [news] },
      ]);
      expect(await room.call('room:ops', { task, client: 'x' })).toMatchObject({
        ok: false,
        problem: {
          code: 'input.invalid',
          errors: expect.arrayContaining([expect.objectContaining({ path: 'client' })]),
        },
      });

      const submit = { task, client, n: 3, leadTimeMs: 900 };
      expect(await room.call<SubmitReply>('room:submit', submit)).toMatchObject({
        ok: true,
        state: 'finalized',
      });
      socket.close();

      // Back after a cut: nothing is asked for twice.
      const again = await connect(server.url, { token: socketUser.key, protocol });
      const back = await createCaller(again.socket).call<JoinReply>('room:join', {
        task,
        mode: 'annotate',
        client,
        since: { [socketUser.user.id]: 1 },
      });
      expect(back).toMatchObject({ ok: true, acked: 3 });
      again.socket.close();

      const stop = new AbortController();
      const stream = await server.api.raw(
        'GET',
        `/events?after=0&project=${project.id}&types=concord.item.finalized.v1`,
        {
          signal: stop.signal,
        },
      );
      expect(stream.headers.get('content-type')).toContain('text/event-stream');
      if (!stream.body) throw new Error('no stream');
      for await (const message of readServerSentEvents(stream.body)) {
        const event = JSON.parse(message.data) as { id: string; data: { finalization: { answer: unknown } } };
        expect(event.id).toBe(`${task}:1`);
        expect(event.data.finalization.answer).toMatchObject({ answers: { label: 'spam' } });
        break;
      }
      stop.abort();
    },
  );
});
