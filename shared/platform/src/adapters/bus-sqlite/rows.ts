import { parseEvent } from '@concord/core/events/event';
import type { EventFilter, Positioned } from '../../ports/bus.ts';
import { reasonOf } from '../bus/reason.ts';
import type { Database, Row } from '../sqlite/database.ts';

/** A row of the stream: an event, or why it is none. */
export type EventRow = Positioned | { readonly position: number; readonly unreadable: string };

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

/** Rows after a position, oldest first. */
export function readRows(
  database: Database,
  after: number,
  limit: number,
  filter: EventFilter = {},
): EventRow[] {
  const { where, values } = matching(after, filter);
  return database
    .sql(`SELECT position, body FROM events WHERE ${where} ORDER BY position LIMIT ?`)
    .all([...values, limit])
    .map(eventRow);
}

export function countRows(database: Database, after: number, filter: EventFilter = {}): number {
  const { where, values } = matching(after, filter);
  return Number(database.sql(`SELECT count(*) FROM events WHERE ${where}`).get(values)?.[0] ?? 0);
}

export function eventRow(row: Row): EventRow {
  const position = Number(row[0]);
  try {
    return { position, event: parseEvent(JSON.parse(String(row[1]))) };
  } catch (error) {
    return { position, unreadable: reasonOf(error) };
  }
}
