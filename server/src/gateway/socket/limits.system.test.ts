import type { Problem } from '@concord/core/errors/concord-error';
import { socketLimits } from '@concord/core/protocol/limits';
import type { JoinReply, OpsReply } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRawSocket } from '../../testing/raw-socket.ts';
import { connectPerson, type RoomPerson } from '../../testing/room-person.ts';
import { startTestServer, type TestServer } from '../../testing/server.ts';
import { enginesHere } from '../engine/index.ts';

const client = 'client-0001';
const MiB = 1024 * 1024;

describe.each(enginesHere())('what a server bears, on %s', (engine) => {
  let server: TestServer;
  /** Somebody who does everything right, in a room of their own. */
  let honest: RoomPerson;
  let honestTask: string;
  let n = 0;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer({ engine });
    honest = await connectPerson(server);
    honestTask = await newTask();
    await honest.ask('room:join', { task: honestTask, mode: 'annotate', client });
  });
  afterAll(async () => {
    honest.socket.disconnect();
    await server.close();
  });

  async function newTask(fields: Parameters<TestServer['createProject']>[0] = {}): Promise<string> {
    const project = await server.createProject({ name: `Bears ${++made}`, ...fields });
    const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
      data: { text: 'a letter' },
    });
    return task.id;
  }
  const classify = (count: number, layer: string, label = 'spam') => ({
    n: count,
    layer,
    op: { t: 'classify', set: { label } },
  });
  /** Nothing else was disturbed. */
  async function expectUndisturbed(): Promise<void> {
    n += 1;
    const ops = [classify(n, honest.user.id, n % 2 === 0 ? 'ham' : 'spam')];
    expect(await honest.ask('room:ops', { task: honestTask, client, ops })).toMatchObject({
      ok: true,
      acked: [{ n, lseq: n }],
    });
  }
  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(name));
    return line === undefined ? 0 : Number(line.slice(line.lastIndexOf(' ')));
  }
  const refused = (auth: object, namespace = '/rooms') =>
    new Promise<Problem>((resolve, reject) => {
      const socket = io(server.url + namespace, {
        transports: ['websocket'],
        auth,
        forceNew: true,
        reconnection: false,
      });
      socket.once('connect', () => reject(new Error('it was let in')));
      socket.once('connect_error', (error) => {
        socket.disconnect();
        resolve((error as unknown as { data: Problem }).data);
      });
    });

  test.each([
    [{ protocol: 99 }, 'protocol.version'],
    [{ protocol: 1.5 }, 'protocol.version'],
    [{ protocol: 'two' }, 'protocol.version'],
    [{ protocol: 0 }, 'protocol.version'],
    [{ token: 'ck_gone' }, 'auth.wrong'],
    [{ token: { key: 1 } }, 'auth.required'],
  ])('[PR2] [PR3] [PR10] a connection with %j is refused with %s, and counted', async (auth, code) => {
    const name = `concord_socket_refusals_total{event="connect",code="${code}"}`;
    const before = await metric(name);
    const problem = await refused({ token: honest.key, ...auth });
    expect(problem.code).toBe(code);
    if (code === 'protocol.version')
      expect(problem.errors[0]).toMatchObject({
        path: 'auth.protocol',
        value: String((auth as { protocol?: unknown }).protocol),
        remedy: expect.any(String),
      });
    expect(await metric(name)).toBe(before + 1);
    await expectUndisturbed();
  });

  test('[PR1] nobody is let into socket.io’s own namespace', async () => {
    expect(await refused({ token: honest.key }, '/')).toMatchObject({
      code: 'not_found',
      errors: [{ path: 'namespace', remedy: expect.any(String) }],
    });
  });

  test('[PR7] [PR8] [PR9] [PR13] malformed, forged and foreign messages are answered to their sender alone', async () => {
    const eve = await connectPerson(server);
    const task = await newTask();
    const other = await newTask();
    await eve.ask('room:join', { task, mode: 'annotate', client });
    const op = classify(1, eve.user.id);
    const ops = (fields: object) => ({ task, client, ops: [op], ...fields });
    const cases: [event: string, message: unknown, code: string, path?: string][] = [
      ['room:ops', null, 'input.invalid', '(whole)'],
      ['room:ops', 'text', 'input.invalid', '(whole)'],
      ['room:ops', ops({ userId: honest.user.id }), 'input.invalid', '(whole)'],
      ['room:ops', ops({ ops: [{ ...op, lseq: 9, seq: 1 }] }), 'input.invalid', 'ops.0'],
      ['room:ops', ops({ ops: [{ ...op, by: honest.user.id }] }), 'input.invalid', 'ops.0'],
      ['room:ops', ops({ ops: [{ ...op, n: 0 }] }), 'input.invalid', 'ops.0.n'],
      ['room:ops', ops({ ops: [{ ...op, n: 1e300 }] }), 'input.invalid', 'ops.0.n'],
      ['room:ops', ops({ ops: [{ ...op, op: { t: 'submit', submissionId: 'sub_a' } }] }), 'input.invalid'],
      ['room:ops', ops({ ops: [] }), 'input.invalid', 'ops'],
      ['room:ops', ops({ ops: Array(501).fill(op) }), 'input.invalid', 'ops'],
      ['room:ops', ops({ task: other }), 'conflict', 'task'],
      ['room:ops', ops({ task: 'tsk_none' }), 'conflict', 'task'],
      ['room:join', { task: 'tsk_none', mode: 'annotate', client }, 'not_found'],
      ['room:join', { task, mode: 'review', client }, 'auth.forbidden'],
      ['room:join', { task, mode: 'annotate', client, since: { usr_a: -1 } }, 'input.invalid'],
      ['room:resolve', { task, client, n: 2, reason: 'mine' }, 'auth.forbidden'],
      ['room:nonsense', {}, 'input.invalid', 'event'],
    ];
    for (const [event, message, code, path] of cases) {
      const reply = await eve.ask(event, message);
      expect([event, message, reply]).toMatchObject([event, message, { ok: false, problem: { code } }]);
      if (path !== undefined && !reply.ok) expect(reply.problem.errors[0]?.path).toBe(path);
    }
    for (const layer of [honest.user.id, 'consensus', 'mdl_x'])
      expect(await eve.ask<OpsReply>('room:ops', ops({ ops: [{ ...op, layer }] }))).toMatchObject({
        ok: true,
        acked: [],
        refused: [{ n: 1, problem: { code: 'auth.forbidden' } }],
      });
    eve.heard.length = 0;
    eve.socket.emit('room:presence', { task, cursor: { x: 'left' } });
    await expect
      .poll(() => eve.heard)
      .toMatchObject([['room:problem', { event: 'room:presence', problem: { code: 'input.invalid' } }]]);
    await expectUndisturbed();
    eve.socket.disconnect();
  });

  test('[RM38] a layer takes 4 MiB and no more; what makes it smaller is taken all the same', async () => {
    const eve = await connectPerson(server);
    const text = 'x'.repeat(400);
    const project = await server.createProject({
      schema: { version: 1, modality: 'text-spans', classes: [{ name: 'name', color: '#d97706' }] },
    });
    const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
      data: { text },
    });
    await eve.ask('room:join', { task: task.id, mode: 'annotate', client });
    let count = 0;
    const send = (op: object) =>
      eve.ask<OpsReply>('room:ops', {
        task: task.id,
        client,
        ops: [{ n: ++count, layer: eve.user.id, op }],
      });
    const region = (i: number) => ({
      id: `r${i}`,
      kind: 'span',
      label: 'name',
      shape: { start: i, end: i + 1 },
      attrs: { pad: 'x'.repeat(65_000) },
    });
    let taken = 0;
    for (let i = 0; i < 80; i++) {
      const reply = await send({ t: 'create', region: region(i) });
      if (reply.ok && reply.acked.length === 1) taken += 1;
      else
        expect(reply).toMatchObject({
          ok: true,
          refused: [
            {
              problem: {
                code: 'room.op_refused',
                errors: [{ path: 'op', value: expect.any(Number), remedy: expect.any(String) }],
              },
            },
          ],
        });
    }
    expect(taken).toBe(64);
    expect(await send({ t: 'delete', id: 'r0' })).toMatchObject({ acked: [{ n: count }] });
    expect(await send({ t: 'create', region: region(90) })).toMatchObject({ acked: [{ n: count }] });
    expect(
      await send({ t: 'create', region: { ...region(91), attrs: { pad: 'x'.repeat(70_000) } } }),
    ).toMatchObject({
      refused: [{ problem: { errors: [{ path: 'shape', remedy: expect.any(String) }] } }],
    });
    const whole = {
      regions: Array.from({ length: 20_001 }, (_, i) => ({ ...region(0), id: `r${i}`, attrs: {} })),
      answers: {},
    };
    const answer = await server
      .as(eve.key)
      .raw('POST', `/tasks/${task.id}/submissions`, { body: { annotation: whole } });
    expect(answer.status).toBe(400);
    expect((await answer.json()) as Problem).toMatchObject({
      errors: [{ path: 'annotation.regions', remedy: 'Give at most 20000 entries.' }],
    });
    await expectUndisturbed();
    eve.socket.disconnect();
  });

  test('[PR21] [PR22] who sends too much is told, and cut when they go on', async () => {
    const eve = await connectPerson(server);
    const task = await newTask();
    await eve.ask('room:join', { task, mode: 'annotate', client });
    const batch = { task, client, ops: Array.from({ length: 500 }, (_, i) => classify(i + 1, eve.user.id)) };
    const replies = await Promise.all(Array.from({ length: 60 }, () => eve.ask<OpsReply>('room:ops', batch)));
    const tooMany = replies.flatMap((reply) => (reply.ok ? [] : [reply.problem]));
    expect(tooMany.length).toBeGreaterThan(5);
    expect(tooMany[0]).toMatchObject({
      code: 'overloaded',
      retry: true,
      errors: [{ path: 'ops', value: socketLimits.ops.perSecond, remedy: expect.any(String) }],
    });
    const before = await metric('concord_flooding_cut_total');
    const raw = await openRawSocket(server.url);
    await raw.next();
    raw.send(`40/rooms,${JSON.stringify({ token: eve.key, protocol: 2 })}`);
    await raw.next();
    const frame = '42/rooms,["room:nonsense"]';
    for (let i = 0; i < 20_000 && !raw.isClosed(); i++) raw.send(frame);
    await raw.closed;
    expect(await metric('concord_flooding_cut_total')).toBe(before + 1);
    await expectUndisturbed();
    eve.socket.disconnect();
  });

  test('[PR20] a message above 8 MiB ends its connection and is never read', async () => {
    const eve = await connectPerson(server);
    await eve.ask('room:leave', { task: honestTask });
    const gone = new Promise<string>((resolve) => {
      eve.socket.once('disconnect', resolve);
    });
    eve.socket.emit('room:ops', 'x'.repeat(100 * MiB));
    expect(await gone).toMatch(/transport/);
    await expectUndisturbed();
  });

  test('[PR23] an account has so many connections, and no fewer once they are closed', async () => {
    const eve = await connectPerson(server);
    const more = await Promise.all(
      Array.from({ length: socketLimits.accountSockets - 1 }, () => connectPerson(server, { as: eve })),
    );
    await Promise.all(more.map((one) => one.ask('room:leave', { task: honestTask })));
    for (const namespace of ['/rooms', '/live'])
      expect(await refused({ token: eve.key }, namespace)).toMatchObject({
        code: 'overloaded',
        retry: true,
        errors: [{ path: 'connections', value: socketLimits.accountSockets, remedy: expect.any(String) }],
      });
    for (const one of more) one.socket.disconnect();
    // Those who go before they are let in are not counted for ever.
    for (let i = 0; i < socketLimits.accountSockets + 20; i++) {
      const raw = await openRawSocket(server.url);
      raw.send(`40/rooms,${JSON.stringify({ token: eve.key, protocol: 2 })}`);
      raw.close();
    }
    await expect
      .poll(async () => {
        const again = await connectPerson(server, { as: eve });
        const reply = await Promise.race([
          again.ask('room:leave', { task: honestTask }),
          new Promise((resolve) => {
            again.socket.once('connect_error', resolve);
          }),
        ]);
        again.socket.disconnect();
        return reply;
      })
      .toMatchObject({ ok: true });
    await expectUndisturbed();
    eve.socket.disconnect();
  });

  test('[PR23] one connection is in 100 rooms at most', async () => {
    const eve = await connectPerson(server, { role: 'super-reviewer' });
    const project = await server.createProject({ name: 'Many rooms' });
    const tasks = await Promise.all(
      Array.from({ length: socketLimits.rooms + 1 }, async (_, i) => {
        const made = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
          data: { text: `letter ${i}` },
        });
        return made.task.id;
      }),
    );
    const join = (task: string) => eve.ask<JoinReply>('room:join', { task, mode: 'review', client });
    for (const task of tasks.slice(0, -1)) expect(await join(task)).toMatchObject({ ok: true });
    const [last] = tasks.slice(-1);
    expect(await join(last!)).toMatchObject({
      ok: false,
      problem: { code: 'overloaded', errors: [{ path: 'task', value: socketLimits.rooms }] },
    });
    expect(await join(tasks[0]!)).toMatchObject({ ok: true });
    await eve.ask('room:leave', { task: tasks[0] });
    expect(await join(last!)).toMatchObject({ ok: true });
    eve.socket.disconnect();
  });

  test('[PR23] a room has so many connections', async () => {
    const task = await newTask({ visibility: 'open' });
    const room = await server.app.rooms.open(task as TaskId);
    const stored = await server.platform.store.get('tasks', task);
    const { record: project } = await server.app.projects.get(stored!.record.projectId);
    const user = {
      id: 'usr_crowd',
      name: 'c',
      display: 'c',
      role: 'lead',
      active: true,
      color: '#000000',
    } as const;
    const nothing = () => {};
    for (let i = 0; i < socketLimits.roomConnections; i++)
      room.occupants.add(
        {
          id: `crowd-${i}`,
          user,
          mode: 'review',
          enter: nothing,
          quit: nothing,
          state: nothing,
          sendAway: nothing,
        },
        { state: room.state(), project, task: stored!.record },
      );
    const eve = await connectPerson(server);
    const join = () => eve.ask<JoinReply>('room:join', { task, mode: 'annotate', client });
    expect(await join()).toMatchObject({
      ok: false,
      problem: { code: 'overloaded', errors: [{ path: 'task', value: task, remedy: expect.any(String) }] },
    });
    // The refused one is not in it.
    const ops = { task, client, ops: [classify(1, eve.user.id)] };
    expect(await eve.ask('room:ops', ops)).toMatchObject({ ok: false, problem: { code: 'conflict' } });
    room.occupants.remove('crowd-0');
    expect(await join()).toMatchObject({ ok: true });
    for (const { id } of room.occupants.all()) if (id !== eve.socket.id) room.occupants.remove(id);
    await expectUndisturbed();
    eve.socket.disconnect();
  });

  test('[PR43] a second join of a room takes the place of the first', async () => {
    const eve = await connectPerson(server);
    const task = await newTask();
    const join = { task, mode: 'annotate', client };
    for (const view of [{ here: 1 }, { here: 1 }])
      expect(await eve.ask<JoinReply>('room:join', join)).toMatchObject({ ok: true, view });
    await eve.ask('room:ops', { task, client, ops: [classify(1, eve.user.id)] });
    expect(eve.heard.filter(([event]) => event === 'room:ops').length).toBe(1);
    eve.socket.disconnect();
  });

  test('[PR2] a connection ends with the account it came with', async () => {
    const eve = await connectPerson(server);
    await eve.ask('room:leave', { task: honestTask });
    const gone = new Promise<string>((resolve) => {
      eve.socket.once('disconnect', resolve);
    });
    await server.api.patch(`/users/${eve.user.id}`, { active: false });
    expect(await gone).toBe('io server disconnect');
    expect((await refused({ token: eve.key })).code).toBe('auth.wrong');
    await expectUndisturbed();
  });

  test.each(['42/rooms,["room:ops"', '42/rooms,["disconnect"]', '42/none,["x"]', '42/rooms,{}', '4no'])(
    '[PR11] text that is not the protocol ends its connection: %s',
    async (frame) => {
      const raw = await openRawSocket(server.url);
      await raw.next();
      raw.send(`40/rooms,${JSON.stringify({ token: honest.key, protocol: 2 })}`);
      await raw.next();
      raw.send(frame);
      await raw.closed;
      await expectUndisturbed();
    },
  );

  test('[PR9] a subscription that is refused has joined nothing', async () => {
    const lead = await connectPerson(server, { role: 'lead', namespace: '/live' });
    expect(await lead.ask('live:subscribe', { topics: ['projects', 'nothing'] })).toMatchObject({
      ok: false,
      problem: { code: 'input.invalid' },
    });
    expect(await lead.ask('live:subscribe', { topics: ['disputes'] })).toMatchObject({ ok: true });
    lead.heard.length = 0;
    server.platform.live.publish({ topic: 'projects', kind: 'hand' });
    server.platform.live.publish({ topic: 'disputes', kind: 'hand' });
    await expect.poll(() => lead.heard).toEqual([['live:update', { topic: 'disputes', kind: 'hand' }]]);
    lead.socket.disconnect();
  });
});
