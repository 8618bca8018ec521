import type { Problem } from '@concord/core/errors/concord-error';
import type { Finalization } from '@concord/core/records/finalization';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

describe('two who settle at once', () => {
  let server: TestServer;
  let project: string;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer();
    project = (await server.createProject()).id;
  });
  afterAll(() => server.close());

  async function newTask(): Promise<string> {
    const data = { text: `item ${++made}` };
    return (await server.api.post<{ task: { id: string } }>(`/projects/${project}/tasks`, { data })).task.id;
  }
  const decide = (task: string, label: string, more: object = {}, headers: Record<string, string> = {}) =>
    server.api.raw('POST', `/tasks/${task}/decisions`, {
      body: { reason: 'looked', answer: { regions: [], answers: { label } }, ...more },
      headers,
    });
  const finalizations = async (task: string) =>
    (
      await server.api.get<{ items: Finalization[] }>(`/projects/${project}/finalizations?limit=500`)
    ).items.filter((f) => f.taskId === task);

  test('the second is told, when both say which revision they saw', async () => {
    const task = await newTask();
    const answers = await Promise.all([
      decide(task, 'spam', { revision: 0 }),
      decide(task, 'ham', { revision: 0 }),
    ]);
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409]);
    const refused = answers.find((a) => a.status === 409);
    expect((await refused?.json()) as Problem).toMatchObject({
      code: 'conflict',
      errors: [{ path: 'revision', value: 0, remedy: expect.stringContaining('revision 1') }],
    });
    expect(await finalizations(task)).toHaveLength(1);
    expect((await decide(task, 'ham', { revision: 1 })).status).toBe(200);
    expect((await finalizations(task)).map((f) => f.revision)).toEqual([1, 2]);
  });

  test('the reason is told to who took part, and to no other annotator', async () => {
    const task = await newTask();
    const ann = server.as((await server.addUser('took-part', 'annotator')).key);
    const ben = server.as((await server.addUser('did-not', 'annotator')).key);
    const annotation = { regions: [], answers: { label: 'ham' } };
    await ann.post(`/tasks/${task}/submissions`, { annotation, leadTimeMs: 1 });
    const settled = async (as: typeof ann) =>
      (await as.get<{ settled?: unknown }>(`/tasks/${task}?to=annotate`)).settled;
    expect(await settled(ann)).toBeUndefined();
    expect((await decide(task, 'spam')).status).toBe(200);
    expect(await settled(ann)).toMatchObject({ reason: 'looked', by: expect.any(String) });
    expect(await settled(ben)).toBeUndefined();
  });

  test('the same call sent again under its Idempotency-Key is one decision', async () => {
    const task = await newTask();
    const once = () => decide(task, 'spam', {}, { 'idempotency-key': `decide-${task}` });
    const first = (await (await once()).json()) as Finalization;
    expect((await (await once()).json()) as Finalization).toEqual(first);
    expect(await finalizations(task)).toHaveLength(1);
  });

  test('over sockets, too; a resend is no second decision', async () => {
    const task = await newTask();
    const sockets = await Promise.all(
      ['reviewer-one', 'reviewer-two'].map(async (name) => {
        const { key } = await server.addUser(name, 'super-reviewer');
        const socket = io(`${server.url}/rooms`, {
          transports: ['websocket'],
          auth: { token: key, protocol: 2 },
          forceNew: true,
        });
        await socket.emitWithAck('room:join', { task, mode: 'review', client: name });
        return { socket, name };
      }),
    );
    const answer = { regions: [], answers: { label: 'spam' } };
    const resolve = ({ socket, name }: (typeof sockets)[number]) =>
      socket.emitWithAck('room:resolve', {
        task,
        client: name,
        n: 1,
        reason: 'x',
        answer,
        revision: 0,
      }) as Promise<{
        ok: boolean;
        problem?: Problem;
      }>;
    const replies = await Promise.all(sockets.map(resolve));
    expect(replies.map((r) => r.ok).sort()).toEqual([false, true]);
    expect(replies.find((r) => !r.ok)?.problem?.code).toBe('conflict');
    const winner = sockets[replies.findIndex((r) => r.ok)];
    expect(winner && (await resolve(winner))).toMatchObject({ ok: true, revision: 1 });
    expect(await finalizations(task)).toHaveLength(1);
    for (const { socket } of sockets) socket.close();
  });
});
