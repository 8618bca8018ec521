import type { CollectionName } from '@concord/core/records/collections';
import type { ClientSession, Filter } from 'mongodb';
import type { Job } from './job.ts';
import { absent, type Facts, type Known } from './plan.ts';
import { type CollectionShape, type Keys, type RecordDoc, shapes, uniqueValue } from './schema.ts';
import type { Tables } from './tables.ts';

/**
 * Reads, inside a transaction, what these units stand on. A record that is only to be new is not looked for: where it is there
 * already, writing it says so. Then, and where a unique value is refused, the collection is contested, and read thoroughly.
 */
export async function readFacts(
  tables: Tables,
  session: ClientSession,
  jobs: readonly Job[],
  contested: ReadonlySet<CollectionName>,
): Promise<Facts> {
  const ids = new Map<CollectionName, Set<string>>();
  const wanted = new Map<CollectionName, Keys[]>();
  const rooms = new Set<string>();
  for (const job of jobs) {
    if (job.log !== null) rooms.add(job.log.room);
    for (const { collection, id, expect, put } of job.writes) {
      const read = contested.has(collection);
      if (read || expect !== 'absent') ids.set(collection, (ids.get(collection) ?? new Set()).add(id));
      if (read && put !== null) wanted.set(collection, [...(wanted.get(collection) ?? []), put.keys]);
    }
  }
  const records = new Map<string, Known>();
  const holders = new Map<string, string | null>();
  const heads = new Map<string, number>();

  // One call after the other: a transaction knows no other way.
  for (const [name, set] of ids)
    for (const { _id, rev, keys = {} } of await readKnown(tables, session, name, { _id: { $in: [...set] } }))
      records.set(`${name}/${_id}`, { rev, keys });
  for (const [name, list] of wanted) {
    const shape = shapes[name];
    const values = list.flatMap((keys) => uniqueValuesOf(shape, keys));
    if (values.length === 0) continue;
    for (const value of values) holders.set(value, null);
    const filter = { $or: list.flatMap((keys) => holderOf(shape, keys)) };
    for (const { _id, keys = {} } of await readKnown(tables, session, name, filter))
      for (const value of uniqueValuesOf(shape, keys)) holders.set(value, _id);
  }
  if (rooms.size > 0) {
    const found = tables.heads.find({ _id: { $in: [...rooms] } }, { session, batchSize });
    for (const { _id, seq } of await found.toArray()) heads.set(_id, seq);
  }
  return {
    record: (collection, id) => records.get(`${collection}/${id}`) ?? absent,
    holder: (value) => holders.get(value),
    head: (room) => heads.get(room) ?? 0,
  };
}

/** All of a group in one answer. */
const batchSize = 10_000;

interface KnownDoc {
  readonly _id: string;
  readonly rev: number;
  readonly keys?: Keys;
}

function readKnown(
  tables: Tables,
  session: ClientSession,
  name: CollectionName,
  filter: Filter<RecordDoc>,
): Promise<KnownDoc[]> {
  const fields = shapes[name].uniques.flatMap((index) => index.fields);
  const projection = Object.fromEntries(
    ['rev', ...fields.map((field) => `keys.${field}`)].map((f) => [f, 1]),
  );
  return tables.records(name).find<KnownDoc>(filter, { projection, session, batchSize }).toArray();
}

/** Filters that find whoever has the values of these keys in a unique index. */
function holderOf(shape: CollectionShape, keys: Keys): Filter<RecordDoc>[] {
  return shape.uniques
    .filter((index) => uniqueValue(shape, index, keys) !== null)
    .map((index) => Object.fromEntries(index.fields.map((field) => [`keys.${field}`, keys[field]])));
}

function uniqueValuesOf(shape: CollectionShape, keys: Keys): string[] {
  return shape.uniques.flatMap((index) => uniqueValue(shape, index, keys) ?? []);
}
