import type { CollectionName, Collections } from '@concord/core/records/collections';
import type { Stored, Write } from '../../ports/store.ts';

/** What rooms and queues read again and again. Others are kept by those who need them, or read seldom. */
const kept: ReadonlySet<CollectionName> = new Set(['tasks', 'assets']);
const most = 4000;
/** Longer texts are read again: the cache stays at a few MB. In characters of JSON. */
const longestBody = 8192;

/** The newest records read or written by this process, so that a hot one costs no statement and no parsing. */
export interface RecordCache {
  get<C extends CollectionName>(collection: C, id: string): Stored<Collections[C]> | undefined;
  /** `length` is that of the record's JSON. */
  read<C extends CollectionName>(
    collection: C,
    id: string,
    stored: Stored<Collections[C]>,
    length: number,
  ): void;
  /** These writes are on disk. */
  written(writes: readonly Write[]): void;
}

export function createRecordCache(): RecordCache {
  const entries = new Map<string, Stored<unknown>>();
  const keyOf = (collection: CollectionName, id: string) => `${collection} ${id}`;

  return {
    get(collection, id) {
      return entries.get(keyOf(collection, id)) as Stored<Collections[typeof collection]> | undefined;
    },
    read(collection, id, stored, length) {
      if (!kept.has(collection) || length > longestBody) return;
      entries.set(keyOf(collection, id), stored);
      if (entries.size > most) entries.delete(entries.keys().next().value as string);
    },
    written(writes) {
      for (const write of writes) {
        const collection = 'put' in write ? write.put : write.remove;
        if (!kept.has(collection)) continue;
        const key = keyOf(collection, 'put' in write ? write.record.id : write.id);
        const held = entries.get(key);
        if (held === undefined) continue;
        // A read may have been faster than the news of a write: an older revision never comes back.
        if ('put' in write && typeof write.expect === 'number') {
          if (held.rev <= write.expect) entries.set(key, { record: write.record, rev: write.expect + 1 });
        } else entries.delete(key);
      }
    },
  };
}
