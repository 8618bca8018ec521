import { ConcordError } from '@concord/core/errors/concord-error';

/** The place of one record in an index: the index, its fields' values, and the id. Opaque to callers. */
export function writeCursor(index: string, values: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify([index, ...values])).toString('base64url');
}

/** The values of a cursor made by `writeCursor` for the same index. Throws `input.invalid` on anything else. */
export function readCursor(index: string, count: number, cursor: string): (string | number)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts) && parts.length === count + 1 && parts[0] === index) {
      const values = parts.slice(1);
      if (values.every((value) => typeof value === 'string' || typeof value === 'number')) return values;
    }
  } catch {
    // Falls through to the one error for every wrong cursor.
  }
  throw new ConcordError('input.invalid', 'after: is not a cursor of this list', [
    {
      path: 'after',
      message: 'is not a cursor of this list',
      value: cursor.slice(0, 120),
      remedy: 'Give `next` of an earlier page of the same list, or leave it out to start at the beginning.',
    },
  ]);
}
