import { isConcordError } from '@concord/core/errors/concord-error';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleEntry, sampleUser } from '../testing/records.ts';
import { refusal } from '../testing/refusal.ts';
import type { Store, Unit } from './store.ts';

/** What no store may get wrong about text and order; part of the store's contract. */
export function describeStoreDetails(
  name: string,
  open: () => Promise<{ store: Store; reopen(): Promise<Store>; end(): Promise<void> }>,
): void {
  describe(`store, in detail: ${name}`, () => {
    let made: Awaited<ReturnType<typeof open>>;
    let store: Store;
    beforeEach(async () => {
      made = await open();
      store = made.store;
    });
    afterEach(() => made.end());

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

    it('runs the writes of a unit in order: what one takes away another may have, a record may change twice', async () => {
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

    it('lets units of every kind that come at once follow each other on the same records', async () => {
      const idem = (id: string, n: number, expect: 'absent' | 'any' | number) =>
        ({
          put: 'idempotency',
          record: { id, fingerprint: `${n}`, answer: null, expiresAt: n },
          expect,
        }) as const;
      const remove = (id: string, expect: 'any' | number) => ({ remove: 'idempotency', id, expect }) as const;
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

    it('finishes what was given before it closes, and refuses what comes later', async () => {
      const unit = (n: number): Unit => ({
        inc: { units: 1 },
        log: { room: 'r', expectedSeq: n - 1, entries: [sampleEntry(n)] },
      });
      const given = Array.from({ length: 40 }, (_, n) => store.commit(unit(n + 1)));
      const closed = store;
      store = await made.reopen();
      await Promise.all(given);
      expect((await store.log.read('r', 0)).map(({ seq }) => seq)).toEqual(given.map((_, n) => n + 1));
      expect(await store.counters(['units'])).toEqual(new Map([['units', 40]]));
      await expect(closed.commit(unit(41))).rejects.toSatisfy((e) => isConcordError(e, 'overloaded'));
    });

    it('counts under whatever names, and gives them in the order of their bytes', async () => {
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
  });
}
