import { ConcordError } from '@concord/core/errors/concord-error';
import type { CollectionName } from '@concord/core/records/collections';
import { exists, moved, stale, taken } from '../store/refusals.ts';
import type { Job, RecordWrite } from './job.ts';
import { type Keys, shapes, uniqueValue } from './schema.ts';

/** A record as it is before a group of units: revision 0 where there is none. */
export interface Known {
  readonly rev: number;
  readonly keys: Keys;
}
export const absent: Known = { rev: 0, keys: {} };

/** What was read of the database before a group of units is tried. */
export interface Facts {
  record(collection: CollectionName, id: string): Known;
  /** Who has this value of a unique index; undefined where nobody looked: then the database says no if it must. */
  holder(uniqueValue: string): string | null | undefined;
  /** The last seq of a room's log. */
  head(room: string): number;
}

export type RecordOp = { readonly id: string; readonly rev: number } & (
  | { readonly kind: 'insert' | 'replace'; readonly keys: Keys; readonly body: string }
  | { readonly kind: 'delete' }
);

/** Everything that a group of units changes, in order, and what became of each of them if all of that is written. */
export interface Plan {
  readonly refusals: readonly (ConcordError | null)[];
  /** `rev` is what is there before the op; 0 for what it makes. */
  readonly records: ReadonlyMap<CollectionName, readonly RecordOp[]>;
  readonly heads: ReadonlyMap<
    string,
    { readonly from: number; readonly to: number; readonly entries: readonly string[] }
  >;
  readonly inc: ReadonlyMap<string, number>;
  readonly outbox: readonly string[];
}

/** What a unit, or the units before it, changed of the facts. */
interface Layer {
  readonly records: Map<string, Known>;
  readonly holders: Map<string, string | null>;
}
const newLayer = (): Layer => ({ records: new Map(), holders: new Map() });

/**
 * Runs units one after the other in memory: who is refused leaves nothing, and the others stand. Nothing of it is sure until the
 * transaction that read the facts has written it.
 */
export function planGroup(jobs: readonly Job[], facts: Facts): Plan {
  const sofar = newLayer();
  const records = new Map<CollectionName, RecordOp[]>();
  const heads = new Map<string, { from: number; to: number; entries: string[] }>();
  const inc = new Map<string, number>();
  const outbox: string[] = [];

  function attempt(job: Job): ConcordError | null {
    const { log } = job;
    if (log !== null) {
      const last = heads.get(log.room)?.to ?? facts.head(log.room);
      if (last !== log.expectedSeq) return stale(last, log.expectedSeq);
    }
    const own = newLayer();
    const ops: (readonly [CollectionName, RecordOp])[] = [];
    for (const write of job.writes) {
      const op = place(write, own, sofar, facts);
      if (op instanceof ConcordError) return op;
      if (op !== null) ops.push([write.collection, op]);
    }
    for (const [key, known] of own.records) sofar.records.set(key, known);
    for (const [value, holder] of own.holders) sofar.holders.set(value, holder);
    for (const [collection, op] of ops) listIn(records, collection).push(op);
    if (log !== null && log.entries.length > 0) {
      const head = heads.get(log.room) ?? { from: log.expectedSeq, to: log.expectedSeq, entries: [] };
      head.to += log.entries.length;
      head.entries.push(...log.entries);
      heads.set(log.room, head);
    }
    for (const [key, by] of job.inc) inc.set(key, (inc.get(key) ?? 0) + by);
    outbox.push(...job.outbox);
    return null;
  }
  return { refusals: jobs.map(attempt), records, heads, inc, outbox };
}

/** What a write does to its record as the layers show it; null for nothing, an error where it is refused. */
function place(write: RecordWrite, own: Layer, sofar: Layer, facts: Facts): RecordOp | ConcordError | null {
  const { collection, id, expect, put } = write;
  const shape = shapes[collection];
  const key = `${collection}/${id}`;
  const now = own.records.get(key) ?? sofar.records.get(key) ?? facts.record(collection, id);
  if (typeof expect === 'number' && now.rev !== expect) return moved(collection, id, expect);
  if (expect === 'absent' && now.rev !== 0) return exists(collection, id);
  if (put === null && now.rev === 0) return null;

  const keys = put?.keys ?? {};
  for (const index of shape.uniques) {
    const wanted = uniqueValue(shape, index, keys);
    const had = uniqueValue(shape, index, now.keys);
    if (wanted === had) continue;
    if (wanted !== null) {
      const layered = own.holders.has(wanted) ? own.holders.get(wanted) : sofar.holders.get(wanted);
      const holder = layered === undefined ? facts.holder(wanted) : layered;
      if (typeof holder === 'string' && holder !== id) return taken(collection, index.fields);
      own.holders.set(wanted, id);
    }
    if (had !== null) own.holders.set(had, null);
  }
  if (put === null) {
    own.records.set(key, absent);
    return { kind: 'delete', id, rev: now.rev };
  }
  own.records.set(key, { rev: now.rev + 1, keys });
  return { kind: now.rev === 0 ? 'insert' : 'replace', id, rev: now.rev, keys, body: put.body };
}

function listIn<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made: V[] = [];
  lists.set(key, made);
  return made;
}
