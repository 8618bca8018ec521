import { ConcordError } from '@concord/core/errors/concord-error';

/** What the rules of a store refuse, worded as every store words it. */

/** `value` is the id, or the first of several of which one is taken. */
export function exists(collection: string, value: string | readonly string[]): ConcordError {
  return new ConcordError('conflict', `${collection}: a record that should be new exists already`, [
    { path: 'id', message: 'exists already', value },
  ]);
}

export function moved(collection: string, id: string, expect: number): ConcordError {
  return new ConcordError('conflict', `${collection}: ${id} has changed since revision ${expect}`, [
    {
      path: 'rev',
      message: 'has changed meanwhile',
      value: expect,
      remedy: 'Read it again and repeat the change.',
    },
  ]);
}

export function taken(collection: string, fields: readonly string[], cause?: unknown): ConcordError {
  const path = fields.join(', ');
  return new ConcordError(
    'conflict',
    `${collection}: another record has the same ${path}`,
    [{ path, message: 'is taken', remedy: 'Choose another value.' }],
    { cause },
  );
}

export function stale(last: number, expectedSeq: number): ConcordError {
  return new ConcordError('room.stale', `The room's log is at ${last}, not at ${expectedSeq}.`, [
    {
      path: 'expectedSeq',
      message: 'the log has moved on',
      value: expectedSeq,
      remedy: 'Read the log and try again.',
    },
  ]);
}
