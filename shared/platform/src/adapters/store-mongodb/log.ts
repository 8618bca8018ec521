import type { LogEntry, WireEntry } from '@concord/core/rooms/op';
import { Binary, type ClientSession } from 'mongodb';
import type { RoomLog } from '../../ports/store.ts';
import { packEntries, unpackEntries } from '../store/pack.ts';
import type { Calls } from './calls.ts';
import { oneMoment } from './counters.ts';
import type { GroupWriter } from './group-writer.ts';
import { unitJob } from './job.ts';
import { type LogDoc, logIndex, type Tables } from './tables.ts';
import { durable } from './transactions.ts';
import { isDuplicate } from './trouble.ts';

/** So much is read, compressed and written in one go. */
const packCharacters = 4 * 1024 * 1024;

export function createLog(tables: Tables, writer: GroupWriter, calls: Calls): RoomLog {
  /** Whether the snapshot is kept now, or a newer one is there. */
  async function putSnapshot(
    session: ClientSession,
    { room, seq, state }: { readonly room: string; readonly seq: number; readonly state: string },
  ): Promise<boolean> {
    try {
      const older = { _id: room, seq: { $lte: seq } };
      await tables.snapshots.updateOne(older, { $set: { seq, state } }, { upsert: true, session });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function pack(session: ClientSession, room: string, upTo: number): Promise<void> {
    const loose = await tables.log
      .find({ '_id.room': room, last: { $lte: upTo }, entries: { $type: 'string' } }, { session })
      .hint(logIndex)
      .sort({ '_id.room': 1, last: 1 })
      .toArray();
    let characters = 0;
    const tooMany = loose.findIndex(({ entries }) => {
      characters += String(entries).length;
      return characters > packCharacters;
    });
    const run = tooMany === -1 ? loose : loose.slice(0, tooMany);
    const [head, end] = [run[0], run.at(-1)];
    if (head === undefined || end === undefined || head === end) return;
    const entries = new Binary(packEntries(run.map((batch) => String(batch.entries).slice(1, -1))));
    await tables.log.deleteMany({ _id: { $in: run.map(({ _id }) => _id) } }, { session });
    await tables.log.insertOne({ _id: head._id, last: end.last, entries }, { session });
  }

  return {
    async append(room, expectedSeq, entries) {
      await writer.write(unitJob({ log: { room, expectedSeq, entries } }));
      return expectedSeq + entries.length;
    },
    read: (room, after, limit) =>
      calls.read(async (session) => {
        // Every batch holds an entry that is wanted, so that no more of them are read than entries asked for.
        const batches = tables.log
          .find({ '_id.room': room, last: { $gt: after } }, { session, ...oneMoment, batchSize: 1000 })
          .hint(logIndex)
          .sort({ '_id.room': 1, last: 1 })
          .limit(limit ?? 0);
        const entries: LogEntry[] = [];
        for await (const batch of batches) {
          const { first } = batch._id;
          for (const [i, entry] of entriesOf(batch).entries())
            if (first + i > after) entries.push({ ...entry, seq: first + i });
          if (limit !== undefined && entries.length >= limit) break;
        }
        return limit === undefined ? entries : entries.slice(0, limit);
      }),
    pack: (room, upTo) =>
      calls.write((session) => session.withTransaction(() => pack(session, room, upTo), durable)),
    async putSnapshot(room, seq, state) {
      const snapshot = { room, seq, state };
      await calls.write(async (session) => {
        // Refused once, it may be that an older one came into being meanwhile; refused twice, there is a newer one.
        if (!(await putSnapshot(session, snapshot))) await putSnapshot(session, snapshot);
      });
    },
    getSnapshot: (room) =>
      calls.read(async (session) => {
        const snapshot = await tables.snapshots.findOne({ _id: room }, { session });
        return snapshot === null ? null : { seq: snapshot.seq, state: snapshot.state };
      }),
  };
}

const entriesOf = ({ entries }: LogDoc): readonly WireEntry[] =>
  typeof entries === 'string' ? (JSON.parse(entries) as WireEntry[]) : unpackEntries(entries.buffer);
