import type { DeadLetter } from '../../ports/bus.ts';
import type { Database } from '../sqlite/database.ts';
import { type EventRow, eventRow } from './rows.ts';

const MOST = 1000;

/** One event that no delivery could get through to its consumer. */
export interface Burial {
  readonly position: number;
  readonly reason: string;
}

/** The table of what consumers set aside. Those that wait to be delivered again are marked, and taken out when it is done. */
export interface DeadLetters {
  bury(consumer: string, burials: readonly Burial[], at: number): void;
  /** Those that somebody asked to have delivered again. */
  again(consumer: string, limit: number): EventRow[];
  forget(consumer: string, rows: readonly { readonly position: number }[]): void;
  list(consumer?: string): DeadLetter[];
  replay(consumer?: string): number;
}

export function createDeadLetters(database: Database): DeadLetters {
  const of = (consumer: string | undefined) => (consumer === undefined ? '' : 'AND consumer = ?');
  const values = (consumer: string | undefined) => (consumer === undefined ? [] : [consumer]);
  return {
    bury(consumer, burials, at) {
      for (const { position, reason } of burials) {
        database
          .sql('INSERT OR REPLACE INTO dead_letters (consumer, position, reason, at) VALUES (?, ?, ?, ?)')
          .run([consumer, position, reason, at]);
      }
    },
    again: (consumer, limit) =>
      database
        .sql(
          'SELECT e.position, e.body FROM dead_letters d JOIN events e ON e.position = d.position WHERE d.consumer = ? AND d.again = 1 ORDER BY e.position LIMIT ?',
        )
        .all([consumer, limit])
        .map(eventRow),
    forget(consumer, rows) {
      for (const { position } of rows)
        database
          .sql('DELETE FROM dead_letters WHERE consumer = ? AND position = ?')
          .run([consumer, position]);
    },
    list: (consumer) =>
      database
        .sql(
          `SELECT d.consumer, d.position, e.body, d.reason, d.at FROM dead_letters d JOIN events e ON e.position = d.position
           WHERE d.again = 0 ${of(consumer)} ORDER BY d.position LIMIT ${MOST}`,
        )
        .all(values(consumer))
        .map(([name, position, body, reason, at]) => ({
          consumer: String(name),
          position: Number(position),
          body: String(body),
          reason: String(reason),
          at: Number(at),
        })),
    replay: (consumer) =>
      database.sql(`UPDATE dead_letters SET again = 1 WHERE again = 0 ${of(consumer)}`).run(values(consumer))
        .changes,
  };
}
