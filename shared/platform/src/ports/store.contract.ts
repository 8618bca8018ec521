import { isConcordError } from '@concord/core/errors/concord-error';
import type { Task } from '@concord/core/records/task';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleEntry, sampleEvent, sampleTask, sampleUser } from '../testing/records.ts';
import type { PageQuery, Store, Unit } from './store.ts';

const put = (task: Task, expect: 'absent' | 'any' | number = 'absent') =>
  ({ put: 'tasks', record: task, expect }) as const;

/** The code of what was thrown and the field it names; null when nothing was. */
async function refusal(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (isConcordError(error, 'conflict')) return `conflict at ${error.errors[0]?.path}`;
    if (isConcordError(error, 'room.stale')) return 'room.stale';
    throw error;
  }
}

/** What every store must do; `open` gives one on fresh storage, `reopen` closes it and opens the same storage again. */
export function describeStoreContract(
  name: string,
  open: () => Promise<{ store: Store; reopen(): Promise<Store>; end(): Promise<void> }>,
): void {
  describe(`store: ${name}`, () => {
    let made: Awaited<ReturnType<typeof open>>;
    let store: Store;
    beforeEach(async () => {
      made = await open();
      store = made.store;
    });
    afterEach(() => made.end());

    async function walk(query: Omit<PageQuery<'tasks'>, 'after'>): Promise<number[]> {
      const seen: number[] = [];
      for (let after: string | undefined; ; ) {
        const page = await store.page('tasks', { ...query, after });
        expect(page.items.length).toBeLessThanOrEqual(query.limit);
        seen.push(...page.items.map(({ record }) => record.seq));
        if (page.next === null) return seen;
        after = page.next;
      }
    }

    it('is well', () => {
      expect(store.health()).toEqual({ state: 'ok', since: null, detail: null });
    });

    describe('records', () => {
      it('counts revisions from 1; gets many in the order asked for, without the missing', async () => {
        expect(await store.get('tasks', 'tsk_000001')).toBeNull();
        await store.commit({ writes: [put(sampleTask(1)), put(sampleTask(2))] });
        await store.commit({ writes: [put(sampleTask(1, { preview: 'new' }), 'any')] });
        expect(await store.get('tasks', 'tsk_000001')).toEqual({
          record: sampleTask(1, { preview: 'new' }),
          rev: 2,
        });
        const many = await store.getMany('tasks', ['tsk_000002', 'tsk_none', 'tsk_000001']);
        expect(many.map(({ record, rev }) => [record.seq, rev])).toEqual([
          [2, 1],
          [1, 2],
        ]);
      });

      it('refuses a put at another revision and names the field', async () => {
        await store.commit({ writes: [put(sampleTask(1))] });
        await store.commit({ writes: [put(sampleTask(1, { preview: 'second' }), 1)] });
        expect(await refusal(store.commit({ writes: [put(sampleTask(1), 1)] }))).toBe('conflict at rev');
        expect(await refusal(store.commit({ writes: [put(sampleTask(9), 1)] }))).toBe('conflict at rev');
        expect((await store.get('tasks', 'tsk_000001'))?.record.preview).toBe('second');
        expect(await store.get('tasks', 'tsk_000009')).toBeNull();
      });

      it("puts 'absent' only where nothing is, 'any' always", async () => {
        expect(await refusal(store.commit({ writes: [put(sampleTask(1))] }))).toBeNull();
        expect(await refusal(store.commit({ writes: [put(sampleTask(1))] }))).toBe('conflict at id');
        expect((await store.get('tasks', 'tsk_000001'))?.rev).toBe(1);
        await store.commit({ writes: [put(sampleTask(2), 'any')] });
        expect((await store.get('tasks', 'tsk_000002'))?.rev).toBe(1);
      });

      it('removes by revision or whatever is there', async () => {
        const remove = (expect: 'any' | number) => ({ remove: 'tasks', id: 'tsk_000001', expect }) as const;
        await store.commit({ writes: [put(sampleTask(1))] });
        expect(await refusal(store.commit({ writes: [remove(2)] }))).toBe('conflict at rev');
        expect(await store.get('tasks', 'tsk_000001')).not.toBeNull();
        await store.commit({ writes: [remove(1)] });
        expect(await store.get('tasks', 'tsk_000001')).toBeNull();
        expect(await refusal(store.commit({ writes: [remove('any')] }))).toBeNull();
        await store.commit({ writes: [put(sampleTask(1))] });
        expect((await store.get('tasks', 'tsk_000001'))?.rev).toBe(1);
      });

      it('refuses what a unique index holds already, names its field, and frees it with its holder', async () => {
        const ada = sampleUser('ada');
        await store.commit({ writes: [{ put: 'users', record: ada, expect: 'absent' }] });
        const other = { ...sampleUser('bob'), name: 'ada' };
        for (const expected of ['absent', 'any'] as const) {
          const taken = store.commit({ writes: [{ put: 'users', record: other, expect: expected }] });
          expect(await refusal(taken)).toBe('conflict at name');
        }
        await store.commit({ writes: [{ put: 'users', record: sampleUser('bob'), expect: 'absent' }] });
        const renamed = store.commit({ writes: [{ put: 'users', record: other, expect: 1 }] });
        expect(await refusal(renamed)).toBe('conflict at name');
        await store.commit({ writes: [{ remove: 'users', id: ada.id, expect: 1 }] });
        await store.commit({ writes: [{ put: 'users', record: other, expect: 1 }] });
        expect((await store.get('users', other.id))?.record.name).toBe('ada');
      });

      it('holds whatever JSON can say, byte for byte', async () => {
        const body: unknown = JSON.parse(
          String.raw`{"a.b": 1, "$set": {"$inc": {"x.y": null}}, "": [], "nul\u0000key": "nul\u0000text", "\ud800": "\udfff",
            "__proto__": {"constructor": 1}, "9": 0.1, "1": -1e-300, "é": 9007199254740991, "deep": ${'['.repeat(150)}${']'.repeat(150)}}`,
        );
        const record = {
          id: 'idem',
          fingerprint: '$',
          answer: { status: 1, body, headers: {} },
          expiresAt: 1,
        };
        await store.commit({ writes: [{ put: 'idempotency', record, expect: 'absent' }] });
        const held = await store.get('idempotency', 'idem');
        expect(JSON.stringify(held?.record)).toBe(JSON.stringify(record));
      });

      it('takes ids and indexed text for what their bytes are', async () => {
        const ids = [
          'a',
          'B',
          'A',
          '10',
          '9',
          '_',
          'é',
          'e\u0301',
          'ß',
          'ss',
          '｡',
          '😀',
          'z',
          '~',
          'a b',
          'a.b',
          '$a',
        ];
        const ordered = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        const named = (id: string) =>
          ({ put: 'users', record: { ...sampleUser(id), id: `usr_${id}` }, expect: 'absent' }) as const;
        const dated = (id: string) =>
          ({
            put: 'idempotency',
            record: { id, fingerprint: '', answer: null, expiresAt: 7 },
            expect: 'absent',
          }) as const;
        await store.commit({ writes: ids.flatMap((id) => [named(id), dated(id)]) });
        for (const descending of [false, true]) {
          const expected = descending ? [...ordered].reverse() : ordered;
          const names: string[] = [];
          const keys: string[] = [];
          for (let after: string | undefined, more = true; more; ) {
            const page = await store.page('users', { index: 'name', limit: 3, descending, after });
            names.push(...page.items.map(({ record }) => record.name));
            after = page.next ?? undefined;
            more = page.next !== null;
          }
          for (let after: string | undefined, more = true; more; ) {
            const page = await store.page('idempotency', { index: 'expiry', limit: 4, descending, after });
            keys.push(...page.items.map(({ record }) => record.id));
            after = page.next ?? undefined;
            more = page.next !== null;
          }
          expect(names).toEqual(expected);
          expect(keys).toEqual(expected);
        }
        const range = { gte: 'a', lt: 'b' };
        const some = await store.page('users', { index: 'name', range, limit: 50 });
        expect(some.items.map(({ record }) => record.name)).toEqual(
          ordered.filter((id) => id >= 'a' && id < 'b'),
        );
        const many = await store.getMany('idempotency', ['é', 'A', 'A', 'nobody']);
        expect(many.map(({ record }) => record.id)).toEqual(['é', 'A', 'A']);
      });

      it('lets exactly one of several racing for a revision win', async () => {
        await store.commit({ writes: [put(sampleTask(1))] });
        for (let rev = 1; rev <= 10; rev++) {
          const racers = ['a', 'b', 'c'].map((preview) =>
            refusal(store.commit({ writes: [put(sampleTask(1, { preview }), rev)], inc: { won: 1 } })),
          );
          const lost = (await Promise.all(racers)).filter((outcome) => outcome !== null);
          expect(lost).toEqual(['conflict at rev', 'conflict at rev']);
        }
        expect((await store.get('tasks', 'tsk_000001'))?.rev).toBe(11);
        expect((await store.counters(['won'])).get('won')).toBe(10);
      });
    });

    describe('units', () => {
      const everything = (n: number): Required<Unit> => ({
        writes: [put(sampleTask(n)), { put: 'users', record: sampleUser(`u${n}`), expect: 'absent' }],
        inc: { units: 1, [`unit/${n}`]: n },
        outbox: [sampleEvent(`e${n}`)],
        log: { room: 'tsk_r', expectedSeq: n - 1, entries: [sampleEntry(n)] },
      });
      async function held() {
        return {
          tasks: await walk({ index: 'seq', where: { projectId: 'prj_a' }, limit: 50 }),
          users: (await store.page('users', { index: 'name', limit: 50 })).items.map((u) => u.record.name),
          counters: Object.fromEntries(await store.countersWith('unit')),
          outbox: (await store.outbox(50)).map(({ event }) => event.id),
          log: (await store.log.read('tsk_r', 0)).map(({ seq }) => seq),
        };
      }

      it('stand as a whole, or leave nothing, whichever part is refused', async () => {
        await store.commit(everything(1));
        const first = await held();
        expect(first).toEqual({
          tasks: [1],
          users: ['u1'],
          counters: { units: 1, 'unit/1': 1 },
          outbox: ['e1'],
          log: [1],
        });
        const two = everything(2);
        const broken: [Unit, string][] = [
          [{ ...two, writes: [...two.writes, put(sampleTask(1))] }, 'conflict at id'],
          [{ ...two, writes: [...two.writes, put(sampleTask(1), 7)] }, 'conflict at rev'],
          [{ ...two, log: { ...two.log, expectedSeq: 0, entries: [sampleEntry(1)] } }, 'room.stale'],
        ];
        for (const [unit, why] of broken) {
          expect(await refusal(store.commit(unit))).toBe(why);
          expect(await held()).toEqual(first);
        }
      });

      it('stand or fall alone when many come at once', async () => {
        await store.commit(everything(1));
        const outcomes = await Promise.all([
          refusal(store.commit(everything(2))),
          refusal(store.commit({ ...everything(3), writes: [put(sampleTask(3)), put(sampleTask(1))] })),
          refusal(store.commit(everything(3))),
          refusal(store.commit(everything(3))),
          refusal(store.commit(everything(4))),
        ]);
        expect(outcomes.map((outcome) => outcome === null)).toEqual([true, false, true, false, true]);
        expect(await held()).toEqual({
          tasks: [1, 2, 3, 4],
          users: ['u1', 'u2', 'u3', 'u4'],
          counters: { units: 4, 'unit/1': 1, 'unit/2': 2, 'unit/3': 3, 'unit/4': 4 },
          outbox: ['e1', 'e2', 'e3', 'e4'],
          log: [1, 2, 3, 4],
        });
      });

      it('run their writes in order: what one takes away another may have, a record may change twice', async () => {
        const [ada, bob] = [sampleUser('ada'), sampleUser('bob')];
        const user = (record: typeof ada, expect: 'absent' | 'any' | number) =>
          ({ put: 'users', record, expect }) as const;
        await store.commit({ writes: [user(ada, 'absent'), user(bob, 'absent')] });
        await store.commit({
          writes: [
            user({ ...ada, name: 'x' }, 1),
            user({ ...bob, name: 'ada' }, 1),
            user({ ...ada, name: 'bob' }, 2),
          ],
        });
        expect(await store.get('users', ada.id)).toEqual({ record: { ...ada, name: 'bob' }, rev: 3 });
        expect(await store.get('users', bob.id)).toEqual({ record: { ...bob, name: 'ada' }, rev: 2 });
        const eve = { ...sampleUser('eve'), name: 'ada' };
        await store.commit({ writes: [{ remove: 'users', id: bob.id, expect: 2 }, user(eve, 'absent')] });
        const twice = store.commit({
          writes: [user(sampleUser('dan'), 'absent'), user(sampleUser('dan'), 'absent')],
        });
        expect(await refusal(twice)).toBe('conflict at id');
        expect(
          (await store.page('users', { index: 'name', limit: 9 })).items.map((u) => u.record.name),
        ).toEqual(['ada', 'bob']);
      });

      it('of every kind at once follow each other on the same records', async () => {
        const idem = (id: string, n: number, expect: 'absent' | 'any' | number) =>
          ({
            put: 'idempotency',
            record: { id, fingerprint: `${n}`, answer: null, expiresAt: n },
            expect,
          }) as const;
        const remove = (id: string, expect: 'any' | number) =>
          ({ remove: 'idempotency', id, expect }) as const;
        await store.commit({ writes: [idem('old', 0, 'absent'), idem('gone', 0, 'absent')] });
        const outcomes = await Promise.all(
          [
            [idem('new', 1, 'absent')],
            [idem('old', 1, 1)],
            [remove('gone', 1)],
            [idem('new', 2, 1), idem('old', 2, 'any')],
            [idem('new', 3, 'absent')],
            [idem('gone', 3, 'absent'), idem('other', 3, 'any')],
            [remove('old', 2)],
            [remove('old', 3), remove('never', 'any')],
            [idem('gone', 4, 1)],
          ].map((writes) => refusal(store.commit({ writes }))),
        );
        expect(outcomes).toEqual([
          null,
          null,
          null,
          null,
          'conflict at id',
          null,
          'conflict at rev',
          null,
          null,
        ]);
        const held = await store.getMany('idempotency', ['new', 'old', 'gone', 'other', 'never']);
        expect(held.map(({ record, rev }) => [record.id, record.fingerprint, rev])).toEqual([
          ['new', '2', 2],
          ['gone', '4', 2],
          ['other', '3', 1],
        ]);
        expect(
          (await store.page('idempotency', { index: 'expiry', limit: 9 })).items.map((i) => i.record.id),
        ).toEqual(['new', 'other', 'gone']);
      });

      it('given before it closes are there when it is open again; later ones are refused', async () => {
        const given = Array.from({ length: 40 }, (_, n) => store.commit(everything(n + 1)));
        const closed = store;
        store = await made.reopen();
        await Promise.all(given);
        expect((await held()).log).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
        expect((await held()).counters['units']).toBe(40);
        await expect(closed.commit(everything(41))).rejects.toSatisfy((e) => isConcordError(e, 'overloaded'));
      });

      it('are all there after closing and opening again', async () => {
        await store.commit(everything(1));
        await store.commit(everything(2));
        await store.reserve('unit/block', 5);
        await store.outboxSent([(await store.outbox(1))[0]!.row]);
        await store.log.putSnapshot('tsk_r', 2, 'as it was');
        const before = await held();
        store = await made.reopen();
        expect(await held()).toEqual(before);
        expect(before.outbox).toEqual(['e2']);
        expect((await store.get('tasks', 'tsk_000001'))?.rev).toBe(1);
        expect(await store.log.getSnapshot('tsk_r')).toEqual({ seq: 2, state: 'as it was' });
        expect(await store.reserve('unit/block', 1)).toBe(6);
        expect(await refusal(store.commit(everything(3)))).toBeNull();
      });
    });

    describe('counters', () => {
      it('are 0 untouched and exact under concurrency, negative amounts included', async () => {
        const units = Array.from({ length: 200 }, (_, i) =>
          store.commit({ inc: { all: 1, sum: i, [`odd/${i % 2}`]: i % 3 === 0 ? -1 : 2 } }),
        );
        await Promise.all(units);
        const values = await store.counters(['all', 'sum', 'never']);
        expect([...values]).toEqual([
          ['all', 200],
          ['sum', 19_900],
          ['never', 0],
        ]);
        expect(Object.fromEntries(await store.countersWith('odd/'))).toEqual({ 'odd/0': 98, 'odd/1': 101 });
      });

      it('with a prefix are those that begin with exactly it', async () => {
        await store.commit({ inc: { 'p/a': 1, 'p/é': 2, p0: 3, 'P/a': 4, 'p%': 5, 'p/_': 6 } });
        expect(Object.fromEntries(await store.countersWith('p/'))).toEqual({ 'p/a': 1, 'p/é': 2, 'p/_': 6 });
      });

      it('have whatever names, and come in the order of their bytes', async () => {
        const keys = ['', '$', '.', 'a.b', 'a', 'B', 'é', '｡', '😀', '__proto__', '_id'];
        await store.commit({ inc: Object.fromEntries(keys.map((key, i) => [key, i + 1] as const)) });
        const ordered = keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect([...(await store.countersWith('')).keys()]).toEqual(ordered);
        expect([...(await store.counters(['a.b', '$', '']))]).toEqual([
          ['a.b', 4],
          ['$', 2],
          ['', 1],
        ]);
      });

      it('reserve blocks that nobody else gets', async () => {
        const ends = await Promise.all(Array.from({ length: 50 }, () => store.reserve('block', 3)));
        expect(ends.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => 3 * (i + 1)));
      });
    });

    describe('outbox', () => {
      it('keeps the order of units and of events in them, and forgets exactly what was sent', async () => {
        await store.commit({ outbox: [sampleEvent('b'), sampleEvent('a')] });
        await Promise.all(['c', 'e', 'd'].map((id) => store.commit({ outbox: [sampleEvent(id)] })));
        const rows = await store.outbox(10);
        expect(rows.map(({ event }) => event.id)).toEqual(['b', 'a', 'c', 'e', 'd']);
        expect(rows[0]?.event).toEqual(sampleEvent('b'));
        expect((await store.outbox(2)).map(({ event }) => event.id)).toEqual(['b', 'a']);
        await store.outboxSent([rows[0]!.row, rows[2]!.row]);
        await store.outboxSent([rows[0]!.row]);
        await store.outboxSent([]);
        expect((await store.outbox(10)).map(({ event }) => event.id)).toEqual(['a', 'e', 'd']);
      });

      it('never gives a row number out again', async () => {
        await store.commit({ outbox: [sampleEvent('a')] });
        const [first] = await store.outbox(1);
        await store.outboxSent([first!.row]);
        await store.commit({ outbox: [sampleEvent('b')] });
        expect((await store.outbox(1))[0]!.row).toBeGreaterThan(first!.row);
      });
    });

    describe('room log', () => {
      it('appends only at the expected end, and reads on from anywhere', async () => {
        const entries = [1, 2, 3].map((seq) => sampleEntry(seq));
        expect(await store.log.append('r', 0, entries)).toBe(3);
        for (const stale of [0, 2, 4]) {
          const late = store.log.append('r', stale, [sampleEntry(stale + 1, 'late')]);
          expect(await refusal(late)).toBe('room.stale');
        }
        expect(await store.log.read('r', 0)).toEqual(entries);
        expect((await store.log.read('r', 1)).map(({ seq }) => seq)).toEqual([2, 3]);
        expect((await store.log.read('r', 0, 2)).map(({ seq }) => seq)).toEqual([1, 2]);
        expect(await store.log.read('other', 0)).toEqual([]);
      });

      it('lets one of two appending at the same place win', async () => {
        const outcomes = await Promise.all(
          ['one', 'two'].map((text) => refusal(store.log.append('r', 0, [sampleEntry(1, text)]))),
        );
        expect([...outcomes].sort()).toEqual(['room.stale', null].sort());
        expect(await store.log.read('r', 0)).toHaveLength(1);
      });

      it('reads any stretch of a log that was written in pieces of any size', async () => {
        const long = 'x'.repeat(300_000);
        const sizes = [1, 7, 1, 30, 2, 1];
        const all: ReturnType<typeof sampleEntry>[] = [];
        for (const size of sizes) {
          const entries = Array.from({ length: size }, (_, i) =>
            sampleEntry(all.length + 1 + i, size === 30 ? long : 'short'),
          );
          await store.log.append('r', all.length, entries);
          all.push(...entries);
        }
        await store.log.append('q', 0, [sampleEntry(1, 'another room')]);
        for (const after of [0, 1, 4, 8, 9, 20, 38, 39, 41, 42, 99]) {
          for (const limit of [1, 3, 50, undefined]) {
            const expected = all
              .slice(after, limit === undefined ? undefined : after + limit)
              .map(({ seq }) => seq);
            expect((await store.log.read('r', after, limit)).map(({ seq }) => seq)).toEqual(expected);
          }
        }
        expect(await store.log.read('r', 0)).toEqual(all);
        expect(await store.log.append('r', 42, [])).toBe(42);
        expect(await refusal(store.log.append('r', 41, []))).toBe('room.stale');
      });

      it('keeps the newest snapshot, whatever comes later', async () => {
        expect(await store.log.getSnapshot('r')).toBeNull();
        await store.log.putSnapshot('r', 5, 'five');
        await store.log.putSnapshot('r', 3, 'three');
        expect(await store.log.getSnapshot('r')).toEqual({ seq: 5, state: 'five' });
        await store.log.putSnapshot('r', 8, 'eight');
        expect(await store.log.getSnapshot('r')).toEqual({ seq: 8, state: 'eight' });
      });
    });

    describe('paging', () => {
      const where = { projectId: 'prj_a' };
      const tasks = Array.from({ length: 23 }, (_, i) =>
        sampleTask(i + 1, {
          rank: (i * 7) % 5,
          leaseUntil: i % 4 === 0 ? 1000 + (i % 3) : null,
          state: i % 2 === 0 ? 'open' : 'finalized',
        }),
      );
      const seqs = (list: readonly Task[]) => list.map(({ seq }) => seq);
      const byRank = [...tasks].sort((a, b) => a.rank - b.rank || a.seq - b.seq);
      beforeEach(async () => {
        const others = sampleTask(99, { projectId: 'prj_b' });
        await store.commit({ writes: [...tasks, others].map((task) => put(task)) });
      });

      it('walks every kind of index once through, up and down, at every page size', async () => {
        const leased = tasks
          .filter((task) => task.leaseUntil !== null)
          .sort((a, b) => Number(a.leaseUntil) - Number(b.leaseUntil) || a.seq - b.seq);
        const cases: [Omit<PageQuery<'tasks'>, 'limit' | 'after'>, number[]][] = [
          [{ index: 'seq', where }, seqs(tasks)],
          [{ index: 'queue', where: { ...where, queue: 1 } }, seqs(byRank)],
          [
            { index: 'state', where: { ...where, state: 'open' } },
            seqs(tasks.filter((task) => task.state === 'open')),
          ],
          [{ index: 'lease' }, seqs(leased)],
          [
            { index: 'lease', range: { lte: 1001 } },
            seqs(leased.filter((t) => Number(t.leaseUntil) <= 1001)),
          ],
          [{ index: 'seq', where, range: { gt: 3, lt: 9 } }, [4, 5, 6, 7, 8]],
          [{ index: 'seq', where, range: { gte: 3, lte: 9 } }, [3, 4, 5, 6, 7, 8, 9]],
          [{ index: 'seq', where: { ...where, seq: 7 } }, [7]],
          [{ index: 'seq', where: { ...where, seq: 77 } }, []],
          [{ index: 'queue', where: { ...where, queue: 1, rank: 3 }, range: { gt: 9, lte: 15 } }, [10, 15]],
          [{ index: 'disputes', where: { state: 'open' } }, []],
        ];
        for (const [query, expected] of cases) {
          for (const limit of [1, 4, 50]) {
            expect(await walk({ ...query, limit }), JSON.stringify(query)).toEqual(expected);
            expect(await walk({ ...query, limit, descending: true }), JSON.stringify(query)).toEqual(
              [...expected].reverse(),
            );
          }
        }
      });

      it('goes on from a cursor while records come, go and move behind and before it', async () => {
        const query = { index: 'queue', where: { ...where, queue: 1 }, limit: 8 } as const;
        const first = await store.page('tasks', query);
        const given = first.items.map(({ record }) => record);
        const [gone, last] = [given[2]!, given.at(-1)!];
        const ahead = byRank[12]!;
        await store.commit({
          writes: [
            { remove: 'tasks', id: gone.id, expect: 'any' },
            // The record that the cursor stands on goes too: a cursor is a place, not a record.
            { remove: 'tasks', id: last.id, expect: 'any' },
            { remove: 'tasks', id: ahead.id, expect: 'any' },
            put(sampleTask(50, { rank: -1 })),
            put(sampleTask(51, { rank: 100 })),
          ],
        });
        const rest: number[] = [];
        for (let after = first.next; after !== null; ) {
          const page = await store.page('tasks', { ...query, after });
          rest.push(...page.items.map(({ record }) => record.seq));
          after = page.next;
        }
        expect(rest).toEqual([...seqs(byRank.slice(8).filter((task) => task !== ahead)), 51]);
      });

      it('follows a record whose indexed fields change', async () => {
        await store.commit({ writes: [put(sampleTask(1, { state: 'finalized', leaseUntil: null }), 1)] });
        expect(await walk({ index: 'lease', limit: 50 })).not.toContain(1);
        expect(await walk({ index: 'state', where: { ...where, state: 'finalized' }, limit: 50 })).toContain(
          1,
        );
        expect(await walk({ index: 'state', where: { ...where, state: 'open' }, limit: 50 })).not.toContain(
          1,
        );
      });

      it('refuses a cursor of another index or none at all', async () => {
        const { next } = await store.page('tasks', { index: 'seq', where, limit: 1 });
        for (const after of [next!, 'nonsense']) {
          const wrong = store.page('tasks', { index: 'lease', after, limit: 1 });
          await expect(wrong).rejects.toSatisfy((error) => isConcordError(error, 'input.invalid'));
        }
      });
    });
  });
}
