import { ConcordError } from '@concord/core/errors/concord-error';
import type { CollectionName, Collections } from '@concord/core/records/collections';
import type { Page, PageQuery, Stored } from '../../ports/store.ts';
import type { Database, Row, SqlValue } from '../sqlite/database.ts';
import { readCursor, writeCursor } from '../store/cursor.ts';
import { type CollectionShape, type IndexShape, shapes } from './schema.ts';

/** What was read of one row: id, revision and JSON body. */
function stored<C extends CollectionName>(
  rev: SqlValue | undefined,
  body: SqlValue | undefined,
): Stored<Collections[C]> {
  return { record: JSON.parse(String(body)) as Collections[C], rev: Number(rev) };
}

/** The record and the length of its JSON. */
export function readOne<C extends CollectionName>(
  database: Database,
  collection: C,
  id: string,
): { readonly stored: Stored<Collections[C]>; readonly length: number } | null {
  const row = database.sql(`SELECT rev, body FROM "${collection}" WHERE id = ?`).get([id]);
  return row === undefined ? null : { stored: stored<C>(row[0], row[1]), length: String(row[1]).length };
}

export function readMany<C extends CollectionName>(
  database: Database,
  collection: C,
  ids: readonly string[],
): Stored<Collections[C]>[] {
  if (ids.length === 0) return [];
  const rows = database
    .sql(`SELECT id, rev, body FROM "${collection}" WHERE id IN (SELECT value FROM json_each(?))`)
    .all([JSON.stringify(ids)]);
  const byId = new Map(rows.map((row) => [row[0], row]));
  const found: Stored<Collections[C]>[] = [];
  for (const id of ids) {
    const row = byId.get(id);
    if (row !== undefined) found.push(stored<C>(row[1], row[2]));
  }
  return found;
}

/** One page in an index's order. Costs by the rows given, wherever the cursor stands. */
export function readPage<C extends CollectionName>(
  database: Database,
  collection: C,
  query: PageQuery<C>,
): Page<Collections[C]> {
  const shape = shapes[collection];
  const index = shape.indexes.get(query.index);
  if (index === undefined) throw new ConcordError('internal', `${collection} has no index ${query.index}`);
  const { text, values, keys } = pageSql(shape, index, query);
  const limit = Math.max(1, Math.trunc(query.limit));
  const rows = database.sql(text).all([...values, limit + 1]);
  const more = rows.length > limit;
  const items = (more ? rows.slice(0, limit) : rows).map((row) => stored<C>(row[0], row[1]));
  const last = items.at(-1);
  if (!more || last === undefined) return { items, next: null };
  return {
    items,
    next: writeCursor(
      index.name,
      keys.map((key) => columnValue(last.record, key)),
    ),
  };
}

interface PageSql {
  readonly text: string;
  readonly values: SqlValue[];
  /** Fields whose values make the cursor. */
  readonly keys: readonly string[];
}

function pageSql<C extends CollectionName>(
  shape: CollectionShape,
  index: IndexShape,
  query: PageQuery<C>,
): PageSql {
  const where = query.where ?? {};
  const prefix = index.fields.slice(0, Object.keys(where).length);
  const conditions = index.fields.map((field) => `"${field}" IS NOT NULL`);
  const values: SqlValue[] = [];
  for (const field of prefix) {
    const value = where[field];
    if (value === undefined) {
      const given = Object.keys(where).join(', ');
      throw new ConcordError('internal', `where(${given}) is not a prefix of ${shape.name}.${index.name}`);
    }
    conditions.push(`"${field}" = ?`);
    values.push(value);
  }
  const rest = index.fields.slice(prefix.length);
  // A unique index needs no tie-breaker unless its fields are all given; the id never hurts then.
  const keys = index.unique && rest.length > 0 ? rest : [...rest, 'id'];
  const down = query.descending === true;
  if (query.after !== undefined) {
    const place = readCursor(index.name, keys.length, query.after);
    conditions.push(`(${names(keys)}) ${down ? '<' : '>'} (${keys.map(() => '?').join(', ')})`);
    values.push(...place);
  }
  const bounds = Object.entries(query.range ?? {}).filter(([, bound]) => bound !== undefined);
  const ranged = rest[0];
  if (bounds.length > 0 && ranged === undefined) {
    throw new ConcordError('internal', `${shape.name}.${index.name} has no field left for a range`);
  }
  for (const [bound, value] of bounds) {
    // A cursor already stands inside the bound that the walk started from.
    if (query.after !== undefined && bound.startsWith(down ? 'l' : 'g')) continue;
    conditions.push(`"${ranged}" ${operators[bound as keyof typeof operators]} ?`);
    values.push(value);
  }
  const order = keys.map((key) => `"${key}" ${down ? 'DESC' : 'ASC'}`).join(', ');
  const text =
    `SELECT rev, body FROM "${shape.name}" INDEXED BY "${index.sqlName}" ` +
    `WHERE ${conditions.join(' AND ')} ORDER BY ${order} LIMIT ?`;
  return { text, values, keys };
}

const operators = { gte: '>=', gt: '>', lte: '<=', lt: '<' } as const;
const names = (fields: readonly string[]): string => fields.map((field) => `"${field}"`).join(', ');

/** What stands in an indexed column for a record: its field, with what SQLite has no type for made plain. */
export function columnValue(record: object, field: string): string | number | null {
  const value = (record as Readonly<Record<string, unknown>>)[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new ConcordError('internal', `field ${field} is indexed but holds a ${typeof value}`);
}

export function rowOf(shape: CollectionShape, record: { readonly id: string }): Row {
  const row: SqlValue[] = [record.id];
  for (const field of shape.fields) row.push(columnValue(record, field));
  row.push(JSON.stringify(record));
  return row;
}
