import type { CollectionName } from '@concord/core/records/collections';
import { type Database, type Row, sqliteCode } from '../sqlite/database.ts';
import { insertRows } from '../sqlite/multi-row.ts';
import { exists, moved, taken } from '../store/refusals.ts';
import type { RowWrite } from './job.ts';
import { type CollectionShape, shapes } from './schema.ts';

/** Does the writes of one unit, in a transaction the caller holds. Throws `conflict` at the first that is refused. */
export function applyWrites(database: Database, writes: readonly RowWrite[]): void {
  // Writes of different collections never touch each other, so that each collection's can go in long statements.
  const byCollection = new Map<CollectionName, RowWrite[]>();
  for (const write of writes) {
    const name = 'put' in write ? write.put : write.remove;
    const list = byCollection.get(name);
    if (list === undefined) byCollection.set(name, [write]);
    else list.push(write);
  }
  for (const [name, list] of byCollection) applyInOrder(database, shapes[name], list);
}

function applyInOrder(database: Database, shape: CollectionShape, writes: readonly RowWrite[]): void {
  let run: Row[] = [];
  let runKind: 'absent' | 'any' = 'any';
  const flush = () => {
    if (run.length > 0) putRun(database, shape, runKind, run);
    run = [];
  };
  for (const write of writes) {
    if ('put' in write && typeof write.expect === 'string') {
      if (write.expect !== runKind) flush();
      runKind = write.expect;
      run.push(write.row);
    } else {
      flush();
      if ('put' in write) replace(database, shape, write.row, write.expect);
      else remove(database, shape, write.id, write.expect);
    }
  }
  flush();
}

function putRun(
  database: Database,
  shape: CollectionShape,
  kind: 'absent' | 'any',
  rows: readonly Row[],
): void {
  const columns = ['id', ...shape.fields, 'body'].map((column) => `"${column}"`);
  const head = `INSERT INTO "${shape.name}"(${columns.join(', ')}, rev)`;
  const update = [
    ...columns.slice(1).map((column) => `${column} = excluded.${column}`),
    'rev = rev + 1',
  ].join(', ');
  const tail = kind === 'absent' ? 'ON CONFLICT(id) DO NOTHING' : `ON CONFLICT(id) DO UPDATE SET ${update}`;
  const full = rows.map((row) => [...row, 1]);
  const changes = refusable(shape, () => insertRows(database, head, columns.length + 1, tail, full));
  if (kind === 'absent' && changes !== rows.length) {
    const ids = rows.map((row) => String(row[0]));
    throw exists(shape.name, ids.length === 1 ? String(ids[0]) : ids.slice(0, 5));
  }
}

function replace(
  database: Database,
  shape: CollectionShape,
  row: Row,
  expect: number | 'absent' | 'any',
): void {
  const [id, ...rest] = row;
  const sets = [...shape.fields, 'body'].map((column) => `"${column}" = ?`).join(', ');
  const text = `UPDATE "${shape.name}" SET ${sets}, rev = rev + 1 WHERE id = ? AND rev = ?`;
  const changed = refusable(
    shape,
    () => database.sql(text).run([...rest, id ?? null, Number(expect)]).changes,
  );
  if (changed === 0) throw moved(shape.name, String(id), Number(expect));
}

function remove(
  database: Database,
  shape: CollectionShape,
  id: string,
  expect: number | 'absent' | 'any',
): void {
  if (expect === 'any') {
    database.sql(`DELETE FROM "${shape.name}" WHERE id = ?`).run([id]);
    return;
  }
  const { changes } = database
    .sql(`DELETE FROM "${shape.name}" WHERE id = ? AND rev = ?`)
    .run([id, Number(expect)]);
  if (changes === 0) throw moved(shape.name, id, Number(expect));
}

/** Turns a unique index's refusal into `conflict`. */
function refusable<T>(shape: CollectionShape, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (sqliteCode(error)?.startsWith('SQLITE_CONSTRAINT') !== true) throw error;
    const fields = [...(error as Error).message.matchAll(/\w+\.(\w+)/g)].map((match) => String(match[1]));
    throw taken(shape.name, fields, error);
  }
}
