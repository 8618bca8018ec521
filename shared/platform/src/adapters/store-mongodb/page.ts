import { ConcordError } from '@concord/core/errors/concord-error';
import type { CollectionName, Collections } from '@concord/core/records/collections';
import { type ClientSession, type Document, MaxKey, MinKey } from 'mongodb';
import type { Page, PageQuery, Stored } from '../../ports/store.ts';
import { readCursor, writeCursor } from '../store/cursor.ts';
import { oneMoment } from './counters.ts';
import { nextKey } from './next-key.ts';
import {
  type CollectionShape,
  type IndexShape,
  indexedFields,
  type KeyValue,
  keysOf,
  type RecordDoc,
  shapes,
} from './schema.ts';
import type { Tables } from './tables.ts';

export const recordFields = { rev: 1, body: 1 } as const;

export function stored<C extends CollectionName>(
  doc: Pick<RecordDoc, 'rev' | 'body'>,
): Stored<Collections[C]> {
  return { record: JSON.parse(doc.body) as Collections[C], rev: doc.rev };
}

/** One page in an index's order: a walk along the index between two of its keys, wherever they stand. */
export async function readPage<C extends CollectionName>(
  tables: Tables,
  session: ClientSession,
  collection: C,
  query: PageQuery<C>,
): Promise<Page<Collections[C]>> {
  const shape = shapes[collection];
  const index = shape.indexes.get(query.index);
  if (index === undefined) throw new ConcordError('internal', `${collection} has no index ${query.index}`);
  const walk = walkOf(shape, index, query);
  const limit = Math.max(1, Math.trunc(query.limit));
  const docs = await tables
    .records(collection)
    .find({}, { projection: recordFields, session, ...oneMoment, batchSize: limit + 2 })
    .hint(index.mongoName)
    .min(walk.from)
    .max(walk.to)
    .sort(walk.order)
    .limit(limit + 1)
    .toArray();
  const items = docs.slice(0, limit).map((doc) => stored<C>(doc));
  const last = items.at(-1);
  if (docs.length <= limit || last === undefined) return { items, next: null };
  const keys = keysOf(shape, last.record);
  return {
    items,
    next: writeCursor(
      index.name,
      walk.keys.map((key) => keys[key] ?? last.record.id),
    ),
  };
}

interface Walk {
  /** The first place of the walk, and the first beyond it. */
  readonly from: Document;
  readonly to: Document;
  readonly order: Record<string, 1 | -1>;
  /** Fields whose values make the cursor; `id` is the id. */
  readonly keys: readonly string[];
}

function walkOf<C extends CollectionName>(
  shape: CollectionShape,
  index: IndexShape,
  query: PageQuery<C>,
): Walk {
  const where = query.where ?? {};
  const equal = index.fields.slice(0, Object.keys(where).length).map((field) => {
    const value = where[field];
    if (value !== undefined) return value;
    const given = Object.keys(where).join(', ');
    throw new ConcordError('internal', `where(${given}) is not a prefix of ${shape.name}.${index.name}`);
  });
  const { gt, gte, lt, lte } = query.range ?? {};
  const bounded = [gt, gte, lt, lte].some((bound) => bound !== undefined);
  if (bounded && equal.length === index.fields.length)
    throw new ConcordError('internal', `${shape.name}.${index.name} has no field left for a range`);

  const names = indexedFields(index);
  const before = (...values: KeyValue[]) => placeBefore(names, [...equal, ...values]);
  const behind = (...values: KeyValue[]) => placeBehind(names, [...equal, ...values]);
  let from = gt !== undefined ? behind(gt) : gte !== undefined ? before(gte) : before();
  let to = lt !== undefined ? before(lt) : lte !== undefined ? behind(lte) : behind();
  const down = query.descending === true;
  const keys = [...index.fields, ...(index.unique ? [] : ['id'])].slice(equal.length);
  if (query.after !== undefined) {
    // A cursor stands inside the bound that the walk started from.
    const place = readCursor(index.name, keys.length, query.after);
    if (down) to = before(...place);
    else from = behind(...place);
  }
  return { from, to, order: Object.fromEntries(names.map((name) => [name, down ? -1 : 1])), keys };
}

/** The place right before all keys that begin with these values. */
function placeBefore(names: readonly string[], values: readonly KeyValue[]): Document {
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? new MinKey()]));
}

/** The place right behind them. */
function placeBehind(names: readonly string[], values: readonly KeyValue[]): Document {
  const last = values.at(-1);
  const whole = last !== undefined && values.length === names.length;
  const place = whole ? [...values.slice(0, -1), nextKey(last)] : values;
  return Object.fromEntries(names.map((name, i) => [name, place[i] ?? new MaxKey()]));
}
