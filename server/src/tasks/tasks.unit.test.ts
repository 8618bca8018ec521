import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { standingClaims, withClaimState } from '@concord/core/workflow/queue';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createQueueFixture, person, type QueueFixture } from './queue-fixture.ts';
import type { Tasks } from './tasks.ts';

let open: QueueFixture[] = [];
afterEach(async () => {
  await Promise.all(open.map((f) => f.close()));
  open = [];
});
async function fixture(...args: Parameters<typeof createQueueFixture>): Promise<QueueFixture> {
  const made = await createQueueFixture(...args);
  open.push(made);
  return made;
}

const rules = (min: number, max = min) => ({
  overlap: { min, max },
  minAgreement: 0.6,
  minConfidence: 0.6,
  consensus: 'majority' as const,
  leaseMs: 60_000,
});

/** What a submission does to the claim; the rest of settlement is not the queue's. */
async function submit(f: QueueFixture, node: Tasks, user: User, task: Task): Promise<void> {
  await node.change(task.id, (current) => ({
    ...withClaimState(current, user.id, 'submitted', f.project(), f.clock.now()),
    submissions: current.submissions + 1,
  }));
}
const all = async (f: QueueFixture): Promise<Task[]> =>
  (await f.store.page('tasks', { index: 'seq', where: { projectId: 'prj_test' }, limit: 500 })).items.map(
    (i) => i.record,
  );
const [ann, bob, cy] = [person('ann'), person('bob'), person('cy')];

describe('next', () => {
  it('gives tasks in the order of their numbers, begun ones first, and each person each task once', async () => {
    const f = await fixture({ rules: rules(2) });
    await f.fill(3);
    const order: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const task = (await f.tasks.next(ann, 'prj_test')).record;
      order.push(task.preview);
      await submit(f, f.tasks, ann, task);
    }
    expect(order).toEqual(['text 1', 'text 2', 'text 3']);
    await expect(f.tasks.next(ann, 'prj_test')).rejects.toMatchObject({ code: 'queue.empty' });
    await f.fill(4);
    expect((await f.tasks.next(bob, 'prj_test')).record.preview).toBe('text 1');
    expect((await f.tasks.next(ann, 'prj_test')).record.preview).toBe('text 4');
  });

  it('gives the held task again, and another one when that is not wanted', async () => {
    const f = await fixture({ rules: rules(1) });
    await f.fill(2);
    const first = (await f.tasks.next(ann, 'prj_test')).record;
    expect((await f.tasks.next(ann, 'prj_test')).record.id).toBe(first.id);
    const other = (await f.tasks.next(ann, 'prj_test', first.id)).record;
    expect(other.id).not.toBe(first.id);
    // A node that has just started knows of the claims too.
    expect((await f.node().next(ann, 'prj_test', other.id)).record.id).toBe(first.id);
  });

  it('gives the same task to as many at once as the overlap says, and to no more', async () => {
    const f = await fixture({ rules: rules(2) });
    await f.fill(2);
    const people = ['a1', 'a2', 'a3', 'a4'].map((n) => person(n));
    const got = await Promise.all(people.map(async (u) => (await f.tasks.next(u, 'prj_test')).record.id));
    expect(new Set(got).size).toBe(2);
    for (const id of new Set(got)) expect(got.filter((g) => g === id)).toHaveLength(2);
    await expect(f.tasks.next(person('a5'), 'prj_test')).rejects.toMatchObject({ code: 'queue.empty' });
  });

  it('counts a claim once that can be read before its writer heard that it is durable', async () => {
    const f = await fixture({ rules: rules(2) });
    await f.fill(2);
    const first = f.tasks.next(ann, 'prj_test');
    while ((await all(f))[0]!.claims.length === 0) await new Promise((done) => setImmediate(done));
    const second = await f.tasks.next(bob, 'prj_test');
    expect([(await first).record.seq, second.record.seq]).toEqual([1, 1]);
  });

  it('finds what another node freed, though nobody told', async () => {
    const f = await fixture({ rules: rules(1) });
    await f.fill(1);
    const other = f.node();
    const { id } = (await other.next(ann, 'prj_test')).record;
    await expect(f.tasks.next(bob, 'prj_test')).rejects.toMatchObject({ code: 'queue.empty' });
    await other.release(ann.id, id);
    await f.clock.advance(1_000);
    expect((await f.tasks.next(bob, 'prj_test')).record.id).toBe(id);
  });

  it('goes by uncertainty when the project says so, after the order was changed', async () => {
    const f = await fixture({ rules: rules(1) });
    await f.fill(3);
    const tasks = await all(f);
    const uncertainty = [0.1, 0.9, 0.4];
    for (const [n, task] of tasks.entries()) {
      await f.tasks.change(task.id, (t) => ({
        ...t,
        suggestion: { modelId: 'mdl_m', version: 1, label: null, score: null, uncertainty: uncertainty[n]! },
      }));
    }
    f.change({ queueOrder: 'uncertainty' });
    await f.tasks.reranked();
    const got = [];
    for (const user of [ann, bob, cy]) got.push((await f.tasks.next(user, 'prj_test')).record.seq);
    expect(got).toEqual([2, 3, 1]);
  });
});

describe('leases', () => {
  it('end by themselves, and the task goes to somebody else', async () => {
    const f = await fixture({ rules: rules(1) });
    await f.fill(1);
    const { id } = (await f.tasks.next(ann, 'prj_test')).record;
    await expect(f.tasks.next(bob, 'prj_test')).rejects.toMatchObject({ code: 'queue.empty' });
    await f.clock.advance(62_500);
    expect((await f.tasks.next(bob, 'prj_test')).record.id).toBe(id);
    await expect(f.tasks.extend(ann.id, id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(f.tasks.claim(ann, id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('are kept by extending', async () => {
    const f = await fixture({ rules: rules(1) });
    await f.fill(1);
    const { id } = (await f.tasks.next(ann, 'prj_test')).record;
    for (let n = 0; n < 5; n += 1) {
      await f.clock.advance(40_000);
      expect(await f.tasks.extend(ann.id, id)).toBe(f.clock.now() + 60_000);
    }
    await expect(f.tasks.next(bob, 'prj_test')).rejects.toMatchObject({ code: 'queue.empty' });
  });

  it('a skipped task does not come back by itself, but may be asked for', async () => {
    const f = await fixture({ rules: rules(1) });
    await f.fill(1);
    const { id } = (await f.tasks.next(ann, 'prj_test')).record;
    await f.tasks.skip(ann.id, id, 'too long');
    await expect(f.tasks.next(ann, 'prj_test')).rejects.toMatchObject({ code: 'queue.empty' });
    expect((await f.tasks.claim(ann, id)).record.claims).toMatchObject([{ userId: ann.id, state: 'active' }]);
    const [entry] = (await f.store.page('audit', { index: 'time', limit: 10 })).items;
    expect(entry?.record).toMatchObject({ action: 'task.skip', subject: id, detail: { reason: 'too long' } });
  });
});

describe('changed rules', () => {
  it('a higher overlap asks more people, a lower one leaves nothing stuck', async () => {
    const f = await fixture({ rules: rules(1) });
    await f.fill(2);
    const task = (await f.tasks.next(ann, 'prj_test')).record;
    await submit(f, f.tasks, ann, task);
    f.change({ rules: rules(3) });
    await f.tasks.reranked();
    expect((await all(f)).map((t) => [t.target, t.queue])).toEqual([
      [3, 1],
      [3, 1],
    ]);
    expect((await f.tasks.next(bob, 'prj_test')).record.id).toBe(task.id);
    await submit(f, f.tasks, bob, (await all(f))[0]!);
    f.change({ rules: rules(1) });
    await f.tasks.reranked();
    expect((await all(f)).map((t) => [t.target, t.queue])).toEqual([
      [3, 1],
      [1, 1],
    ]);
  });
});

describe('changed rules and what a lead asked for', () => {
  it('what a lead asked for stays wanted under any rules', async () => {
    const f = await fixture({ rules: rules(2, 3) });
    await f.fill(2);
    const [first] = await all(f);
    await f.tasks.change(first!.id, (task) => ({ ...task, target: 5, least: 5 }));
    const targets = async () => (await all(f)).map((t) => t.target);
    for (const [min, max, wanted] of [
      [1, 1, [5, 1]],
      [3, 4, [5, 3]],
      [6, 6, [6, 6]],
      [2, 3, [5, 2]],
    ] as const) {
      f.change({ rules: rules(min, max) });
      await f.tasks.reranked();
      expect(await targets()).toEqual(wanted);
    }
  });

  it('another name or a mended typo moves nothing in the queue, not even after a new start', async () => {
    const f = await fixture({ rules: rules(2, 3) });
    await f.fill(1);
    const [task] = await all(f);
    // Not what the rules would make of it, so that a pass over the queue would show.
    await f.tasks.change(task!.id, (t) => ({ ...t, target: 3 }));
    const started = f.node();
    f.change({ name: 'Another', description: 'mended' });
    await Promise.all([f.tasks.reranked(), started.reranked()]);
    expect((await all(f))[0]!.target).toBe(3);
    f.change({ queueOrder: 'uncertainty' });
    await f.tasks.reranked();
    expect((await all(f))[0]!.target).toBe(2);
  });
});

describe('adding', () => {
  it('numbers tasks from 1 without gaps, and knows content again in any order of its keys', async () => {
    const f = await fixture();
    const a = { data: { a: 1, b: 'x' }, meta: {} };
    const same = { data: { b: 'x', a: 1 }, meta: { from: 'elsewhere' } };
    const first = await f.tasks.add('prj_test', [a, { data: { a: 2 }, meta: {} }, same]);
    expect(first.fresh.map((n) => n.task.seq)).toEqual([1, 2]);
    expect(first.duplicates).toEqual([2]);
    const both = await Promise.all([
      f.tasks.add('prj_test', [same, { data: { a: 3 }, meta: {} }]),
      f.tasks.add('prj_test', [{ data: { a: 3 }, meta: {} }]),
    ]);
    expect(both.flatMap((r) => r.fresh)).toHaveLength(1);
    expect((await all(f)).map((t) => t.seq).slice(0, 2)).toEqual([1, 2]);
    const counters = await f.store.counters(['prj_test/tasks', 'prj_test/open']);
    expect([...counters.values()]).toEqual([3, 3]);
  });
});

it('never gives a task to more people than are wanted, and starves nobody', async () => {
  const command = fc.record({
    who: fc.integer({ min: 0, max: 3 }),
    node: fc.integer({ min: 0, max: 1 }),
    what: fc.constantFrom('next', 'next', 'next', 'submit', 'submit', 'release', 'skip', 'wait', 'together'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(command, { minLength: 5, maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      async (commands, overlap) => {
        const f = await createQueueFixture({ rules: rules(overlap) });
        try {
          await f.fill(5);
          const nodes = [f.tasks, f.node()];
          const people = ['p0', 'p1', 'p2', 'p3'].map((n) => person(n));
          const holds = new Map<string, Task>();
          const done = new Map(people.map((p) => [p.id, new Set<string>()]));
          const next = async (node: Tasks, who: User) => {
            const got = await node.next(who, 'prj_test').catch((error: { code?: string }) => {
              expect(error.code).toBe('queue.empty');
              return null;
            });
            if (got === null) return;
            expect(done.get(who.id)!.has(got.record.id)).toBe(false);
            holds.set(who.id, got.record);
          };
          for (const { who, node: n, what } of commands) {
            const user = people[who]!;
            const node = nodes[n]!;
            const held = holds.get(user.id);
            if (what === 'next') await next(node, user);
            else if (what === 'together') await Promise.all(people.map((p, i) => next(nodes[i % 2]!, p)));
            else if (what === 'wait') {
              await f.clock.advance(61_000 + 2_500);
              holds.clear();
            } else if (held !== undefined) {
              if (what === 'submit') await submit(f, node, user, held);
              if (what === 'release') await node.release(user.id, held.id);
              if (what === 'skip') await node.skip(user.id, held.id, '');
              if (what !== 'release') done.get(user.id)!.add(held.id);
              holds.delete(user.id);
            }
            for (const task of await all(f)) {
              expect(standingClaims(task, f.clock.now()).length).toBeLessThanOrEqual(task.target);
            }
          }
          // Everybody who comes back often enough gets all that is still for them.
          await f.clock.advance(70_000);
          holds.clear();
          for (let round = 0; round < 6; round += 1) {
            for (const user of people) {
              await f.clock.advance(1_100);
              await next(nodes[round % 2]!, user);
              const held = holds.get(user.id);
              if (held === undefined) continue;
              await submit(f, nodes[0]!, user, held);
              done.get(user.id)!.add(held.id);
              holds.delete(user.id);
            }
          }
          for (const task of await all(f)) {
            const left = people.filter((p) => !done.get(p.id)!.has(task.id));
            const full = standingClaims(task, f.clock.now()).length === task.target;
            expect(full || left.length === 0).toBe(true);
          }
        } finally {
          await f.close();
        }
      },
    ),
    { numRuns: 25 },
  );
});
