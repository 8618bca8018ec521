import type { WireEntry } from '@concord/core/rooms/op';
import type { RoomLog } from '../../ports/store.ts';
import type { Database, SqlValue } from '../sqlite/database.ts';
import { insertRows } from '../sqlite/multi-row.ts';
import { packEntries, unpackEntries } from '../store/pack.ts';
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

/** So much is read, compressed and written in one go. */
const packCharacters = 4 * 1024 * 1024;

/** Packs rows in a transaction the caller holds. The last row stays: it says where the log ends. */
export function packRows(database: Database, room: string, upTo: number): void {
  const last = Number(database.sql('SELECT max(seq) FROM room_log WHERE room = ?').get([room])?.[0] ?? 0);
  const rows = database
    .sql(
      'SELECT seq, entry FROM (SELECT seq, entry, sum(length(entry)) OVER (ORDER BY seq) AS sofar ' +
        'FROM room_log WHERE room = ? AND seq <= ?) WHERE sofar <= ?',
    )
    .all([room, Math.min(upTo, last - 1), packCharacters]);
  if (rows.length < 2) return;
  const [first, end] = [Number(rows[0]![0]), Number(rows.at(-1)![0])];
  const entries = packEntries(rows.map(([, entry]) => String(entry)));
  database
    .sql('INSERT INTO room_pack(room, last, first, entries) VALUES (?, ?, ?, ?)')
    .run([room, end, first, entries]);
  database.sql('DELETE FROM room_log WHERE room = ? AND seq <= ?').run([room, end]);
}

/** Reads from `database`, writes by `writer`. */
export function createLogTable(database: Database, writer: Writer): RoomLog {
  return {
    append: async (room, expectedSeq, entries) => writer.write(appendJob(room, expectedSeq, entries)),
    async read(room, after, limit) {
      // In one statement, since packing moves rows from one table to the other. Each row holds an entry that is wanted.
      const rows = database
        .sql(
          'SELECT seq AS last, seq AS first, entry FROM room_log WHERE room = ?1 AND seq > ?2 UNION ALL ' +
            'SELECT last, first, entries FROM room_pack WHERE room = ?1 AND last > ?2 ORDER BY last LIMIT ?3',
        )
        .all([room, after, limit ?? -1]);
      const entries = rows.flatMap(([, first, held]) =>
        entriesOf(held).map((entry, i) => ({ ...entry, seq: Number(first) + i })),
      );
      const wanted = entries.filter(({ seq }) => seq > after);
      return limit === undefined ? wanted : wanted.slice(0, limit);
    },
    async pack(room, upTo) {
      await writer.write({ kind: 'pack', room, upTo });
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

const entriesOf = (held: SqlValue | undefined): readonly WireEntry[] =>
  held instanceof Uint8Array ? unpackEntries(held) : [JSON.parse(String(held)) as WireEntry];
