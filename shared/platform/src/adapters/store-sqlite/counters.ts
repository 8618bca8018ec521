import type { Database } from '../sqlite/database.ts';
import { insertRows } from '../sqlite/multi-row.ts';

/** What one transaction adds to counters, gathered first: hot ones are written once a commit. */
export interface CounterSums {
  add(amounts: readonly (readonly [key: string, by: number])[]): void;
  /** Adds and returns the new value, what this transaction has gathered included. */
  reserve(key: string, by: number): number;
  /** Writes what was gathered; inside the transaction. */
  write(): void;
  forget(): void;
}

export function createCounterSums(database: Database): CounterSums {
  const gathered = new Map<string, number>();
  const addOne = (key: string, by: number) => gathered.set(key, (gathered.get(key) ?? 0) + by);
  return {
    add(amounts) {
      for (const [key, by] of amounts) addOne(key, by);
    },
    reserve(key, by) {
      addOne(key, by);
      return (readCounters(database, [key]).get(key) ?? 0) + (gathered.get(key) ?? 0);
    },
    write() {
      if (gathered.size === 0) return;
      const tail = 'ON CONFLICT(key) DO UPDATE SET value = value + excluded.value';
      insertRows(database, 'INSERT INTO counters(key, value)', 2, tail, [...gathered]);
      gathered.clear();
    },
    forget: () => gathered.clear(),
  };
}

/** Values of these counters, 0 where one was never touched. */
export function readCounters(database: Database, keys: readonly string[]): Map<string, number> {
  const text = 'SELECT key, value FROM counters WHERE key IN (SELECT value FROM json_each(?))';
  const found = toMap(database.sql(text).all([JSON.stringify(keys)]));
  return new Map(keys.map((key) => [key, found.get(key) ?? 0]));
}

export function readCountersWith(database: Database, prefix: string): Map<string, number> {
  const text = 'SELECT key, value FROM counters WHERE key >= ? AND key < ? ORDER BY key';
  return toMap(database.sql(text).all([prefix, `${prefix}\u{10ffff}`]));
}

export function readCounterPage(
  database: Database,
  prefix: string,
  after: string | null,
  limit: number,
): (readonly [key: string, value: number])[] {
  const bound = after === null ? '>=' : '>';
  const text = `SELECT key, value FROM counters WHERE key ${bound} ? AND key < ? ORDER BY key LIMIT ?`;
  const rows = database.sql(text).all([after ?? prefix, `${prefix}\u{10ffff}`, limit]);
  return rows.map(([key, value]) => [String(key), Number(value)] as const);
}

function toMap(rows: readonly (readonly unknown[])[]): Map<string, number> {
  return new Map(rows.map(([key, value]) => [String(key), Number(value)] as const));
}
