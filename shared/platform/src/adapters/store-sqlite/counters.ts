import { ConcordError } from '@concord/core/errors/concord-error';
import type { Database } from '../sqlite/database.ts';
import { insertRows } from '../sqlite/multi-row.ts';

/** Counters, with what one transaction adds to them gathered first: hot ones are written once a commit. */
export interface Counters {
  add(amounts: Readonly<Record<string, number>>): void;
  /** Adds and returns the new value, what this transaction has gathered included. */
  reserve(key: string, by: number): number;
  /** Writes what was gathered; inside the transaction. */
  write(): void;
  forget(): void;
  read(keys: readonly string[]): Map<string, number>;
  readWith(prefix: string): Map<string, number>;
}

export function createCounters(database: Database): Counters {
  const gathered = new Map<string, number>();
  const addOne = (key: string, by: number) => gathered.set(key, (gathered.get(key) ?? 0) + by);
  const assertWhole = (key: string, by: number) => {
    if (!Number.isSafeInteger(by)) {
      throw new ConcordError('internal', `counter ${key}: ${by} is not a whole number`);
    }
  };
  const committed = (key: string): number =>
    Number(database.sql('SELECT value FROM counters WHERE key = ?').get([key])?.[0] ?? 0);
  const toMap = (rows: readonly (readonly unknown[])[]) =>
    new Map(rows.map(([key, value]) => [String(key), Number(value)] as const));
  return {
    add(amounts) {
      const entries = Object.entries(amounts);
      // All are checked before any is gathered: a refused unit must leave nothing.
      for (const [key, by] of entries) assertWhole(key, by);
      for (const [key, by] of entries) if (by !== 0) addOne(key, by);
    },
    reserve(key, by) {
      assertWhole(key, by);
      addOne(key, by);
      return committed(key) + (gathered.get(key) ?? 0);
    },
    write() {
      if (gathered.size === 0) return;
      const tail = 'ON CONFLICT(key) DO UPDATE SET value = value + excluded.value';
      insertRows(database, 'INSERT INTO counters(key, value)', 2, tail, [...gathered]);
      gathered.clear();
    },
    forget: () => gathered.clear(),
    read(keys) {
      const found = toMap(
        database
          .sql('SELECT key, value FROM counters WHERE key IN (SELECT value FROM json_each(?))')
          .all([JSON.stringify(keys)]),
      );
      return new Map(keys.map((key) => [key, found.get(key) ?? 0]));
    },
    readWith: (prefix) =>
      toMap(
        database
          .sql('SELECT key, value FROM counters WHERE key >= ? AND key < ? ORDER BY key')
          .all([prefix, `${prefix}\u{10ffff}`]),
      ),
  };
}
