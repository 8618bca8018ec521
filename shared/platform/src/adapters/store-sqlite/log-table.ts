import type { WireEntry } from '@concord/core/rooms/op';
import type { RoomLog } from '../../ports/store.ts';
import type { Database } from '../sqlite/database.ts';
import { insertRows } from '../sqlite/multi-row.ts';
import { stale } from '../store/refusals.ts';
import { appendJob, type LogRows } from './job.ts';
import type { Writer } from './writer.ts';

/** Appends in a transaction the caller holds; the new last seq. Checks before it writes, so that a refusal leaves nothing. */
export function appendRows(database: Database, { room, expectedSeq, entries }: LogRows): number {
  const last = Number(database.sql('SELECT max(seq) FROM room_log WHERE room = ?').get([room])?.[0] ?? 0);
  if (last !== expectedSeq) throw stale(last, expectedSeq);
  const rows = entries.map((entry, index) => [room, expectedSeq + 1 + index, entry]);
  insertRows(database, 'INSERT INTO room_log(room, seq, entry)', 3, '', rows);
  return expectedSeq + entries.length;
}

/** Reads from `database`, writes by `writer`. */
export function createLogTable(database: Database, writer: Writer): RoomLog {
  return {
    append: async (room, expectedSeq, entries) => writer.write(appendJob(room, expectedSeq, entries)),
    async read(room, after, limit) {
      const rows = database
        .sql('SELECT seq, entry FROM room_log WHERE room = ? AND seq > ? ORDER BY seq LIMIT ?')
        .all([room, after, limit ?? -1]);
      return rows.map(([seq, entry]) => ({ ...(JSON.parse(String(entry)) as WireEntry), seq: Number(seq) }));
    },
    async putSnapshot(room, seq, state) {
      await writer.write({ kind: 'snapshot', room, seq, state });
    },
    async getSnapshot(room) {
      const row = database.sql('SELECT seq, state FROM room_snapshot WHERE room = ?').get([room]);
      return row === undefined ? null : { seq: Number(row[0]), state: String(row[1]) };
    },
  };
}
