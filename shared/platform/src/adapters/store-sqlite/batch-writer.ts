import { type Database, openDatabase, sqliteCode } from '../sqlite/database.ts';
import { insertRows } from '../sqlite/multi-row.ts';
import { applyWrites } from './apply-writes.ts';
import { type CounterSums, createCounterSums } from './counters.ts';
import { type Job, type Outcome, refusalOf, weightOf } from './job.ts';
import { appendRows, packRows } from './log-table.ts';
import { storeLayout } from './schema.ts';

/** The one connection that writes a store's file. */
export interface BatchWriter {
  /**
   * Runs the jobs in order, many in one transaction with one sync. On disk when it returns; outcomes in the jobs' order.
   * Throws when the disk failed: nobody knows then what it holds, and nothing more may be acknowledged.
   */
  run(jobs: readonly Job[]): Outcome[];
  close(): void;
}

/** So many rows a transaction: some tens of milliseconds, after which earlier jobs get their acknowledgement. */
const batchWeight = 2000;

/** The file has been prepared by whoever opened it for reading. */
export function createBatchWriter(file: string): BatchWriter {
  const database = openDatabase({ file, layout: storeLayout, prepare: () => {}, cacheKiB: 32_768 });
  const sums = createCounterSums(database);

  function runTransaction(jobs: readonly Job[]): Outcome[] {
    try {
      return database.transaction(() => {
        const outcomes = jobs.map(attempt);
        sums.write();
        return outcomes;
      });
    } catch (error) {
      if (sqliteCode(error)?.startsWith('SQLITE_IOERR')) throw error;
      // The transaction as a whole failed (disk full, locked): nothing of it stands, and everyone hears so.
      sums.forget();
      const refusal = refusalOf(error);
      return jobs.map(() => ({ refusal }));
    }
  }

  /** Runs one job; its refusal is its own affair, a failing database ends the whole transaction. */
  function attempt(job: Job): Outcome {
    // What is refused before it writes leaves nothing by itself; a unit of records needs a savepoint for that.
    const many = job.kind === 'unit' && job.writes.length > 0;
    if (many) database.sql('SAVEPOINT unit').run([]);
    try {
      const value = apply(database, sums, job);
      if (many) database.sql('RELEASE unit').run([]);
      return { value };
    } catch (error) {
      if (endsTransaction(error)) throw error;
      if (many) database.exec('ROLLBACK TO unit; RELEASE unit');
      return { refusal: refusalOf(error) };
    }
  }

  return {
    run(jobs) {
      const outcomes: Outcome[] = [];
      while (outcomes.length < jobs.length) {
        outcomes.push(...runTransaction(batchFrom(jobs, outcomes.length)));
      }
      return outcomes;
    },
    close: () => database.close(),
  };
}

function batchFrom(jobs: readonly Job[], from: number): readonly Job[] {
  let weight = 0;
  let to = from;
  for (; to < jobs.length; to += 1) {
    weight += weightOf(jobs[to] as Job);
    if (to > from && weight > batchWeight) break;
  }
  return jobs.slice(from, to);
}

/** The log goes first: its refusal is the likeliest, and cheap. Counters go last, gathered only when all else stands. */
function apply(database: Database, sums: CounterSums, job: Job): number {
  switch (job.kind) {
    case 'unit': {
      const last = job.log === null ? 0 : appendRows(database, job.log);
      if (job.writes.length > 0) applyWrites(database, job.writes);
      const events = job.outbox.map((event) => [event]);
      if (events.length > 0) insertRows(database, 'INSERT INTO outbox(event)', 1, '', events);
      sums.add(job.inc);
      return last;
    }
    case 'reserve':
      return sums.reserve(job.key, job.by);
    case 'sent':
      database
        .sql('DELETE FROM outbox WHERE "row" IN (SELECT value FROM json_each(?))')
        .run([JSON.stringify(job.rows)]);
      return 0;
    case 'pack':
      packRows(database, job.room, job.upTo);
      return 0;
    case 'snapshot':
      database
        .sql(
          'INSERT INTO room_snapshot(room, seq, state) VALUES (?, ?, ?) ON CONFLICT(room) ' +
            'DO UPDATE SET seq = excluded.seq, state = excluded.state WHERE excluded.seq >= room_snapshot.seq',
        )
        .run([job.room, job.seq, job.state]);
      return 0;
  }
}

/** True when the database itself failed (full, locked, broken), not just this job's own rules. */
function endsTransaction(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && !code.startsWith('SQLITE_CONSTRAINT');
}
