import type { TaskId } from '@concord/core/records/ids';
import { defaultRules } from '@concord/core/records/project';
import type { User } from '@concord/core/records/user';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUnitRooms, label, type UnitRooms } from '../testing/unit-rooms.ts';
import { standingOf } from './index.ts';

let rooms: UnitRooms;
let [ann, ben, cem]: User[] = [];
beforeEach(async () => {
  rooms = createUnitRooms();
  [ann, ben, cem] = await Promise.all(['ann', 'ben', 'cem'].map((name) => rooms.addUser(name)));
});
afterEach(() => rooms.dispose());

const figures = async (projectId: string) => {
  const { alpha, itemAgreement, items, classes } = await rooms.quality.project(projectId);
  return { alpha, itemAgreement, items, votes: classes.map((c) => c.votes) };
};
const settledAs = async (task: TaskId) =>
  (await rooms.platform.store.get('finalizations', `${task}:1`))?.record;

describe('what was said blind', () => {
  it('[AG1] [CO1] a revision after seeing the other’s answer lifts no figure and settles nothing by itself', async () => {
    const project = await rooms.project();
    const tasks = await Promise.all(Array.from({ length: 10 }, () => rooms.addTask(project.id)));
    for (const [i, task] of tasks.entries()) {
      await rooms.say(ann!, task, i % 2 ? 'spam' : 'ham');
      await rooms.say(ben!, task, (i < 5 ? i % 2 : !(i % 2)) ? 'spam' : 'ham');
    }
    const before = await figures(project.id);
    expect(before).toMatchObject({ items: 10, itemAgreement: 0.5 });

    for (const [i, task] of tasks.entries()) {
      if (i < 5) continue;
      await rooms.look(ben!, task);
      expect(await rooms.say(ben!, task, i % 2 ? 'spam' : 'ham')).toBe('open');
      // Nor when the other one, who has seen it now too, says the same again.
      await rooms.look(ann!, task);
      expect(await rooms.say(ann!, task, i % 2 ? 'spam' : 'ham')).toBe('open');
      expect(await rooms.task(task)).toMatchObject({
        agreement: 0,
        confidence: 1,
        submissions: 2,
        target: 3,
      });
    }
    expect(await figures(project.id)).toEqual(before);
  });

  it('[CO1] is in the record of what was settled later', async () => {
    const project = await rooms.project();
    const task = await rooms.addTask(project.id);
    await rooms.say(ann!, task, 'spam');
    await rooms.say(ben!, task, 'ham');
    await rooms.look(ben!, task);
    await rooms.say(ben!, task, 'spam');
    expect(await rooms.say(cem!, task, 'spam')).toBe('finalized');
    const settled = (await settledAs(task))!;
    expect(settled).toMatchObject({ answer: label('spam'), confidence: 1 });
    expect(settled.agreement).toBeCloseTo(1 / 3, 12);
    const part = (user: User) => settled.contributions.find((c) => c.userId === user.id);
    expect(part(ben!)).toMatchObject({
      annotation: label('spam'),
      blind: false,
      blindAnswer: label('ham'),
    });
    expect(part(ann!)).toMatchObject({ annotation: label('spam'), blind: true });
    expect(part(ann!)).not.toHaveProperty('blindAnswer');
    // Reliability is of what people said by themselves [CO40].
    const people = await rooms.quality.annotators(project.id);
    expect(Object.fromEntries(people.map((p) => [p.user.name, p.right]))).toEqual({ ann: 1, ben: 0, cem: 1 });
  });

  it('[CO1] is not got rid of by taking it back', async () => {
    const project = await rooms.project();
    const task = await rooms.addTask(project.id);
    await rooms.say(ann!, task, 'spam');
    await rooms.say(ben!, task, 'ham');
    await rooms.look(ben!, task);
    const before = await figures(project.id);
    await (await rooms.rooms.open(task)).withdraw(ben!, 'page-of-ben', 1);
    expect(await figures(project.id)).toMatchObject({ items: 0, itemAgreement: null, votes: [1, 0] });
    expect(await rooms.say(ben!, task, 'spam')).toBe('open');
    expect(await figures(project.id)).toEqual(before);
  });

  it('[CO1] is the last one, where somebody corrects themselves before they see anything', async () => {
    const project = await rooms.project({ visibility: 'blind' });
    const task = await rooms.addTask(project.id);
    await rooms.say(ann!, task, 'spam');
    await rooms.say(ben!, task, 'ham');
    expect(await rooms.say(ben!, task, 'spam')).toBe('finalized');
    expect(await figures(project.id)).toMatchObject({ items: 1, itemAgreement: 1, votes: [2, 0] });
  });

  it('[RM18] nobody answers blind what was settled once', async () => {
    const project = await rooms.project({ visibility: 'blind' });
    const task = await rooms.addTask(project.id);
    await rooms.say(ann!, task, 'spam');
    await rooms.say(ben!, task, 'spam');
    await rooms.rooms.reopen(cem!, task, 'looks wrong');
    await rooms.say(ben!, task, 'ham');
    const { seq } = await rooms.task(task);
    const standing = await standingOf(rooms.platform.store, { projectId: project.id, seq });
    expect(standing.find((s) => s.userId === ben!.id)).toMatchObject({
      annotation: label('ham'),
      blind: false,
      blindAnswer: label('spam'),
    });
  });
});

describe('reliability', () => {
  const one = { ...defaultRules, overlap: { min: 1, max: 1 } };

  it('[CO42] is not counted where one person’s answer settled the item by itself', async () => {
    const project = await rooms.project({ rules: one });
    for (let i = 0; i < 3; i++)
      expect(await rooms.say(ann!, await rooms.addTask(project.id), 'spam')).toBe('finalized');
    const [figure] = await rooms.quality.annotators(project.id);
    expect(figure).toMatchObject({ submissions: 3, settled: 0, right: 0, reliability: null, interval: null });
  });

  it('[CO42] is counted where a super-reviewer decided, and taken back when that is opened again', async () => {
    const project = await rooms.project({ rules: { ...one, minConfidence: 0.6, consensus: 'weighted' } });
    const task = await rooms.addTask(project.id);
    await rooms.say(ann!, task, 'spam');
    const rev = await rooms.addUser('rev', 'super-reviewer');
    await rooms.rooms.decide(rev, task, {
      reason: 'it is not',
      answer: label('ham'),
      basedOn: null,
      spentMs: 1,
    });
    const of = async () => (await rooms.quality.annotators(project.id))[0];
    expect(await of()).toMatchObject({ settled: 1, right: 0 });
    await rooms.rooms.reopen(rev, task, 'once more');
    expect(await of()).toMatchObject({ settled: 0, right: 0 });
  });
});

describe('a long history', () => {
  it('[RM25] what stands is found however often people changed their minds before', async () => {
    const project = await rooms.project({
      visibility: 'blind',
      rules: { ...defaultRules, overlap: { min: 3, max: 3 } },
    });
    const task = await rooms.addTask(project.id);
    await rooms.say(ann!, task, 'ham');
    const { seq } = await rooms.task(task);
    const [first] = await standingOf(rooms.platform.store, { projectId: project.id, seq });
    const old = Array.from({ length: 600 }, (_, i) => ({
      put: 'submissions' as const,
      record: { ...first!, id: `sub_old${i}` as const, state: 'superseded' as const, at: first!.at - 1 },
      expect: 'absent' as const,
    }));
    await rooms.platform.store.commit({ writes: old });
    await rooms.say(ben!, task, 'ham');
    await rooms.say(ben!, task, 'spam');
    await rooms.say(ben!, task, 'ham');
    expect(await rooms.task(task)).toMatchObject({ submissions: 2, agreement: 1 });
    const { items } = await rooms.quality.project(project.id);
    expect(items).toBe(1);
    const counted = await rooms.platform.store.counters([`${project.id}/submissions`]);
    expect([...counted.values()]).toEqual([2]);
  });
});
