import { ConcordError } from '@concord/core/errors/concord-error';
import type { CollectionName } from '@concord/core/records/collections';
import { wireJson } from '@concord/core/rooms/wire';
import type { Unit, Write } from '../../ports/store.ts';
import { type Keys, keysOf, shapes } from './schema.ts';

/** One unit as it goes to the database: every value is text or a number by now. */
export interface Job {
  readonly writes: readonly RecordWrite[];
  readonly inc: readonly (readonly [key: string, by: number])[];
  readonly outbox: readonly string[];
  readonly log: LogRows | null;
  /** Documents it touches, and their bytes, roughly: what a transaction is measured by. */
  readonly documents: number;
  readonly bytes: number;
}

export interface RecordWrite {
  readonly collection: CollectionName;
  readonly id: string;
  readonly expect: 'absent' | 'any' | number;
  /** What is to be there; null to have nothing there. */
  readonly put: { readonly keys: Keys; readonly body: string } | null;
}

/** Entries that follow `expectedSeq` without a gap, as JSON without their `seq`. */
export interface LogRows {
  readonly room: string;
  readonly expectedSeq: number;
  readonly entries: readonly string[];
}

/** MongoDB takes documents of up to 16 MiB; what is around the text needs far less than the rest. */
const longestBytes = 15 * 1024 * 1024;

/** Gives a text back, counted with the keys that lie beside it in one document. */
type Measured = (json: string, beside?: Keys) => string;

/** Throws `internal` for a unit that no store could take, `input.too_large` for one that this one cannot. */
export function unitJob(unit: Unit): Job {
  const inc = Object.entries(unit.inc ?? {}).filter(([, by]) => by !== 0);
  for (const [key, by] of inc) assertWhole(key, by);
  let bytes = 0;
  const measured: Measured = (json, beside = {}) => {
    const length = Buffer.byteLength(json) + bytesOf(beside);
    if (length > longestBytes) throw tooLarge(length);
    bytes += length;
    return json;
  };
  const writes = (unit.writes ?? []).map((write) => recordWrite(write, measured));
  const outbox = (unit.outbox ?? []).map((event) => measured(JSON.stringify(event)));
  const log = unit.log === undefined ? null : logRows(unit.log, measured);
  const documents = 1 + writes.length + inc.length + outbox.length + (log?.entries.length ?? 0);
  return { writes, inc, outbox, log, documents, bytes };
}

export function assertWhole(key: string, by: number): void {
  if (!Number.isSafeInteger(by)) {
    throw new ConcordError('internal', `counter ${key}: ${by} is not a whole number`);
  }
}

function recordWrite(write: Write, measured: Measured): RecordWrite {
  if ('remove' in write) return { collection: write.remove, id: write.id, expect: write.expect, put: null };
  const { put: collection, record, expect } = write;
  const keys = keysOf(shapes[collection], record);
  const put = { keys, body: measured(JSON.stringify(record), keys) };
  return { collection, id: record.id, expect, put };
}

function logRows(log: NonNullable<Unit['log']>, measured: Measured): LogRows {
  const { room, expectedSeq, entries } = log;
  for (const [index, entry] of entries.entries()) {
    const seq = expectedSeq + 1 + index;
    if (entry.seq !== seq) {
      throw new ConcordError('internal', `entry ${index} has seq ${entry.seq} where ${seq} follows`);
    }
  }
  return { room, expectedSeq, entries: entries.map((entry) => measured(wireJson(entry))) };
}

function bytesOf(keys: Keys): number {
  return Object.values(keys).reduce<number>(
    (sum, key) => sum + (typeof key === 'string' ? Buffer.byteLength(key) : 8),
    0,
  );
}

function tooLarge(bytes: number): ConcordError {
  const remedy = `Keep it under ${longestBytes / 1024 / 1024} MiB.`;
  return new ConcordError('input.too_large', `One record or log entry is ${bytes} bytes long. ${remedy}`, [
    { path: 'body', message: 'is too long for one document', value: bytes, remedy },
  ]);
}
