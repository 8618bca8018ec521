import type { HandItem, NotificationItem, RoomPerson } from '@concord/core/protocol/resources';
import type { Project, Visibility } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import type { Role, User } from '@concord/core/records/user';
import type { ClientOp, LogEntry } from '@concord/core/rooms/op';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLive, connectRooms, type RoomClient } from '../testing/room-client.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

const SECRET = 'the-secret-of-ann';
const comment = (id: string, more: Partial<Extract<ClientOp, { t: 'comment' }>> = {}): ClientOp => ({
  t: 'comment',
  id,
  region: null,
  text: SECRET,
  ...more,
});
const hand = (raised: boolean, text = ''): ClientOp => ({ t: 'hand', raised, text });
const choose = (label: string): ClientOp => ({ t: 'classify', set: { label } });

interface Person {
  readonly user: User;
  readonly key: string;
  readonly room: RoomClient;
  get<T>(path: string): Promise<T>;
}

let server: TestServer;
let opened: { disconnect(): unknown }[] = [];
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  for (const socket of opened) socket.disconnect();
  opened = [];
  await server.close();
});

let names = 0;
async function person(name: string, role: Role): Promise<Person> {
  names += 1;
  const { user, key } = await server.addUser(`${name}-${names}`, role);
  const room = connectRooms(server.url, key, `client-of-${name}`);
  opened.push(room.socket);
  return { user, key, room, get: (path) => server.as(key).get(path) };
}
async function live(who: Person, ...topics: string[]): Promise<readonly unknown[]> {
  const { socket, heard } = await connectLive(server.url, who.key, topics);
  opened.push(socket);
  return heard;
}
async function newTask(visibility: Visibility, overlap = 2): Promise<{ project: Project; task: string }> {
  const project = await server.createProject({
    visibility,
    rules: {
      overlap: { min: overlap, max: overlap },
      minAgreement: 0.5,
      minConfidence: 0.5,
      consensus: 'majority',
      leaseMs: 600_000,
    },
  });
  const { task } = await server.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, {
    data: { text: 'a letter' },
  });
  return { project, task: task.id };
}
const notificationsOf = (who: Person) =>
  who.get<{ items: NotificationItem[]; unread: number }>('/notifications');
const handsOf = async (who: Person, task: string) =>
  (await who.get<{ items: HandItem[] }>('/hands?limit=500')).items.filter((h) => h.taskId === task);
const log = (task: string) => server.platform.store.log.read(task, 0) as Promise<LogEntry[]>;

describe('mentions and replies', () => {
  it('[RM32] reach a reviewer at once, without the words, and are read once', async () => {
    const { project, task } = await newTask('blind-then-open');
    const [ann, eve] = [await person('ann', 'annotator'), await person('eve', 'super-reviewer')];
    const heard = await live(eve, 'notifications');
    await ann.room.enter(task);
    await ann.room.put(task, ann.user.id, comment('c1', { mentions: [eve.user.id] }));
    await expect
      .poll(() => heard, { timeout: 1000 })
      .toEqual([{ topic: 'notifications', kind: 'notifications', userId: eve.user.id }]);
    const { items, unread } = await notificationsOf(eve);
    expect(unread).toBe(1);
    expect(items).toMatchObject([
      {
        kind: 'mention',
        by: { id: ann.user.id },
        taskId: task,
        projectName: project.name,
        layer: ann.user.id,
        comment: 'c1',
        mode: 'review',
        unread: true,
      },
    ]);
    expect(JSON.stringify(items)).not.toContain(SECRET);

    // Others do not mark it, and marking it again changes nothing.
    const read = (who: Person, ids?: string[]) =>
      server.as(who.key).post<{ unread: number }>('/notifications/read', ids ? { ids } : {});
    await read(ann, [items[0]!.id]);
    expect((await notificationsOf(eve)).unread).toBe(1);
    expect(await read(eve, [items[0]!.id])).toEqual({ unread: 0 });
    expect(await read(eve)).toEqual({ unread: 0 });
    expect((await notificationsOf(eve)).items).toMatchObject([{ unread: false }]);
    expect(await eve.get('/notifications?unread=true')).toMatchObject({ items: [] });
  });

  it('[RM32] reach a blind colleague only when they may see the layer, and nobody outside the task ever', async () => {
    const { task } = await newTask('blind-then-open');
    const [ann, ben, cid] = [
      await person('ann', 'annotator'),
      await person('ben', 'annotator'),
      await person('cid', 'annotator'),
    ];
    const heard = await live(ben, 'notifications');
    const cidHeard = await live(cid, 'notifications');
    await ann.room.enter(task);
    await ben.room.enter(task);
    const said = await ann.room.put(
      task,
      ann.user.id,
      comment('c1', { mentions: [ben.user.id, cid.user.id, 'usr_nobody'] }),
    );
    // Whom a mention reaches is not told to who makes it.
    expect(said.refused).toEqual([]);
    expect((await notificationsOf(ben)).items).toEqual([]);
    expect(heard).toEqual([]);
    await ben.room.put(task, ben.user.id, choose('ham'));
    await ben.room.submit(task);
    await expect.poll(() => heard.length, { timeout: 1000 }).toBe(1);
    expect(await notificationsOf(ben)).toMatchObject({
      unread: 1,
      items: [{ by: { id: ann.user.id }, comment: 'c1', mode: 'annotate' }],
    });
    // What is taken back is hidden again.
    await ben.room.ask('room:withdraw', { task, client: ben.room.client, n: ben.room.next() });
    expect(await notificationsOf(ben)).toMatchObject({ unread: 0, items: [] });
    expect((await notificationsOf(cid)).items).toEqual([]);
    expect(cidHeard).toEqual([]);
  });

  it('[RM30] [RM32] tell everybody in a thread of a reply, once', async () => {
    const { task } = await newTask('open');
    const [ann, ben] = [await person('ann', 'annotator'), await person('ben', 'annotator')];
    await ann.room.enter(task);
    await ben.room.enter(task);
    await ann.room.put(task, ann.user.id, comment('c1'));
    const reply = comment('c2', { parent: 'c1', mentions: [ann.user.id, ben.user.id] });
    expect(await ben.room.put(task, ann.user.id, reply)).toMatchObject({ refused: [] });
    expect(await notificationsOf(ann)).toMatchObject({
      unread: 1,
      items: [{ kind: 'mention', comment: 'c2' }],
    });
    expect((await notificationsOf(ben)).items).toEqual([]);
    await ann.room.put(task, ann.user.id, comment('c3', { parent: 'c1' }));
    expect((await notificationsOf(ben)).items).toMatchObject([{ kind: 'reply', comment: 'c3' }]);
    const deeper = await ann.room.put(task, ann.user.id, comment('c4', { parent: 'c3' }));
    expect(deeper).toMatchObject({ acked: [], refused: [{ problem: { code: 'room.op_refused' } }] });
  });

  it('[RM31] [RM17] a reviewer’s words on a blind person’s layer are shown to that person alone, who is exposed first', async () => {
    const { task } = await newTask('blind-then-open');
    const [ann, ben, eve] = [
      await person('ann', 'annotator'),
      await person('ben', 'annotator'),
      await person('eve', 'super-reviewer'),
    ];
    await ann.room.enter(task);
    await ben.room.enter(task);
    await ann.room.put(task, ann.user.id, comment('c1'), choose('spam'));
    // A colleague is refused as for any layer that is not theirs.
    const tried = await ben.room.put(task, ann.user.id, comment('c9'));
    expect(tried).toMatchObject({ acked: [], refused: [{ problem: { code: 'auth.forbidden' } }] });
    await eve.room.enter(task, 'review');
    const answer = comment('c2', { parent: 'c1', text: 'look at the sender' });
    expect(await eve.room.put(task, ann.user.id, answer)).toMatchObject({ refused: [] });
    await expect.poll(() => JSON.stringify(ann.room.heard)).toContain('look at the sender');
    expect(JSON.stringify(ben.room.heard)).not.toContain('look at the sender');
    const entries = await log(task);
    const exposed = entries.flatMap(({ op }) => (op.t === 'expose' ? [op.userId] : []));
    expect(exposed).toContain(ann.user.id);
    expect(exposed).not.toContain(ben.user.id);
    await ben.room.put(task, ben.user.id, choose('ham'));
    for (const who of [ann, ben]) expect((await who.room.submit(task)).ok).toBe(true);
    const { items } = await server.api.get<{ items: Submission[] }>(`/tasks/${task}/submissions`);
    expect(Object.fromEntries(items.map((s) => [s.userId, s.blind]))).toEqual({
      [ann.user.id]: false,
      [ben.user.id]: true,
    });
  });

  it('[RM31] who was away when a reviewer wrote is exposed on coming back, before being shown it', async () => {
    const { task } = await newTask('blind');
    const [ann, eve] = [await person('ann', 'annotator'), await person('eve', 'super-reviewer')];
    await ann.room.enter(task);
    await ann.room.put(task, ann.user.id, comment('c1'));
    await ann.room.ask('room:leave', { task, release: false });
    await eve.room.enter(task, 'review');
    await eve.room.put(task, ann.user.id, comment('c2', { parent: 'c1' }));
    expect((await notificationsOf(ann)).items).toMatchObject([{ kind: 'reply', by: { id: eve.user.id } }]);
    const exposures = async () =>
      (await log(task)).filter(({ op }) => op.t === 'expose' && op.userId === ann.user.id).length;
    expect(await exposures()).toBe(0);
    await ann.room.enter(task);
    expect(await exposures()).toBe(1);
  });
});

describe('raised hands', () => {
  it('[RM33] stand in the reviewers’ list within a second, through a restart, until somebody lowers them', async () => {
    const own = await startTestServer();
    const project = await own.createProject();
    const { task } = await own.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, {
      data: { text: 'x' },
    });
    const ann = await own.addUser('ann', 'annotator');
    const eve = await own.addUser('eve', 'super-reviewer');
    const news = await connectLive(own.url, eve.key, ['disputes']);
    const room = connectRooms(own.url, ann.key, 'client-of-ann');
    await room.enter(task.id);
    await room.put(task.id, ann.user.id, hand(true, 'which of the two?'));
    await expect.poll(() => news.heard, { timeout: 1000 }).toEqual([{ topic: 'disputes', kind: 'hand' }]);
    const expected = [
      {
        taskId: task.id,
        projectName: project.name,
        preview: 'x',
        user: { id: ann.user.id },
        text: 'which of the two?',
      },
    ];
    const list = (at: TestServer) => at.as(eve.key).get<{ items: HandItem[] }>('/hands');
    expect((await list(own)).items).toMatchObject(expected);
    room.socket.disconnect();
    news.socket.disconnect();
    await own.crash();

    const again = await startTestServer({ data: own.data });
    expect((await list(again)).items).toMatchObject(expected);
    const review = connectRooms(again.url, eve.key, 'client-of-eve');
    await review.enter(task.id, 'review');
    expect(await review.put(task.id, ann.user.id, hand(false))).toMatchObject({ refused: [] });
    expect((await list(again)).items).toEqual([]);
    review.socket.disconnect();
    await again.close();
  });

  it('[RM33] are raised and lowered by nobody else', async () => {
    const { task } = await newTask('open');
    const [ann, ben, eve] = [
      await person('ann', 'annotator'),
      await person('ben', 'annotator'),
      await person('eve', 'super-reviewer'),
    ];
    await ann.room.enter(task);
    await ben.room.enter(task);
    await eve.room.enter(task, 'review');
    await ann.room.put(task, ann.user.id, hand(true));
    for (const [who, op] of [
      [ben, hand(false)],
      [ben, hand(true, 'x')],
      [eve, hand(true, 'x')],
    ] as const)
      expect(await who.room.put(task, ann.user.id, op)).toMatchObject({
        refused: [{ problem: { code: 'auth.forbidden' } }],
      });
    expect(await handsOf(eve, task)).toHaveLength(1);
    await expect(ben.get('/hands')).rejects.toThrow(/403/);
    const words = { t: 'hand', raised: false, text: 'no' } as const;
    await expect(ann.room.put(task, ann.user.id, words)).rejects.toThrow(/input.invalid/);
  });

  it('[RM33] go down when the task is settled and when their owner skips it', async () => {
    const { task } = await newTask('blind-then-open');
    const [ann, ben, eve] = [
      await person('ann', 'annotator'),
      await person('ben', 'annotator'),
      await person('eve', 'super-reviewer'),
    ];
    for (const who of [ann, ben]) {
      await who.room.enter(task);
      await who.room.put(task, who.user.id, hand(true, `${who.user.name} wonders`), choose('ham'));
    }
    expect((await handsOf(eve, task)).map((h) => h.text)).toEqual([
      `${ben.user.name} wonders`,
      `${ann.user.name} wonders`,
    ]);
    await ann.room.submit(task);
    expect(await handsOf(eve, task)).toHaveLength(2);
    await ben.room.submit(task);
    expect(await handsOf(eve, task)).toEqual([]);
    const state = (await server.app.rooms.open(task as Task['id'])).state();
    expect([ann, ben].map((who) => state.layers[who.user.id]?.hand)).toEqual([null, null]);

    const second = (await newTask('blind-then-open')).task;
    await ann.room.enter(second);
    await ann.room.put(second, ann.user.id, hand(true));
    await ann.room.ask('room:skip', { task: second, reason: '' });
    expect(await handsOf(eve, second)).toEqual([]);
  });

  it('[RM34] raised, answered and lowered, change neither who is blind nor any figure', async () => {
    const figures: unknown[] = [];
    for (const raises of [false, true]) {
      const { project, task } = await newTask('blind-then-open');
      const [ann, ben, eve] = [
        await person('ann', 'annotator'),
        await person('ben', 'annotator'),
        await person('eve', 'super-reviewer'),
      ];
      await ann.room.enter(task);
      await ben.room.enter(task);
      if (raises) {
        await ann.room.put(task, ann.user.id, hand(true, 'is it?'));
        await eve.room.enter(task, 'review');
        await eve.room.put(task, ann.user.id, hand(false));
        await ann.room.put(task, ann.user.id, hand(true));
      }
      for (const who of [ann, ben]) {
        await who.room.put(task, who.user.id, choose('ham'));
        await who.room.submit(task);
      }
      const { items } = await server.api.get<{ items: Submission[] }>(`/tasks/${task}/submissions`);
      const detail = await server.api.get<{ task: Task }>(`/tasks/${task}`);
      const rest = await server.api.get(`/projects/${project.id}/agreement`);
      const pairs = await server.api.get<{ items: { kappa: number | null }[] }>(
        `/projects/${project.id}/agreement/pairs`,
      );
      figures.push({
        blind: items.map((s) => [s.blind, s.annotation]),
        agreement: detail.task.agreement,
        confidence: detail.task.confidence,
        kappas: pairs.items.map((p) => p.kappa),
        rest,
      });
    }
    expect(figures[0]).toMatchObject({
      blind: [
        [true, { answers: { label: 'ham' } }],
        [true, {}],
      ],
    });
    expect(figures[1]).toEqual(figures[0]);
  });
});

describe('presence', () => {
  const presenceHeard = (who: Person) =>
    who.room.heard.flatMap(([event, message]) =>
      event === 'room:presence' ? (message as { people: Record<string, unknown>[] }).people : [],
    );

  it('gathers what changed within one beat; [RM36] what somebody holds others may still change', async () => {
    const { task } = await newTask('open');
    const [ann, ben] = [await person('ann', 'annotator'), await person('ben', 'annotator')];
    await ann.room.enter(task);
    await ben.room.enter(task);
    const viewport = { x: 0, y: 0, width: 40, height: 0 };
    ann.room.socket.emit('room:presence', {
      task: task as Task['id'],
      selection: ['consensus/r1'],
      viewport,
    });
    ann.room.socket.emit('room:presence', { task: task as Task['id'], busy: 'consensus/r1' });
    ann.room.socket.emit('room:presence', { task: task as Task['id'], cursor: { x: 5, y: 0 } });
    await expect
      .poll(() => presenceHeard(ben))
      .toEqual([
        {
          userId: ann.user.id,
          cursor: { x: 5, y: 0 },
          viewport,
          selection: ['consensus/r1'],
          busy: 'consensus/r1',
        },
      ]);
    const changed = await ben.room.put(task, 'consensus', choose('spam'));
    expect(changed).toMatchObject({ refused: [], acked: [{ lseq: expect.any(Number) }] });
  });

  it('[RM35] tells the blind nothing of colleagues, and of a reviewer nothing that is hidden from them', async () => {
    const { task } = await newTask('blind');
    const [ann, ben, eve] = [
      await person('ann', 'annotator'),
      await person('ben', 'annotator'),
      await person('eve', 'super-reviewer'),
    ];
    await ann.room.enter(task);
    await ben.room.enter(task);
    await eve.room.enter(task, 'review');
    ann.room.socket.emit('room:presence', {
      task: task as Task['id'],
      cursor: { x: 77, y: 0 },
      selection: ['r1'],
    });
    eve.room.socket.emit('room:presence', {
      task: task as Task['id'],
      cursor: { x: 88, y: 0 },
      viewport: { x: 88, y: 0, width: 1, height: 0 },
      selection: [`${ann.user.id}/r1`, `${ben.user.id}/r2`, 'r3'],
      busy: 'consensus/r3',
    });
    await expect
      .poll(() => presenceHeard(ben))
      .toEqual([{ userId: eve.user.id, selection: [`${ben.user.id}/r2`], busy: null }]);
    const ofOthers = () => presenceHeard(eve).filter((p) => p['userId'] !== eve.user.id);
    await expect.poll(() => ofOthers().map((p) => p['cursor'])).toEqual([{ x: 77, y: 0 }]);
  });
});

describe('[RM16] [RM32] [RM34] [RM35] blindness, by every route', () => {
  const secretOf = (who: Person) => `the-secret-of-${who.user.name}`;
  const expectNothing = async (who: Person, of: Person, task: string, project: Project, also: unknown[]) => {
    const paths = [
      `/tasks/${task}`,
      `/tasks/${task}/people`,
      `/tasks/${task}/history`,
      `/tasks/${task}/submissions`,
      `/projects/${project.id}/tasks`,
      '/notifications',
      '/notifications?unread=true',
      '/hands',
      `/hands?project=${project.id}`,
    ];
    const heard: unknown[] = [...who.room.heard, ...also];
    for (const path of paths) {
      const answer = await server.as(who.key).raw('GET', path);
      heard.push([path, answer.status, await answer.text()]);
    }
    const all = JSON.stringify(heard);
    expect(all).not.toContain(secretOf(of));
    expect(all).not.toContain(of.user.id);
    expect(all).not.toContain(of.user.name);
  };

  it('of an annotator', async () => {
    const { project, task } = await newTask('blind', 3);
    const [ann, ben, eve] = [
      await person('ann', 'annotator'),
      await person('ben', 'annotator'),
      await person('eve', 'super-reviewer'),
    ];
    const news = await live(ben, 'notifications', `project:${project.id}`);
    await expect(live(ben, 'disputes')).rejects.toThrow(/auth.forbidden/);
    await expect(live(ben, `notifications:${ann.user.id}`)).rejects.toThrow();
    await ben.room.enter(task);
    await ann.room.enter(task);
    await eve.room.enter(task, 'review');
    await ann.room.put(
      task,
      ann.user.id,
      comment('c1', { text: secretOf(ann), mentions: [ben.user.id, eve.user.id] }),
      hand(true, secretOf(ann)),
    );
    const answer = { parent: 'c1', text: secretOf(ann) };
    expect(await eve.room.put(task, ann.user.id, comment('c2', answer))).toMatchObject({ refused: [] });
    // Ann must not learn from a reviewer either who else works here.
    const naming = await eve.room.put(
      task,
      ann.user.id,
      comment('c4', { ...answer, mentions: [ben.user.id] }),
    );
    expect(naming).toMatchObject({ refused: [{ problem: { code: 'room.op_refused' } }] });
    // His id she only has from the test, which had her try it; nobody told her his name.
    expect(JSON.stringify(ann.room.heard)).not.toContain(ben.user.name);
    await eve.room.put(task, 'consensus', comment('c3', { text: secretOf(ann), mentions: [ben.user.id] }));
    eve.room.socket.emit('room:presence', { task: task as Task['id'], selection: [`${ann.user.id}/r1`] });
    await ann.room.submit(task);
    await ben.room.put(task, ben.user.id, choose('ham'), comment('b1', { text: 'mine' }));
    // Who reviews is no secret; who labels is.
    const { items } = await ben.get<{ items: RoomPerson[] }>(`/tasks/${task}/people`);
    expect(items.map((p) => p.id)).toContain(eve.user.id);
    expect(items.map((p) => p.id)).toContain(ben.user.id);
    await expectNothing(ben, ann, task, project, [news]);
    await ben.room.submit(task);
    await ben.room.enter(task);
    await expectNothing(ben, ann, task, project, [news]);
    expect(JSON.stringify(news)).not.toContain(task);
  });

  it('of a super-reviewer who labels the task', async () => {
    const { project, task } = await newTask('blind-then-open', 3);
    const [ann, sid, eve] = [
      await person('ann', 'annotator'),
      await person('sid', 'super-reviewer'),
      await person('eve', 'super-reviewer'),
    ];
    const news = await live(sid, 'disputes', 'notifications');
    await sid.room.enter(task);
    await ann.room.enter(task);
    await ann.room.put(
      task,
      ann.user.id,
      comment('c1', { text: secretOf(ann), mentions: [sid.user.id] }),
      hand(true, secretOf(ann)),
    );
    await expect.poll(() => handsOf(eve, task)).toHaveLength(1);
    await expectNothing(sid, ann, task, project, [news]);
    // Submitted, they review again: the call was only waiting.
    await sid.room.put(task, sid.user.id, choose('ham'));
    await sid.room.submit(task);
    expect((await notificationsOf(sid)).items).toMatchObject([{ comment: 'c1', mode: 'review' }]);
    expect(await handsOf(sid, task)).toHaveLength(1);
  });
});
