import { parseEvent } from '@concord/core/events/event';
import type { EventFilter, Positioned } from '../../ports/bus.ts';
import { reasonOf } from '../bus/reason.ts';
import type { Database, Row } from '../sqlite/database.ts';

/** A row of the stream: an event, or why it is none. */
export type EventRow = Positioned | { readonly position: number; readonly unreadable: string };

/** Rows after a position, oldest first. */
export function readRows(
  database: Database,
  after: number,
  limit: number,
  filter: EventFilter = {},
): EventRow[] {
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
  return database
    .sql(`SELECT position, body FROM events WHERE ${where} ORDER BY position LIMIT ?`)
    .all([...values, limit])
    .map(eventRow);
}

export function eventRow(row: Row): EventRow {
  const position = Number(row[0]);
  try {
    return { position, event: parseEvent(JSON.parse(String(row[1]))) };
  } catch (error) {
    return { position, unreadable: reasonOf(error) };
  }
}
