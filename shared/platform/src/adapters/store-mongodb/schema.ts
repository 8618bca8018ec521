import { ConcordError } from '@concord/core/errors/concord-error';
import { type CollectionName, collections } from '@concord/core/records/collections';

/** The layout of the database. Raise it when code of an older version must not touch it any more. */
export const storeLayout = 2;

export type KeyValue = string | number;

export interface IndexShape {
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
  /** The index's name in MongoDB; its fields are part of it, so that a changed index is a new one. */
  readonly mongoName: string;
}

export interface CollectionShape {
  readonly name: CollectionName;
  /** Every indexed field once: what the adapter keeps beside the JSON body. */
  readonly fields: readonly string[];
  readonly indexes: ReadonlyMap<string, IndexShape>;
  readonly uniques: readonly IndexShape[];
}

function shapeOf(name: CollectionName): CollectionShape {
  const declared: Readonly<
    Record<string, { readonly fields: readonly string[]; readonly unique?: boolean }>
  > = collections[name].indexes;
  const indexes = new Map<string, IndexShape>();
  for (const [index, { fields, unique = false }] of Object.entries(declared)) {
    const mongoName = [index, unique ? 'unique' : 'by', ...fields].join('_');
    indexes.set(index, { name: index, fields, unique, mongoName });
  }
  const all = [...indexes.values()];
  const fields = [...new Set(all.flatMap((index) => index.fields))];
  return { name, fields, indexes, uniques: all.filter((index) => index.unique) };
}

/** What an index holds, in order: the record's fields, and the id as tie-breaker where the fields may be equal. */
export function indexedFields(index: IndexShape): string[] {
  return [...index.fields.map((field) => `keys.${field}`), ...(index.unique ? [] : ['_id'])];
}

export const shapes = Object.fromEntries(
  (Object.keys(collections) as CollectionName[]).map((name) => [name, shapeOf(name)]),
) as Readonly<Record<CollectionName, CollectionShape>>;

/** What one record's indexed fields hold, those that are null left out: what is not there is in no index. */
export type Keys = Readonly<Record<string, KeyValue>>;

/** A record as MongoDB holds it. The body is JSON text, since a JSON object may have keys that a document may not. */
export interface RecordDoc {
  readonly _id: string;
  readonly rev: number;
  readonly keys: Keys;
  readonly body: string;
}

export function keysOf(shape: CollectionShape, record: object): Keys {
  const keys: Record<string, KeyValue> = {};
  for (const field of shape.fields) {
    const value = (record as Readonly<Record<string, unknown>>)[field];
    if (value === undefined || value === null) continue;
    if (typeof value === 'boolean') keys[field] = value ? 1 : 0;
    else if (typeof value === 'string' || typeof value === 'number') keys[field] = value;
    else throw new ConcordError('internal', `field ${field} is indexed but holds a ${typeof value}`);
  }
  return keys;
}

/** Names one value of a unique index; null for a record that is not in it. */
export function uniqueValue(shape: CollectionShape, index: IndexShape, keys: Keys): string | null {
  const values = index.fields.map((field) => keys[field]);
  return values.includes(undefined) ? null : JSON.stringify([shape.name, index.name, ...values]);
}
