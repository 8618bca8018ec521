import type { JoinReply, OpsReply, Reply, SubmitReply } from '@concord/core/protocol/rooms';
import type { Project } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';
import { createVirtualClock } from '@concord/platform/testing/clock-virtual';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

interface Person {
  readonly id: string;
  readonly socket: Socket;
  readonly heard: [string, unknown][];
  ask<T>(event: string, message: object): Promise<Reply<T>>;
}

let made = 0;
async function person(
  server: TestServer,
  role: 'annotator' | 'super-reviewer' = 'annotator',
): Promise<Person> {
  const { user, key } = await server.addUser(`p-${++made}`, role);
  const socket = io(`${server.url}/rooms`, {
    transports: ['websocket'],
    auth: { token: key, protocol: 2 },
    forceNew: true,
  });
  const heard: [string, unknown][] = [];
  socket.onAny((event: string, message: unknown) => heard.push([event, message]));
  return {
    id: user.id,
    socket,
    heard,
    ask: (event, message) => new Promise((done) => socket.emit(event, message, done)),
  };
}

async function taskIn(
  server: TestServer,
  fields: Partial<Project> = {},
): Promise<{ task: string; project: Project }> {
  const project = await server.createProject({ name: `Room ${++made}`, ...fields });
  const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
    data: { text: `a letter ${made}` },
  });
  return { task: task.id, project };
}
const client = 'client-0001';
const classify = (n: number, layer: string, label: string) => ({
  n,
  layer,
  op: { t: 'classify', set: { label } },
});

describe('rooms under odd clients', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const standing = async (task: string) =>
    (await server.api.get<{ items: Submission[] }>(`/tasks/${task}/submissions`)).items;

  it('[RM26] a submit sent right behind ops covers them, time after time', async () => {
    const ann = await person(server);
    for (let round = 0; round < 15; round++) {
      const { task } = await taskIn(server);
      await ann.ask('room:join', { task, mode: 'annotate', client });
      const first = ann.ask<OpsReply>('room:ops', { task, client, ops: [classify(1, ann.id, 'spam')] });
      const second = ann.ask<OpsReply>('room:ops', { task, client, ops: [classify(2, ann.id, 'ham')] });
      const submitted = ann.ask<SubmitReply>('room:submit', { task, client, n: 3 });
      expect(await Promise.all([first, second, submitted])).toMatchObject([
        { ok: true },
        { ok: true },
        { ok: true },
      ]);
      expect((await standing(task)).map((s) => s.annotation.answers)).toEqual([{ label: 'ham' }]);
    }
    ann.socket.disconnect();
  });

  it('[RM13] two people with one client id are two clients, and neither learns of the other', async () => {
    const [ann, ben] = [await person(server), await person(server)];
    const { task } = await taskIn(server, { visibility: 'blind' });
    await ann.ask('room:join', { task, mode: 'annotate', client });
    const ops = (of: Person) => ({
      task,
      client,
      ops: [classify(1, of.id, 'spam'), classify(2, of.id, 'ham')],
    });
    await ann.ask('room:ops', ops(ann));
    expect(await ben.ask<JoinReply>('room:join', { task, mode: 'annotate', client })).toMatchObject({
      acked: 0,
    });
    expect(await ben.ask<OpsReply>('room:ops', ops(ben))).toMatchObject({
      acked: [
        { n: 1, lseq: 1 },
        { n: 2, lseq: 2 },
      ],
    });
    for (const one of [ann, ben]) one.socket.disconnect();
  });

  it('[RM27] others’ submissions and withdrawals send a blind participant nothing', async () => {
    const [ann, ben, eve] = [
      await person(server),
      await person(server),
      await person(server, 'super-reviewer'),
    ];
    const { task } = await taskIn(server, { visibility: 'blind-then-open' });
    for (const one of [ann, ben]) await one.ask('room:join', { task, mode: 'annotate', client });
    await eve.ask('room:join', { task, mode: 'review', client });
    await ann.ask('room:ops', { task, client, ops: [classify(1, ann.id, 'spam')] });
    ben.heard.length = 0;
    await ann.ask('room:submit', { task, client, n: 2 });
    await ann.ask('room:withdraw', { task, client, n: 3 });
    eve.socket.emit('room:presence', { task, cursor: { x: 1, y: 2 }, selection: ['secret-region'] });
    // Ben's own op comes back after all that would have been sent before it.
    await new Promise((done) => setTimeout(done, 150));
    await ben.ask('room:ops', { task, client, ops: [classify(1, ben.id, 'ham')] });
    expect(ben.heard.map(([event]) => event)).toEqual(['room:ops']);
    for (const one of [ann, ben, eve]) one.socket.disconnect();
  });

  it('[RM28] a submission is held to the schema as it is now', async () => {
    const ann = await person(server);
    const { task, project } = await taskIn(server);
    await ann.ask('room:join', { task, mode: 'annotate', client });
    await ann.ask('room:ops', { task, client, ops: [classify(1, ann.id, 'ham')] });
    const classes = [
      { name: 'spam', color: '#d97706' },
      { name: 'wanted', color: '#2563eb' },
    ];
    await server.api.patch(`/projects/${project.id}`, { schema: { ...project.schema, classes } });
    expect(await ann.ask('room:submit', { task, client, n: 2 })).toMatchObject({
      ok: false,
      problem: { code: 'input.invalid', errors: [{ value: 'ham' }] },
    });
    ann.socket.disconnect();
  });

  it('an archived project’s rooms are closed to annotators, and take no work from anybody', async () => {
    const ann = await person(server);
    const { task, project } = await taskIn(server, { visibility: 'open' });
    await ann.ask('room:join', { task, mode: 'annotate', client });
    await server.api.patch(`/projects/${project.id}`, { archived: true });
    expect(
      await ann.ask<OpsReply>('room:ops', { task, client, ops: [classify(1, ann.id, 'spam')] }),
    ).toMatchObject({
      ok: true,
      acked: [],
      refused: [{ problem: { code: 'room.closed' } }],
    });
    expect(await ann.ask('room:join', { task, mode: 'annotate', client })).toMatchObject({
      ok: false,
      problem: { code: 'not_found' },
    });
    ann.socket.disconnect();
  });
});

it('[RM29] a cut keeps the claim; who lost it all the same comes back to their work and hands it in', async () => {
  const clock = createVirtualClock(Date.now());
  const server = await startTestServer({ platform: { clock } });
  try {
    const [ann, ben] = [await person(server), await person(server)];
    const project = await server.createProject({
      rules: {
        overlap: { min: 1, max: 1 },
        minAgreement: 0.6,
        minConfidence: 0.6,
        consensus: 'majority',
        leaseMs: 600_000,
      },
    });
    const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
      data: { text: 'a letter' },
    });
    const join = { task: task.id, mode: 'annotate', client };
    const send = (op: object) => ({ task: task.id, client, ops: [op] });
    const back = async () => {
      await new Promise<void>((up) => ann.socket.once('connect', up).connect());
    };
    await ann.ask('room:join', join);
    const drain = async <T>(work: Promise<T>): Promise<T> => {
      let done = false;
      const ended = work.finally(() => {
        done = true;
      });
      while (!done) {
        await clock.advance(1);
        await new Promise((turn) => setTimeout(turn, 1));
      }
      return ended;
    };
    expect(await drain(ann.ask('room:ops', send(classify(1, ann.id, 'spam'))))).toMatchObject({ ok: true });
    ann.socket.disconnect();
    await clock.advance(120_000);
    expect(await ben.ask('room:join', join)).toMatchObject({ ok: false, problem: { code: 'conflict' } });
    await clock.advance(600_000);
    expect(await ben.ask('room:join', join)).toMatchObject({ ok: true });
    await back();
    expect(await ann.ask('room:join', join)).toMatchObject({ ok: true, acked: 1 });
    expect(await drain(ann.ask('room:submit', { task: task.id, client, n: 2 }))).toMatchObject({ ok: true });
    for (const one of [ann, ben]) one.socket.disconnect();
  } finally {
    await server.close();
  }
});
