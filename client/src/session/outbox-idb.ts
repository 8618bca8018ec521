import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { createMemoryOutbox, keyText, type Outbox, type OutboxRecord } from './outbox.ts';

interface Schema extends DBSchema {
  outboxes: { key: string; value: OutboxRecord; indexes: { user: string } };
}

/** Unsent work in IndexedDB. Where the browser has none (private windows of some), memory stands in for it. */
export function createIndexedOutbox(): Outbox {
  const memory = createMemoryOutbox();
  const database: Promise<IDBPDatabase<Schema> | null> =
    typeof indexedDB === 'undefined'
      ? Promise.resolve(null)
      : openDB<Schema>('concord', 1, {
          upgrade(db) {
            db.createObjectStore('outboxes').createIndex('user', 'key.user');
          },
        }).catch(() => null);
  return {
    async load(key) {
      const db = await database;
      return db === null ? memory.load(key) : db.get('outboxes', keyText(key));
    },
    async save(record) {
      const db = await database;
      if (db === null) return memory.save(record);
      const text = keyText(record.key);
      if (record.queue.length === 0 && record.drafts.length === 0) await db.delete('outboxes', text);
      // Solid's proxies and frozen objects do not clone; plain JSON always does.
      else await db.put('outboxes', JSON.parse(JSON.stringify(record)) as OutboxRecord, text);
    },
    async of(user) {
      const db = await database;
      return db === null ? memory.of(user) : db.getAllFromIndex('outboxes', 'user', user);
    },
  };
}
