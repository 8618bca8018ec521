import type { ConcordEvent } from '@concord/core/events/event';
import type { Logger } from '../../observability/logger.ts';
import type { Bus, ConsumeOptions, EventFilter, Positioned } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';
import { openDatabase } from '../sqlite/database.ts';
import { startConsumer } from './consumer.ts';
import { createDeadLetters } from './dead-letters.ts';
import { readRows } from './rows.ts';
import { busLayout, prepareBus } from './schema.ts';

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
    layout: busLayout,
    cacheKiB: 2048,
    prepare: prepareBus,
  });
  const dead = createDeadLetters(database);
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
    try {
      const now = changeCount();
      if (now !== seen) {
        seen = now;
        tell();
      }
    } catch (err) {
      logger.warn({ err }, 'the bus could not be looked at');
    }
    cancelLook = clock.after(LOOK_MS, look);
  }
  function watch(listener: () => void): () => void {
    listeners.add(listener);
    if (cancelLook === null && !closed) look();
    return () => listeners.delete(listener);
  }

  /** Goes on past what cannot be read, so that a short answer always means the end. */
  function read(after: number, limit: number, filter: EventFilter = {}): Positioned[] {
    const found: Positioned[] = [];
    for (let from = after; found.length < limit; ) {
      const rows = readRows(database, from, limit - found.length, filter);
      for (const row of rows) {
        if ('event' in row) found.push(row);
        else logger.error({ position: row.position, why: row.unreadable }, 'an event could not be read');
      }
      const last = rows.at(-1);
      if (last === undefined) break;
      from = last.position;
    }
    return found;
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
    consume: async (consumeOptions: ConsumeOptions, handler) => {
      const { name } = consumeOptions;
      return startConsumer(consumeOptions, handler, {
        waiting: (limit) => readRows(database, acknowledged(name), limit, consumeOptions),
        again: (limit) => dead.again(name, limit),
        settle: (delivery) =>
          database.transaction(() => {
            if (delivery.again) dead.forget(name, delivery.rows);
            else {
              database
                .sql(
                  'INSERT INTO consumers (name, acknowledged) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET acknowledged = max(acknowledged, excluded.acknowledged)',
                )
                .run([name, delivery.rows.at(-1)?.position ?? 0]);
            }
            dead.bury(name, delivery.dead, clock.now());
          }),
        watch,
        clock,
        logger,
      });
    },
    read: async (after, limit, filter) => read(after, limit, filter),
    last: async () => last(),
    watch,
    deadLetters: async (name) => dead.list(name),
    async replay(name) {
      const count = dead.replay(name);
      queueMicrotask(tell);
      return count;
    },
    async lag(name) {
      const at = acknowledged(name);
      return {
        acknowledged: at,
        waiting: Number(database.sql('SELECT count(*) FROM events WHERE position > ?').get([at])?.[0] ?? 0),
      };
    },
    async close() {
      closed = true;
      listeners.clear();
      cancelLook?.();
      database.close();
    },
  };
}
