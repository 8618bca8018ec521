import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleEntry } from '../testing/records.ts';
import { refusal } from '../testing/refusal.ts';
import type { Store } from './store.ts';

/** What every store's room logs must do; part of the store's contract. */
export function describeRoomLogContract(
  name: string,
  open: () => Promise<{ store: Store; end(): Promise<void> }>,
): void {
  describe(`room log: ${name}`, () => {
    let made: Awaited<ReturnType<typeof open>>;
    let store: Store;
    beforeEach(async () => {
      made = await open();
      store = made.store;
    });
    afterEach(() => made.end());

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

    it('reads the same after it was packed, in several goes, and goes on from there', async () => {
      const entries = Array.from({ length: 30 }, (_, i) => sampleEntry(i + 1, `é "${'x'.repeat(i)}`));
      for (const entry of entries.slice(0, 20)) await store.log.append('r', entry.seq - 1, [entry]);
      await store.log.append('s', 0, [sampleEntry(1), sampleEntry(2), sampleEntry(3)]);
      for (const upTo of [0, 7, 7, 8, 20, 99]) {
        await store.log.pack('r', upTo);
        expect(await store.log.read('r', 0)).toEqual(entries.slice(0, 20));
      }
      for (const entry of entries.slice(20, 25)) await store.log.append('r', entry.seq - 1, [entry]);
      expect(await refusal(store.log.append('r', 20, [sampleEntry(21)]))).toBe('room.stale');
      await Promise.all([
        store.log.pack('r', 22),
        store.log.append('r', 25, entries.slice(25)),
        store.log.pack('r', 30),
        store.log
          .read('r', 0)
          .then((read) =>
            expect(read.map(({ seq }) => seq).slice(0, 25)).toEqual(
              entries.slice(0, 25).map(({ seq }) => seq),
            ),
          ),
      ]);
      for (let after = 0; after <= 30; after += 1) {
        expect(await store.log.read('r', after)).toEqual(entries.slice(after));
        expect(await store.log.read('r', after, 4)).toEqual(entries.slice(after, after + 4));
      }
      expect(await store.log.read('s', 0)).toHaveLength(3);
      await store.log.pack('none', 9);
      expect(await store.log.read('none', 0)).toEqual([]);
    });

    it('lets one of two appending at the same place win', async () => {
      const outcomes = await Promise.all(
        ['one', 'two'].map((text) => refusal(store.log.append('r', 0, [sampleEntry(1, text)]))),
      );
      expect([...outcomes].sort()).toEqual(['room.stale', null].sort());
      expect(await store.log.read('r', 0)).toHaveLength(1);
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
}
