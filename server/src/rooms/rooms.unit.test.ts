import type { TaskId } from '@concord/core/records/ids';
import { defaultRules, type Project } from '@concord/core/records/project';
import type { User } from '@concord/core/records/user';
import type { ClientOp } from '@concord/core/rooms/op';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UnitPlatform } from '../testing/unit-platform.ts';
import { createUnitRooms, label, type RoomsNode, type UnitRooms } from '../testing/unit-rooms.ts';

let rooms: UnitRooms;
let [ann, ben]: User[] = [];
let project: Project;
let task: TaskId;
/** Refuses the next commit that this says yes to. */
let refuse: (unit: Parameters<UnitPlatform['store']['commit']>[0]) => boolean = () => false;

beforeEach(async () => {
  refuse = () => false;
  rooms = createUnitRooms((platform) => ({
    ...platform,
    store: {
      ...platform.store,
      async commit(unit) {
        if (!refuse(unit)) return platform.store.commit(unit);
        refuse = () => false;
        throw new Error('the disk is full');
      },
    },
  }));
  [ann, ben] = await Promise.all(['ann', 'ben'].map((name) => rooms.addUser(name)));
  project = await rooms.project({
    visibility: 'open',
    rules: { ...defaultRules, overlap: { min: 2, max: 2 } },
  });
  task = await rooms.addTask(project.id);
});
afterEach(() => rooms.dispose());

const put = async (on: RoomsNode, user: User, client: string, n: number, op: ClientOp) =>
  (await on.rooms.open(task)).ops(
    { userId: user.id, mode: 'annotate' },
    { task, client, ops: [{ n, layer: 'consensus', op }] },
  );

describe('two processes hold a room', () => {
  it('[RM24] an op judged on a stale room is judged again on the newer log, and only that is told', async () => {
    const other = rooms.node();
    const comment: ClientOp = { t: 'comment', id: 'c1', region: null, text: 'hm' };
    expect(await put(rooms, ann!, 'ann-page-1', 1, comment)).toMatchObject({ acked: [{ n: 1, lseq: 1 }] });
    // Both have the room in memory now; what one writes the other does not know.
    expect(await put(other, ben!, 'ben-page-1', 1, { t: 'resolve', id: 'c1', resolved: true })).toMatchObject(
      {
        acked: [{ n: 1, lseq: 2 }],
      },
    );
    // On what this process remembers, this would change something; on the log it changes nothing.
    expect(await put(rooms, ann!, 'ann-page-1', 2, { t: 'resolve', id: 'c1', resolved: true })).toEqual({
      acked: [{ n: 2, lseq: 0 }],
      refused: [],
    });
    const rev = await rooms.addUser('rev', 'super-reviewer');
    await other.rooms.decide(rev, task, {
      reason: 'it is',
      answer: label('spam'),
      basedOn: null,
      spentMs: 1,
    });
    // And here it would be fine, but the task is settled.
    const late = await put(rooms, ann!, 'ann-page-1', 3, {
      t: 'comment',
      id: 'c2',
      region: null,
      text: 'so?',
    });
    expect(late).toMatchObject({ acked: [], refused: [{ n: 3, problem: { code: 'room.closed' } }] });
    const log = await rooms.platform.store.log.read(task, 0);
    expect(log.map(({ op }) => op.t)).toEqual(['comment', 'resolve', 'replace', 'decide', 'finalize']);
  });

  it('[RM24] one lane a room: what many ask at once is in the log once each, without gaps', async () => {
    const other = rooms.node();
    const many = Array.from({ length: 40 }, (_, i) => i);
    const replies = await Promise.all(
      many.map((i) =>
        put(i % 2 ? rooms : other, i % 2 ? ann! : ben!, `page-${i % 2}-000`, 1 + (i >> 1), {
          t: 'comment',
          id: `c${i}`,
          region: null,
          text: `remark ${i}`,
        }),
      ),
    );
    expect(replies.every(({ refused }) => refused.length === 0)).toBe(true);
    const log = await rooms.platform.store.log.read(task, 0);
    expect(log.map(({ seq, lseq }) => [seq, lseq])).toEqual(many.map((i) => [i + 1, i + 1]));
    expect(new Set(replies.flatMap(({ acked }) => acked.map(({ lseq }) => lseq))).size).toBe(many.length);
  });
});

describe('a submission', () => {
  const everything = async () => ({
    log: (await rooms.platform.store.log.read(task, 0)).map(({ op }) => op.t),
    submissions: (
      await rooms.platform.store.page('submissions', {
        index: 'task',
        where: { projectId: project.id },
        limit: 9,
      })
    ).items.length,
    task: (({ state, submissions }) => ({ state, submissions }))(await rooms.task(task)),
    counters: Object.fromEntries(
      [...(await rooms.platform.store.countersWith(`${project.id}/`))].filter(([, amount]) => amount !== 0),
    ),
    settled: (await rooms.platform.store.get('finalizations', `${task}:1`)) !== null,
    outbox: (await rooms.platform.store.outbox(9)).map(({ event }) => event.id),
  });

  it('[RM25] stands in the log, the records, the counters and the outbox, or nowhere', async () => {
    await rooms.say(ann!, task, 'spam');
    const before = await everything();
    expect(before).toMatchObject({ submissions: 1, settled: false, outbox: [] });
    refuse = ({ log }) => log !== undefined;
    await expect(rooms.say(ben!, task, 'spam')).rejects.toThrow('the disk is full');
    expect(await everything()).toEqual(before);
    // Nothing of the try is left in memory either: the room goes on from its log.
    expect(await rooms.say(ben!, task, 'spam')).toBe('finalized');
    const after = await everything();
    expect(after).toMatchObject({
      submissions: 2,
      task: { state: 'finalized', submissions: 2 },
      settled: true,
      outbox: [`${task}:1`],
    });
    expect(after.log).toEqual([...before.log, 'replace', 'submit', 'finalize']);
    expect(after.counters).toMatchObject({
      [`${project.id}/submissions`]: 2,
      [`${project.id}/finalized`]: 1,
      [`${project.id}/final/spam`]: 1,
    });
  });

  it('[RM25] a decision stands the same way', async () => {
    const rev = await rooms.addUser('rev', 'super-reviewer');
    await rooms.say(ann!, task, 'spam');
    await rooms.say(ben!, task, 'ham');
    const before = await everything();
    expect(before.task.state).toBe('disputed');
    const decide = () =>
      rooms.rooms.decide(rev, task, { reason: 'it is', answer: label('ham'), basedOn: null, spentMs: 1 });
    refuse = ({ log }) => log !== undefined;
    await expect(decide()).rejects.toThrow('the disk is full');
    expect(await everything()).toEqual(before);
    await decide();
    expect(await everything()).toMatchObject({ task: { state: 'finalized' }, settled: true });
  });
});
