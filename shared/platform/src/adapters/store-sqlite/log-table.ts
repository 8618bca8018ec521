import { ConcordError } from '@concord/core/errors/concord-error';
import type { LogEntry } from '@concord/core/rooms/op';
import type { RoomLog } from '../../ports/store.ts';
import type { Database } from '../sqlite/database.ts';
import { insertRows } from '../sqlite/multi-row.ts';
import type { GroupCommit } from './group-commit.ts';

/** Appends in a transaction the caller holds. Checks before it writes, so that a refusal leaves nothing. */
export function appendEntries(
  database: Database,
  room: string,
  expectedSeq: number,
  entries: readonly LogEntry[],
): number {
  const last = Number(database.sql('SELECT max(seq) FROM room_log WHERE room = ?').get([room])?.[0] ?? 0);
  if (last !== expectedSeq) {
    throw new ConcordError('room.stale', `The room's log is at ${last}, not at ${expectedSeq}.`, [
      {
        path: 'expectedSeq',
        message: 'the log has moved on',
        value: expectedSeq,
        remedy: 'Read the log and try again.',
      },
    ]);
  }
  const rows = entries.map((entry, index) => {
    const seq = expectedSeq + 1 + index;
    if (entry.seq !== seq) {
      throw new ConcordError('internal', `entry ${index} has seq ${entry.seq} where ${seq} follows`);
    }
    return [room, seq, JSON.stringify(entry)];
  });
  insertRows(database, 'INSERT INTO room_log(room, seq, entry)', 3, '', rows);
  return expectedSeq + entries.length;
}

export function createLogTable(database: Database, group: GroupCommit): RoomLog {
  return {
    append: (room, expectedSeq, entries) =>
      group.pend({
        weight: entries.length + 1,
        single: entries.length === 1,
        run: () => appendEntries(database, room, expectedSeq, entries),
      }),
    async read(room, after, limit) {
      const rows = database
        .sql('SELECT entry FROM room_log WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?')
        .all([room, after, limit ?? -1]);
      return rows.map((row) => JSON.parse(String(row[0])) as LogEntry);
    },
    async putSnapshot(room, seq, state) {
      const text =
        'INSERT INTO room_snapshot(room, seq, state) VALUES (?, ?, ?) ON CONFLICT(room) ' +
        'DO UPDATE SET seq = excluded.seq, state = excluded.state WHERE excluded.seq >= room_snapshot.seq';
      await group.pend({ weight: 1, single: true, run: () => database.sql(text).run([room, seq, state]) });
    },
    async getSnapshot(room) {
      const row = database.sql('SELECT seq, state FROM room_snapshot WHERE room = ?').get([room]);
      return row === undefined ? null : { seq: Number(row[0]), state: String(row[1]) };
    },
  };
}
