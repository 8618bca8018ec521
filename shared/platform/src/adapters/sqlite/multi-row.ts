import type { Database, Row } from './database.ts';

/** Statements for so many rows at once are prepared; what is left over goes by the next smaller one. */
const sizes = [64, 8, 1] as const;

/**
 * Runs `INSERT … VALUES (…), (…) …` for all rows in as few calls as there can be, and returns the number of rows changed.
 * A call into SQLite costs several times what a further row in it costs.
 */
export function insertRows(
  database: Database,
  head: string,
  columns: number,
  tail: string,
  rows: readonly Row[],
): number {
  const group = `(${Array.from({ length: columns }, () => '?').join(',')})`;
  let changes = 0;
  let at = 0;
  for (const size of sizes) {
    if (rows.length - at < size) continue;
    const groups = Array.from({ length: size }, () => group).join(',');
    const statement = database.sql(`${head} VALUES ${groups} ${tail}`);
    for (; rows.length - at >= size; at += size) {
      const chunk = rows.slice(at, at + size);
      changes += statement.run(size === 1 ? (chunk[0] ?? []) : chunk.flat()).changes;
    }
  }
  return changes;
}
