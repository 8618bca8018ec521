import type { User } from '@concord/core/records/user';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Unit, Write } from '../../ports/store.ts';
import { sampleEntry, sampleUser } from '../../testing/records.ts';
import { unitJob } from './job.ts';
import { absent, type Facts, type Plan, planGroup } from './plan.ts';
import { keysOf, shapes } from './schema.ts';

/** What a store holds, as simply as it can be said. */
interface Model {
  readonly users: ReadonlyMap<string, { readonly name: string; readonly rev: number }>;
  readonly heads: ReadonlyMap<string, number>;
  readonly counters: ReadonlyMap<string, number>;
}

/** Runs one unit on the model, the way the port words it: what is refused, or the model after it. */
function run(model: Model, unit: Unit): Model | string {
  const users = new Map(model.users);
  const heads = new Map(model.heads);
  const counters = new Map(model.counters);
  if (unit.log !== undefined) {
    const { room, expectedSeq, entries } = unit.log;
    if ((heads.get(room) ?? 0) !== expectedSeq) return 'room.stale';
    if (entries.length > 0) heads.set(room, expectedSeq + entries.length);
  }
  for (const write of unit.writes ?? []) {
    const id = 'put' in write ? write.record.id : write.id;
    const rev = users.get(id)?.rev ?? 0;
    if (typeof write.expect === 'number' && write.expect !== rev) return 'conflict at rev';
    if (write.expect === 'absent' && rev !== 0) return 'conflict at id';
    if ('remove' in write) users.delete(id);
    else {
      const { name } = write.record as User;
      if ([...users].some(([other, held]) => other !== id && held.name === name)) return 'conflict at name';
      users.set(id, { name, rev: rev + 1 });
    }
  }
  for (const [key, by] of Object.entries(unit.inc ?? {})) counters.set(key, (counters.get(key) ?? 0) + by);
  return { users, heads, counters };
}

const factsOf = (model: Model): Facts => ({
  record(_, id) {
    const held = model.users.get(id);
    return held === undefined
      ? absent
      : { rev: held.rev, keys: keysOf(shapes.users, { ...sampleUser('x'), name: held.name }) };
  },
  holder: (value) =>
    [...model.users].find(([, { name }]) => value === JSON.stringify(['users', 'name', name]))?.[0] ?? null,
  head: (room) => model.heads.get(room) ?? 0,
});

/** Writes a plan the way the database would: each op in its turn, and a unique value may never be held twice. */
function write(model: Model, plan: Plan): Model {
  const users = new Map(model.users);
  for (const op of plan.records.get('users') ?? []) {
    expect(users.get(op.id)?.rev ?? 0).toBe(op.rev);
    if (op.kind === 'delete') users.delete(op.id);
    else users.set(op.id, { name: String(op.keys['name']), rev: op.rev + 1 });
    const names = [...users.values()].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
  const heads = new Map(model.heads);
  for (const [room, { from, to, entries }] of plan.heads) {
    expect(heads.get(room) ?? 0).toBe(from);
    expect(entries).toHaveLength(to - from);
    heads.set(room, to);
  }
  const counters = new Map(model.counters);
  for (const [key, by] of plan.inc) counters.set(key, (counters.get(key) ?? 0) + by);
  return { users, heads, counters };
}

const id = fc.constantFrom('usr_1', 'usr_2', 'usr_3');
const expectation = fc.constantFrom<'absent' | 'any' | number>('absent', 'any', 1, 2, 3);
const userWrite: fc.Arbitrary<Write> = fc.oneof(
  fc
    .record({ id, name: fc.constantFrom('ada', 'bob', 'eve'), expect: expectation })
    .map(({ id, name, expect }) => ({
      put: 'users' as const,
      record: { ...sampleUser(name), id: id as User['id'] },
      expect,
    })),
  fc.record({ id, expect: fc.constantFrom<'any' | number>('any', 1, 2) }).map(({ id, expect }) => ({
    remove: 'users' as const,
    id,
    expect,
  })),
);
const log = fc
  .record({ room: fc.constantFrom('r', 'q'), expectedSeq: fc.nat(4), count: fc.nat(2) })
  .map(({ room, expectedSeq, count }) => ({
    room,
    expectedSeq,
    entries: Array.from({ length: count }, (_, i) => sampleEntry(expectedSeq + 1 + i)),
  }));
const unit: fc.Arbitrary<Unit> = fc.record(
  { writes: fc.array(userWrite, { maxLength: 3 }), log, inc: fc.constantFrom({ a: 1 }, { a: -2, b: 5 }) },
  { requiredKeys: [] },
);

it('plans a group as the same units would end one after the other, whatever was there', () => {
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 6 }), fc.array(unit, { maxLength: 8 }), (earlier, group) => {
      let model: Model = { users: new Map(), heads: new Map(), counters: new Map() };
      for (const each of earlier) {
        const next = run(model, each);
        if (typeof next !== 'string') model = next;
      }
      const plan = planGroup(group.map(unitJob), factsOf(model));
      let expected = model;
      const refusals = group.map((each) => {
        const next = run(expected, each);
        if (typeof next === 'string') return next;
        expected = next;
        return null;
      });
      const told = plan.refusals.map((error) => {
        if (error === null) return null;
        return error.code === 'conflict' ? `conflict at ${error.errors[0]?.path}` : error.code;
      });
      expect(told).toEqual(refusals);
      expect(write(model, plan)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});
