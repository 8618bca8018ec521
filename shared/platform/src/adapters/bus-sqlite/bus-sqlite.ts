import { type ConcordEvent, parseEvent } from '@concord/core/events/event';
import type { Logger } from '../../observability/logger.ts';
import type { Bus, ConsumeOptions, EventFilter, Positioned } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';
import { openDatabase, type Row } from '../sqlite/database.ts';
import { startConsumer } from './consumer.ts';

const LAYOUT = 1;
/** How often a process looks whether another one wrote. Reading the file's change counter costs microseconds. */
const LOOK_MS = 25;

/** The bus as a table in a SQLite file of its own, shared by the server and its workers. Positions are row numbers. */
export function createSqliteBus(options: {
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
}): Bus {
  const { clock, logger } = options;
  const database = openDatabase({
    file: options.file,
    layout: LAYOUT,
    cacheKiB: 2048,
    prepare: (db) =>
      db.exec(`
        CREATE TABLE IF NOT EXISTS events (
          position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, project TEXT NOT NULL, body TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS consumers (name TEXT PRIMARY KEY, acknowledged INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS dead (name TEXT NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (name, position));`),
  });
  const listeners = new Set<() => void>();
  let closed = false;
  let seen = changeCount();
  let cancelLook: (() => void) | null = null;

  function changeCount(): number {
    return Number(database.sql('PRAGMA data_version').get([])?.[0] ?? 0);
  }
  function tell(): void {
    for (const listener of [...listeners]) listener();
  }
  function look(): void {
    if (closed || listeners.size === 0) {
      cancelLook = null;
      return;
    }
    const now = changeCount();
    if (now !== seen) {
      seen = now;
      tell();
    }
    cancelLook = clock.after(LOOK_MS, look);
  }
  function watch(listener: () => void): () => void {
    listeners.add(listener);
    if (cancelLook === null && !closed) look();
    return () => listeners.delete(listener);
  }

  /** Events after a position that a filter lets through, as an SQL condition and its values. */
  function matching(after: number, filter: EventFilter): { where: string; values: (string | number)[] } {
    const values: (string | number)[] = [after];
    let where = 'position > ?';
    if (filter.types !== undefined) {
      where += ` AND type IN (${filter.types.map(() => '?').join(',')})`;
      values.push(...filter.types);
    }
    if (filter.projectId !== undefined) {
      where += ' AND project = ?';
      values.push(filter.projectId);
    }
    return { where, values };
  }

  function read(after: number, limit: number, filter: EventFilter = {}): Positioned[] {
    const { where, values } = matching(after, filter);
    return database
      .sql(`SELECT position, body FROM events WHERE ${where} ORDER BY position LIMIT ?`)
      .all([...values, limit])
      .map(positioned);
  }
  const last = () => Number(database.sql('SELECT coalesce(max(position), 0) FROM events').get([])?.[0] ?? 0);
  const acknowledged = (name: string) =>
    Number(database.sql('SELECT acknowledged FROM consumers WHERE name = ?').get([name])?.[0] ?? 0);

  return {
    async publish(events: readonly ConcordEvent[]) {
      if (events.length === 0) return;
      database.transaction(() => {
        for (const event of events) {
          database
            .sql(
              'INSERT INTO events (id, type, project, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
            )
            .run([event.id, event.type, event.subject, JSON.stringify(event)]);
        }
      });
      queueMicrotask(tell);
    },
    consume: async (consumeOptions: ConsumeOptions, handler) =>
      startConsumer(consumeOptions, handler, {
        read,
        watch,
        clock,
        logger,
        acknowledged: () => acknowledged(consumeOptions.name),
        acknowledge(position) {
          database
            .sql(
              'INSERT INTO consumers (name, acknowledged) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET acknowledged = max(acknowledged, excluded.acknowledged)',
            )
            .run([consumeOptions.name, position]);
        },
        bury(position) {
          database
            .sql('INSERT OR IGNORE INTO dead (name, position) VALUES (?, ?)')
            .run([consumeOptions.name, position]);
        },
      }),
    read: async (after, limit, filter) => read(after, limit, filter),
    last: async () => last(),
    watch,
    deadLetters: async (name) =>
      database
        .sql(
          'SELECT e.position, e.body FROM dead d JOIN events e ON e.position = d.position WHERE d.name = ? ORDER BY e.position',
        )
        .all([name])
        .map(positioned),
    async lag(name, filter = {}) {
      const at = acknowledged(name);
      const { where, values } = matching(at, filter);
      const count = database.sql(`SELECT count(*) FROM events WHERE ${where}`).get(values);
      return { acknowledged: at, waiting: Number(count?.[0] ?? 0) };
    },
    async close() {
      closed = true;
      listeners.clear();
      cancelLook?.();
      database.close();
    },
  };
}

function positioned(row: Row): Positioned {
  return { position: Number(row[0]), event: parseEvent(JSON.parse(String(row[1]))) };
}
