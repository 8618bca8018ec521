import type { ConcordEvent } from '@concord/core/events/event';
import type { Logger } from '../../observability/logger.ts';
import type { Store, Unit } from '../../ports/store.ts';
import { type Database, openDatabase } from '../sqlite/database.ts';
import { insertRows } from '../sqlite/multi-row.ts';
import { applyWrites } from './apply-writes.ts';
import { readMany, readOne, readPage } from './collection-table.ts';
import { type Counters, createCounters } from './counters.ts';
import { createGroupCommit } from './group-commit.ts';
import { appendEntries, createLogTable } from './log-table.ts';
import { prepareStore, storeLayout } from './schema.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder is made when it is missing. */
  readonly file: string;
  readonly logger?: Logger;
  /** `commit` lets the thread wait for the disk: slower, and the same history at every run of a simulation. */
  readonly syncs?: 'commit' | 'later';
}

/**
 * Records and room logs in one SQLite file. Reads are answered at once and see what is committed;
 * writes that come while the disk is busy share one transaction and one sync, and are acknowledged after it.
 */
export function createSqliteStore(options: SqliteStoreOptions): Store {
  const database = openDatabase({
    file: options.file,
    layout: storeLayout,
    prepare: prepareStore,
    cacheKiB: 32_768,
    syncs: options.syncs ?? 'later',
  });
  const counters = createCounters(database);
  const group = createGroupCommit(database, {
    beforeCommit: counters.write,
    rolledBack: counters.forget,
  });
  options.logger?.debug({ file: database.file }, 'store opened');
  let closed = false;
  return {
    get: async (collection, id) => readOne(database, collection, id),
    getMany: async (collection, ids) => readMany(database, collection, ids),
    page: async (collection, query) => readPage(database, collection, query),
    commit: (unit) =>
      group.pend({ weight: weightOf(unit), single: false, run: () => applyUnit(database, counters, unit) }),
    counters: async (keys) => counters.read(keys),
    countersWith: async (prefix) => counters.readWith(prefix),
    reserve: (key, by) => group.pend({ weight: 1, single: true, run: () => counters.reserve(key, by) }),
    async outbox(limit) {
      const rows = database.sql('SELECT "row", event FROM outbox ORDER BY "row" LIMIT ?').all([limit]);
      return rows.map(([row, event]) => ({
        row: Number(row),
        event: JSON.parse(String(event)) as ConcordEvent,
      }));
    },
    async outboxSent(rows) {
      if (rows.length === 0) return;
      const text = 'DELETE FROM outbox WHERE "row" IN (SELECT value FROM json_each(?))';
      const list = JSON.stringify(rows);
      await group.pend({ weight: rows.length, single: true, run: () => database.sql(text).run([list]) });
    },
    log: createLogTable(database, group),
    async close() {
      if (closed) return;
      closed = true;
      group.close();
      database.close();
    },
  };
}

function weightOf(unit: Unit): number {
  return 1 + (unit.writes?.length ?? 0) + (unit.outbox?.length ?? 0) + (unit.log?.entries.length ?? 0);
}

/** The log goes first: its refusal is the likeliest, and cheap. Counters go last, gathered only when all else stands. */
function applyUnit(database: Database, counters: Counters, unit: Unit): void {
  if (unit.log !== undefined) appendEntries(database, unit.log.room, unit.log.expectedSeq, unit.log.entries);
  if (unit.writes !== undefined) applyWrites(database, unit.writes);
  if (unit.outbox !== undefined) {
    const rows = unit.outbox.map((event) => [JSON.stringify(event)]);
    insertRows(database, 'INSERT INTO outbox(event)', 1, '', rows);
  }
  if (unit.inc !== undefined) counters.add(unit.inc);
}
