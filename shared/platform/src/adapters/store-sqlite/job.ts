import { ConcordError, type ErrorCode, type FieldError } from '@concord/core/errors/concord-error';
import type { CollectionName } from '@concord/core/records/collections';
import type { LogEntry } from '@concord/core/rooms/op';
import { wireJson } from '@concord/core/rooms/wire';
import type { Unit, Write } from '../../ports/store.ts';
import { type Row, sqliteCode } from '../sqlite/database.ts';
import { rowOf } from './collection-table.ts';
import { shapes } from './schema.ts';

/** One call that writes, as plain data made of strings and numbers: cheap to hand to another thread. */
export type Job =
  | {
      readonly kind: 'unit';
      readonly writes: readonly RowWrite[];
      readonly inc: readonly (readonly [key: string, by: number])[];
      readonly outbox: readonly string[];
      readonly log: LogRows | null;
    }
  | { readonly kind: 'reserve'; readonly key: string; readonly by: number }
  | { readonly kind: 'sent'; readonly rows: readonly number[] }
  | { readonly kind: 'pack'; readonly room: string; readonly upTo: number }
  | { readonly kind: 'snapshot'; readonly room: string; readonly seq: number; readonly state: string };

export type RowWrite =
  | { readonly put: CollectionName; readonly row: Row; readonly expect: 'absent' | 'any' | number }
  | { readonly remove: CollectionName; readonly id: string; readonly expect: 'any' | number };

/** Entries that follow `expectedSeq` without a gap, as JSON without their `seq`. */
export interface LogRows {
  readonly room: string;
  readonly expectedSeq: number;
  readonly entries: readonly string[];
}

/** What became of a job: the number it gives back (0 where there is none), or why it left nothing behind. */
export type Outcome = { readonly value: number } | { readonly refusal: Refusal };

export interface Refusal {
  /** Concord's code of a rule that refused; null when the database itself failed. */
  readonly code: ErrorCode | null;
  readonly sqlite: string | null;
  readonly message: string;
  readonly errors: readonly FieldError[];
}

/** Throws `internal` for a unit that no store could take: a gap in the log, a counter that is no whole number. */
export function unitJob(unit: Unit): Job {
  const inc = Object.entries(unit.inc ?? {}).filter(([, by]) => by !== 0);
  for (const [key, by] of inc) assertWhole(key, by);
  const { log } = unit;
  return {
    kind: 'unit',
    writes: (unit.writes ?? []).map(rowWrite),
    inc,
    outbox: (unit.outbox ?? []).map((event) => JSON.stringify(event)),
    log: log === undefined ? null : logRows(log.room, log.expectedSeq, log.entries),
  };
}

export function appendJob(room: string, expectedSeq: number, entries: readonly LogEntry[]): Job {
  return { kind: 'unit', writes: [], inc: [], outbox: [], log: logRows(room, expectedSeq, entries) };
}

export function reserveJob(key: string, by: number): Job {
  assertWhole(key, by);
  return { kind: 'reserve', key, by };
}

/** Rows a job touches, roughly: what a transaction is measured by. */
export function weightOf(job: Job): number {
  if (job.kind === 'sent') return job.rows.length;
  if (job.kind !== 'unit') return 1;
  return 1 + job.writes.length + job.outbox.length + (job.log?.entries.length ?? 0);
}

export function refusalOf(error: unknown): Refusal {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof ConcordError) return { code: error.code, sqlite: null, message, errors: error.errors };
  return { code: null, sqlite: sqliteCode(error), message, errors: [] };
}

export function errorOf(refusal: Refusal): Error {
  if (refusal.code !== null) return new ConcordError(refusal.code, refusal.message, refusal.errors);
  const error = new Error(refusal.message);
  return refusal.sqlite === null ? error : Object.assign(error, { code: refusal.sqlite });
}

function rowWrite(write: Write): RowWrite {
  if ('remove' in write) return write;
  return { put: write.put, row: rowOf(shapes[write.put], write.record), expect: write.expect };
}

function logRows(room: string, expectedSeq: number, entries: readonly LogEntry[]): LogRows {
  for (const [index, entry] of entries.entries()) {
    const seq = expectedSeq + 1 + index;
    if (entry.seq !== seq) {
      throw new ConcordError('internal', `entry ${index} has seq ${entry.seq} where ${seq} follows`);
    }
  }
  return { room, expectedSeq, entries: entries.map(wireJson) };
}

function assertWhole(key: string, by: number): void {
  if (!Number.isSafeInteger(by)) {
    throw new ConcordError('internal', `counter ${key}: ${by} is not a whole number`);
  }
}
