import { isConcordError } from '@concord/core/errors/concord-error';
import type { Task } from '@concord/core/records/task';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleEntry, sampleEvent, sampleTask, sampleUser } from '../testing/records.ts';
import { refusal } from '../testing/refusal.ts';
import { describeRoomLogContract } from './room-log.contract.ts';
import type { PageQuery, Store, Unit } from './store.ts';
import { describeStoreDetails } from './store-details.contract.ts';

const put = (task: Task, expect: 'absent' | 'any' | number = 'absent') =>
  ({ put: 'tasks', record: task, expect }) as const;

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

      it('reads what was acknowledged last, however often it was read before', async () => {
        const read = async () => {
          const found = await store.get('tasks', 'tsk_000001');
          return found === null ? null : [found.record.preview, found.rev];
        };
        await store.commit({ writes: [put(sampleTask(1, { preview: 'new' }))] });
        expect(await read()).toEqual(['new', 1]);
        await store.commit({ writes: [put(sampleTask(1, { preview: 'by revision' }), 1)] });
        expect(await read()).toEqual(['by revision', 2]);
        await store.commit({ writes: [put(sampleTask(1, { preview: 'whatever it was' }), 'any')] });
        expect(await read()).toEqual(['whatever it was', 3]);
        const refused = store.commit({ writes: [put(sampleTask(1, { preview: 'late' }), 1)] });
        expect(await refusal(refused)).toBe('conflict at rev');
        expect(await read()).toEqual(['whatever it was', 3]);
        await store.commit({ writes: [{ remove: 'tasks', id: 'tsk_000001', expect: 3 }] });
        expect(await read()).toBeNull();
        await store.commit({ writes: [put(sampleTask(1, { preview: 'again' }))] });
        expect(await read()).toEqual(['again', 1]);
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

      it('with a prefix can be read page by page, in one order and each once', async () => {
        const keys = ['a', 'b', 'c', 'd', 'e'].map((name) => `page/${name}`);
        for (const by of [1, 2])
          await store.commit({ inc: { ...Object.fromEntries(keys.map((k) => [k, by])), page: 1, pagf: 1 } });
        const page = (after: string | null) => store.counterPage('page/', after, 3);
        expect(await page(null)).toEqual(keys.slice(0, 3).map((key) => [key, 3]));
        expect(await page('page/c')).toEqual(keys.slice(3).map((key) => [key, 3]));
        expect(await page('page/e')).toEqual([]);
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
  describeRoomLogContract(name, open);
  describeStoreDetails(name, open);
}
