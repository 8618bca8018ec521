import { ConcordError } from '@concord/core/errors/concord-error';
import type { AnyBulkWriteOperation, Collection, Db, Document, IndexDescription } from 'mongodb';
import {
  type CollectionShape,
  type IndexShape,
  indexedFields,
  keysOf,
  type RecordDoc,
  shapes,
  storeLayout,
} from './schema.ts';
import { counterIndex, logIndex, type Tables } from './tables.ts';

/** Creates what is missing, so that all indexes are there which the table of collections names. Any number of processes may do so at once. */
export async function prepareStore(db: Db, tables: Tables): Promise<void> {
  const meta = await tables.meta.findOne({ _id: 'layout' });
  if (meta !== null && meta.value > storeLayout) {
    throw new ConcordError(
      'precondition',
      `The database ${db.databaseName} was made by a newer version of Concord (layout ${meta.value}; this one knows ${storeLayout}). ` +
        'Start that version, or name another database in CONCORD_STORE.',
    );
  }
  const indexed = meta?.fields ?? {};
  const present = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  );
  const keep = async <D extends Document>(table: Collection<D>, indexes: readonly NamedIndex[] = []) => {
    // A transaction may not be the first to write a collection: two that create it would refuse each other.
    if (!present.has(table.collectionName)) await create(db, table.collectionName);
    await keepIndexes(table, indexes);
  };
  await Promise.all([
    ...Object.values(shapes).map(async (shape) => {
      const records = tables.records(shape.name);
      await keep(records, [...shape.indexes.values()].map(recordIndex));
      const known = indexed[shape.name];
      if (known !== undefined && shape.fields.some((field) => !known.includes(field)))
        await indexAnew(records, shape);
    }),
    keep(tables.counters, [{ name: counterIndex, key: { '_id.key': 1 } }]),
    keep(tables.log, [{ name: logIndex, key: { '_id.room': 1, last: 1 }, unique: true }]),
    keep(tables.outbox),
    keep(tables.heads),
    keep(tables.snapshots),
    keep(tables.writers),
  ]);
  const fields = Object.fromEntries(Object.values(shapes).map((shape) => [shape.name, shape.fields]));
  if (meta?.value !== storeLayout || JSON.stringify(fields) !== JSON.stringify(meta.fields))
    await tables.meta.updateOne(
      { _id: 'layout' },
      { $set: { value: storeLayout, fields } },
      { upsert: true },
    );
}

type NamedIndex = IndexDescription & { readonly name: string };

function recordIndex(index: IndexShape): NamedIndex {
  return {
    name: index.mongoName,
    key: Object.fromEntries(indexedFields(index).map((field) => [field, 1])),
    unique: index.unique,
    partialFilterExpression: Object.fromEntries(index.fields.map((f) => [`keys.${f}`, { $exists: true }])),
  };
}

async function create(db: Db, name: string): Promise<void> {
  await db.createCollection(name).catch((error: unknown) => {
    // Another process that starts at the same time made it.
    if ((error as { codeName?: unknown }).codeName !== 'NamespaceExists') throw error;
  });
}

/** Makes the indexes that are missing. Old ones stay: a server of an older version may still be reading by them. */
async function keepIndexes<D extends Document>(
  table: Collection<D>,
  wanted: readonly NamedIndex[],
): Promise<void> {
  const present = ((await table.indexes()) as NamedIndex[]).map(({ name }) => name);
  const missing = wanted.filter(({ name }) => !present.includes(name));
  if (missing.length > 0) await table.createIndexes(missing);
}

/** Fills the fields of indexes that are new since the records were written. Skips what changes meanwhile: that is written with them. */
async function indexAnew(records: Collection<RecordDoc>, shape: CollectionShape): Promise<void> {
  let changes: AnyBulkWriteOperation<RecordDoc>[] = [];
  const flush = async () => {
    if (changes.length > 0) await records.bulkWrite(changes, { ordered: false });
    changes = [];
  };
  for await (const { _id, rev, body } of records.find()) {
    const keys = keysOf(shape, JSON.parse(body) as object);
    changes.push({ updateOne: { filter: { _id, rev }, update: { $set: { keys } } } });
    if (changes.length === 500) await flush();
  }
  await flush();
}
