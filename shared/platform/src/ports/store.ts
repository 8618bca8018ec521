import type { ConcordEvent } from '@concord/core/events/event';
import type { CollectionName, Collections, IndexName } from '@concord/core/records/collections';
import type { LogEntry } from '@concord/core/rooms/op';

/** A record and its revision: 1 when first put, one more with every put. The ETag of HTTP. */
export interface Stored<T> {
  readonly record: T;
  readonly rev: number;
}

export type Write = {
  [C in CollectionName]:
    | { readonly put: C; readonly record: Collections[C]; readonly expect: 'absent' | 'any' | number }
    | { readonly remove: C; readonly id: string; readonly expect: 'any' | number };
}[CollectionName];

/** All or nothing. */
export interface Unit {
  readonly writes?: readonly Write[];
  /** Counters to add to (amounts may be negative). A counter that was never touched is 0. */
  readonly inc?: Readonly<Record<string, number>>;
  /** Events to hand to the bus, in order, once this unit stands. */
  readonly outbox?: readonly ConcordEvent[];
  /** Entries to append to one room's log, as `RoomLog.append` would. */
  readonly log?: {
    readonly room: string;
    readonly expectedSeq: number;
    readonly entries: readonly LogEntry[];
  };
}

export interface PageQuery<C extends CollectionName> {
  readonly index: IndexName<C>;
  /** Equality on a prefix of the index's fields, in the index's order. */
  readonly where?: Readonly<Record<string, string | number>>;
  /** Bounds on the field after that prefix. */
  readonly range?: {
    readonly gte?: string | number;
    readonly gt?: string | number;
    readonly lte?: string | number;
    readonly lt?: string | number;
  };
  /** A cursor from an earlier page. */
  readonly after?: string | undefined;
  readonly limit: number;
  readonly descending?: boolean;
}

export interface Page<T> {
  readonly items: readonly Stored<T>[];
  /** Give it as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/** Whether calls get through: `retrying` while they wait for a server that is away, `down` once they are refused for it. */
export interface StoreHealth {
  readonly state: 'ok' | 'retrying' | 'down';
  /** Since when it has not been `ok`; null while it is, or where nobody saw it happen. */
  readonly since: number | null;
  /** What is wrong, in a line. */
  readonly detail: string | null;
}

/** Records, counters and the outbox. Records with a null in an index's field are not in that index. */
export interface Store {
  get<C extends CollectionName>(collection: C, id: string): Promise<Stored<Collections[C]> | null>;
  /** In the order of `ids`; missing ones are left out. */
  getMany<C extends CollectionName>(collection: C, ids: readonly string[]): Promise<Stored<Collections[C]>[]>;
  /** Keyset paging in the index's order, the id as tie-breaker: stable while records come and go. */
  page<C extends CollectionName>(collection: C, query: PageQuery<C>): Promise<Page<Collections[C]>>;
  /**
   * Durable when it returns, all of it or nothing. Throws `conflict` when an `expect` or a unique index refuses a write,
   * `room.stale` when the log is past `expectedSeq`. Units run one after the other; many share one sync (group commit).
   */
  commit(unit: Unit): Promise<void>;
  /** Values of these counters (0 where never touched). */
  counters(keys: readonly string[]): Promise<Map<string, number>>;
  /** All counters whose key starts with `prefix`. */
  countersWith(prefix: string): Promise<Map<string, number>>;
  /**
   * Counters whose key starts with `prefix`, in the order of their keys, from the first one after `after` on (null: from
   * the beginning): exactly `limit` of them until the last page. For prefixes that hold more than is read at once.
   */
  counterPage(
    prefix: string,
    after: string | null,
    limit: number,
  ): Promise<readonly (readonly [key: string, value: number])[]>;
  /**
   * Adds `by` to a counter durably and returns its new value: a block of numbers nobody else gets. A counter that numbers are
   * reserved from is never added to otherwise. Numbers are lost where a call fails, never given twice.
   */
  reserve(key: string, by: number): Promise<number>;
  /** Oldest outbox rows first, with their row numbers. */
  outbox(limit: number): Promise<readonly { readonly row: number; readonly event: ConcordEvent }[]>;
  /** Forgets rows that the bus has taken. */
  outboxSent(rows: readonly number[]): Promise<void>;
  readonly log: RoomLog;
  /** As the latest calls found it; asks nobody. */
  health(): StoreHealth;
  /** Flushes what is pended and closes. */
  close(): Promise<void>;
}

/** The append-only log of every room. The log is the truth; memory and snapshots are caches. */
export interface RoomLog {
  /**
   * Appends entries whose seq run from `expectedSeq + 1`. Durable when it returns the new last seq.
   * Throws `room.stale` when the log's last seq is not `expectedSeq`; then nothing was written.
   */
  append(room: string, expectedSeq: number, entries: readonly LogEntry[]): Promise<number>;
  /** Entries with seq > `after`, in order, without gaps. */
  read(room: string, after: number, limit?: number): Promise<LogEntry[]>;
  /**
   * Puts entries up to `upTo` together and compresses them: for a log that is not read often any more. Reads give what they gave.
   * Some of the entries may stay as they are.
   */
  pack(room: string, upTo: number): Promise<void>;
  /** A cache of the room at `seq`; a newer one replaces it, an older one is ignored. */
  putSnapshot(room: string, seq: number, state: string): Promise<void>;
  getSnapshot(room: string): Promise<{ readonly seq: number; readonly state: string } | null>;
}
