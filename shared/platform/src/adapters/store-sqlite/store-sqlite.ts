import type { ConcordEvent } from '@concord/core/events/event';
import type { Logger } from '../../observability/logger.ts';
import type { Store } from '../../ports/store.ts';
import { openDatabase } from '../sqlite/database.ts';
import { readMany, readOne, readPage } from './collection-table.ts';
import { readCounterPage, readCounters, readCountersWith } from './counters.ts';
import { reserveJob, unitJob } from './job.ts';
import { createLogTable } from './log-table.ts';
import { createRecordCache } from './record-cache.ts';
import { prepareStore, storeLayout } from './schema.ts';
import { createThreadWriter } from './thread-writer.ts';
import { createInlineWriter } from './writer.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder is made when it is missing. */
  readonly file: string;
  readonly logger?: Logger;
  /** Where writes run: in a thread of their own, or in the calling one (simulations, unit tests). */
  readonly writes?: 'thread' | 'inline';
  /**
   * Called once when the disk failed under a write: what it holds now nobody knows, and this store refuses every write
   * from then on. A new process, which reads all from disk, can go on.
   */
  readonly onBroken?: (error: Error) => void;
}

/**
 * Records and room logs in one SQLite file. Reads run in the calling thread and see what is on disk; writes go to the one
 * connection that writes, where those that come while the disk is busy share one transaction and one sync.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const { file } = options;
  const database = openDatabase({ file, layout: storeLayout, prepare: prepareStore, cacheKiB: 16_384 });
  const createWriter = options.writes === 'inline' ? createInlineWriter : createThreadWriter;
  const writer = createWriter(database.file, options.onBroken ?? (() => {}));
  options.logger?.debug({ file: database.file }, 'store opened');
  const cache = createRecordCache();
  let closing: Promise<void> | null = null;
  return {
    async get(collection, id) {
      const held = cache.get(collection, id);
      if (held !== undefined) return held;
      const found = readOne(database, collection, id);
      if (found === null) return null;
      cache.read(collection, id, found.stored, found.length);
      return found.stored;
    },
    getMany: async (collection, ids) => readMany(database, collection, ids),
    page: async (collection, query) => readPage(database, collection, query),
    async commit(unit) {
      await writer.write(unitJob(unit));
      if (unit.writes !== undefined) cache.written(unit.writes);
    },
    counters: async (keys) => readCounters(database, keys),
    countersWith: async (prefix) => readCountersWith(database, prefix),
    counterPage: async (prefix, after, limit) => readCounterPage(database, prefix, after, limit),
    reserve: async (key, by) => writer.write(reserveJob(key, by)),
    async outbox(limit) {
      const rows = database.sql('SELECT "row", event FROM outbox ORDER BY "row" LIMIT ?').all([limit]);
      return rows.map(([row, event]) => ({
        row: Number(row),
        event: JSON.parse(String(event)) as ConcordEvent,
      }));
    },
    async outboxSent(rows) {
      if (rows.length > 0) await writer.write({ kind: 'sent', rows });
    },
    log: createLogTable(database, writer),
    health() {
      const detail = writer.trouble();
      return { state: detail === null ? 'ok' : 'down', since: null, detail };
    },
    close() {
      closing ??= writer.close().finally(() => database.close());
      return closing;
    },
  };
}
