import { type CollectionName, collections } from '@concord/core/records/collections';
import type { Database } from '../sqlite/database.ts';

/** The layout of concord.db. Raise it when code of an older version must not touch the file any more. */
export const storeLayout = 2;

export interface IndexShape {
  readonly name: string;
  readonly fields: readonly string[];
  readonly unique: boolean;
  /** The index's name in SQLite; its fields are part of it, so that a changed index is a new one. */
  readonly sqlName: string;
}

export interface CollectionShape {
  readonly name: CollectionName;
  /** Every indexed field once: the columns the adapter fills beside the JSON body. */
  readonly fields: readonly string[];
  readonly indexes: ReadonlyMap<string, IndexShape>;
}

function shapeOf(name: CollectionName): CollectionShape {
  const declared: Readonly<
    Record<string, { readonly fields: readonly string[]; readonly unique?: boolean }>
  > = collections[name].indexes;
  const indexes = new Map<string, IndexShape>();
  for (const [index, { fields, unique = false }] of Object.entries(declared)) {
    const sqlName = [name, index, unique ? 'unique' : 'by', ...fields].join('_');
    indexes.set(index, { name: index, fields, unique, sqlName });
  }
  const fields = [...new Set([...indexes.values()].flatMap((index) => index.fields))];
  return { name, fields, indexes };
}

export const shapes = Object.fromEntries(
  (Object.keys(collections) as CollectionName[]).map((name) => [name, shapeOf(name)]),
) as Readonly<Record<CollectionName, CollectionShape>>;

/** Creates what is missing, and brings columns and indexes to what the table of collections says now. */
export function prepareStore(database: Database): void {
  for (const shape of Object.values(shapes)) prepareCollection(database, shape);
  database.exec(`
    CREATE TABLE IF NOT EXISTS counters(key TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS outbox("row" INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS room_log(
      room TEXT NOT NULL, seq INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY(room, seq)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS room_pack(
      room TEXT NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL, entries BLOB NOT NULL, PRIMARY KEY(room, last)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS room_snapshot(room TEXT PRIMARY KEY NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL);
  `);
}

function prepareCollection(database: Database, shape: CollectionShape): void {
  const { name, fields } = shape;
  // Indexed columns stand before the body, so that reading them never walks a long body.
  const columns = fields.map((field) => `"${field}", `).join('');
  database.exec(
    `CREATE TABLE IF NOT EXISTS "${name}"(id TEXT PRIMARY KEY NOT NULL, rev INTEGER NOT NULL, ${columns}body TEXT NOT NULL)`,
  );
  const present = new Set(database.sql(`SELECT name FROM pragma_table_info('${name}')`).all([]).flat());
  for (const field of fields) {
    if (present.has(field)) continue;
    database.exec(`ALTER TABLE "${name}" ADD COLUMN "${field}"`);
    database.exec(`UPDATE "${name}" SET "${field}" = json_extract(body, '$."${field}"')`);
  }
  const wanted = new Set([...shape.indexes.values()].map((index) => index.sqlName));
  const found = database
    .sql(`SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '${name}'`)
    .all([])
    .flat();
  for (const index of found) if (!wanted.has(String(index))) database.exec(`DROP INDEX "${index}"`);
  for (const index of shape.indexes.values()) {
    const keys = index.fields.map((field) => `"${field}"`);
    const present = keys.map((key) => `${key} IS NOT NULL`).join(' AND ');
    const list = index.unique ? keys.join(', ') : [...keys, 'id'].join(', ');
    database.exec(
      `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS "${index.sqlName}" ON "${name}"(${list}) WHERE ${present}`,
    );
  }
}
