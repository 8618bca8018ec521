import type { CollectionName } from '@concord/core/records/collections';
import type { AnyBulkWriteOperation, ClientSession, Collection, Document } from 'mongodb';
import type { Plan, RecordOp } from './plan.ts';
import { type RecordDoc, shapes } from './schema.ts';
import type { HeadDoc, LogDoc, Tables } from './tables.ts';
import { isConflict, isDuplicate } from './trouble.ts';

/** A record, a unique value or a room came into being since the plan was made: it has to be made anew. */
export class Overtaken extends Error {
  /** Where it was; null where it was not a record. */
  readonly collection: CollectionName | null;
  constructor(collection: CollectionName | null) {
    super(`overtaken at ${collection ?? 'a room'}`);
    this.collection = collection;
  }
}

/** Two processes add to one shard of the same counters. */
export class SharedShard extends Error {}

/** So long may one document of the log become. A single entry may be longer. */
const batchBytes = 4 * 1024 * 1024;

/**
 * Writes a plan inside the transaction that its facts were read in, in a number of calls that does not grow with the number of
 * units. Throws `Overtaken` where something is there that the plan believed absent.
 */
export async function writePlan(
  tables: Tables,
  session: ClientSession,
  plan: Plan,
  shard: number,
  firstRow: Promise<number>,
): Promise<void> {
  if (plan.heads.size > 0) {
    const heads = [...plan.heads].map(
      ([room, { from, to }]): AnyBulkWriteOperation<HeadDoc> => ({
        updateOne: { filter: { _id: room }, update: { $set: { seq: to } }, upsert: from === 0 },
      }),
    );
    await exactly(tables.heads, heads, session, null);
    await exactly(
      tables.log,
      batchesOf(plan).map((document) => ({ insertOne: { document } })),
      session,
      null,
    );
  }
  for (const [name, ops] of plan.records)
    await exactly(tables.records(name), inOrder(name, ops).map(recordOp), session, name);
  if (plan.outbox.length > 0) {
    const first = await firstRow;
    const rows = plan.outbox.map((event, i) => ({ _id: first + i, event }));
    await tables.outbox.insertMany(rows, { session });
  }
  if (plan.inc.size > 0) await addToCounters(tables, session, plan.inc, shard);
}

/**
 * Every op must find what it is meant for. Ops name their document by its id alone, which MongoDB finds several times as fast as
 * by id and revision: that nobody else changed it since it was read is the transaction's own promise.
 */
async function exactly<D extends Document>(
  table: Collection<D>,
  ops: AnyBulkWriteOperation<D>[],
  session: ClientSession,
  name: CollectionName | null,
): Promise<void> {
  if (ops.length === 0) return;
  try {
    const done = await table.bulkWrite(ops, { session });
    const found = done.insertedCount + done.matchedCount + done.upsertedCount + done.deletedCount;
    if (found === ops.length) return;
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  throw new Overtaken(name);
}

/**
 * Consecutive ops of a kind travel together. Where neither a unique index nor two ops on one record make their order matter,
 * they are sorted by kind, so that they travel in three calls at most.
 */
function inOrder(name: CollectionName, ops: readonly RecordOp[]): readonly RecordOp[] {
  const apart = new Set(ops.map(({ id }) => id)).size === ops.length;
  if (!apart || shapes[name].uniques.length > 0) return ops;
  return (['delete', 'replace', 'insert'] as const).flatMap((kind) => ops.filter((op) => op.kind === kind));
}

function recordOp(op: RecordOp): AnyBulkWriteOperation<RecordDoc> {
  const { id: _id, rev } = op;
  if (op.kind === 'delete') return { deleteOne: { filter: { _id } } };
  const content = { rev: rev + 1, keys: op.keys, body: op.body };
  if (op.kind === 'insert') return { insertOne: { document: { _id, ...content } } };
  // Setting its fields leaves indexes of those alone that stay as they are; a replacement writes every index anew.
  return { updateOne: { filter: { _id }, update: { $set: content } } };
}

/** What a group appends to one room, as one document unless it is very long. */
function batchesOf(plan: Plan): LogDoc[] {
  const batches: LogDoc[] = [];
  for (const [room, { from, entries }] of plan.heads) {
    let first = from + 1;
    let held: string[] = [];
    let bytes = 0;
    const flush = () => {
      const last = first + held.length - 1;
      batches.push({ _id: { room, first }, last, entries: `[${held.join(',')}]` });
      first = last + 1;
      held = [];
      bytes = 0;
    };
    for (const entry of entries) {
      if (held.length > 0 && bytes + entry.length > batchBytes) flush();
      held.push(entry);
      bytes += entry.length;
    }
    flush();
  }
  return batches;
}

async function addToCounters(
  tables: Tables,
  session: ClientSession,
  inc: ReadonlyMap<string, number>,
  shard: number,
): Promise<void> {
  const ops = [...inc].map(([key, by]) => ({
    updateOne: { filter: { _id: { key, shard } }, update: { $inc: { value: by } }, upsert: true },
  }));
  try {
    await tables.counters.bulkWrite(ops, { session, ordered: false });
  } catch (error) {
    if (isConflict(error) || isDuplicate(error)) throw new SharedShard();
    throw error;
  }
}
