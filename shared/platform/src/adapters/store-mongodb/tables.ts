import type { CollectionName } from '@concord/core/records/collections';
import type { Binary, Collection, Db } from 'mongodb';
import type { RecordDoc } from './schema.ts';

/**
 * A counter is the sum of its shards. Each writing process adds to one shard only, so that processes that count the same
 * thing do not run into each other; numbers are reserved from a shard of their own, where every process meets.
 */
export interface CounterDoc {
  readonly _id: { readonly key: string; readonly shard: number };
  readonly value: number;
}
export interface OutboxDoc {
  /** The row's number. */
  readonly _id: number;
  readonly event: string;
}
/** Entries `first` to `last` of a room, as one JSON array of them without their `seq`, or as a pack of that. */
export interface LogDoc {
  readonly _id: { readonly room: string; readonly first: number };
  readonly last: number;
  readonly entries: string | Binary;
}
/** Where a room's log ends: every append moves it on from where it believed it to be. */
export interface HeadDoc {
  readonly _id: string;
  readonly seq: number;
}
export interface SnapshotDoc {
  readonly _id: string;
  readonly seq: number;
  readonly state: string;
}
/** A session that a process runs its transactions in, and when it was last heard of, by the database's clock. */
export interface WriterDoc {
  readonly _id: Binary;
  readonly at: Date;
}
/** Facts about the database itself: its layout, and the last row number that was given out. */
export interface MetaDoc {
  readonly _id: 'layout' | 'outbox';
  readonly value: number;
  /** With the layout: which fields each collection's records are indexed by. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
}

export interface Tables {
  records(name: CollectionName): Collection<RecordDoc>;
  readonly counters: Collection<CounterDoc>;
  readonly outbox: Collection<OutboxDoc>;
  readonly log: Collection<LogDoc>;
  readonly heads: Collection<HeadDoc>;
  readonly snapshots: Collection<SnapshotDoc>;
  readonly writers: Collection<WriterDoc>;
  readonly meta: Collection<MetaDoc>;
}

export function tablesOf(db: Db): Tables {
  return {
    records: (name) => db.collection<RecordDoc>(name),
    counters: db.collection<CounterDoc>('counters'),
    outbox: db.collection<OutboxDoc>('outbox'),
    log: db.collection<LogDoc>('roomLog'),
    heads: db.collection<HeadDoc>('roomHeads'),
    snapshots: db.collection<SnapshotDoc>('roomSnapshots'),
    writers: db.collection<WriterDoc>('writers'),
    meta: db.collection<MetaDoc>('meta'),
  };
}

/** Where a room's batches are found by the seq they reach. */
export const logIndex = 'room_last';
/** Where a counter's shards are found by its key. */
export const counterIndex = 'key';
