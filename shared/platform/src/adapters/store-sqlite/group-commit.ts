import { ConcordError } from '@concord/core/errors/concord-error';
import { type Database, sqliteCode } from '../sqlite/database.ts';

/** What one pended call does inside the shared transaction. */
export interface Job<T> {
  /** Rows it touches, roughly: what a batch is measured by. */
  readonly weight: number;
  /** One statement is all or nothing by itself; more need a savepoint, so that a refused job leaves nothing. */
  readonly single: boolean;
  readonly run: () => T;
}

export interface GroupCommit {
  /** Settles once the transaction that the job went into is on disk, or rejects with what refused it. */
  pend<T>(job: Job<T>): Promise<T>;
  /** Flushes and refuses what comes later. */
  close(): void;
}

/** So many rows a transaction: some 10 ms, after which other callbacks of the process get their turn. */
const batchWeight = 2000;

interface Pended extends Job<unknown> {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Collects the writes that come in while the disk is busy into one transaction with one sync. The sync runs beside the
 * thread: reads and the planning of the next writes go on meanwhile, and nothing is acknowledged before its sync ended.
 * `beforeCommit` runs inside the transaction ahead of its commit, `rolledBack` when it was rolled back.
 */
export function createGroupCommit(
  database: Database,
  hooks: { readonly beforeCommit: () => void; readonly rolledBack: () => void },
): GroupCommit {
  let queue: Pended[] = [];
  let scheduled = false;
  let syncing = false;
  let closed = false;
  /** Once the disk refused a sync, nobody knows what it holds: nothing more is acknowledged by this process. */
  let broken: unknown = null;

  const schedule = () => {
    if (scheduled || syncing || queue.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      void flushBatch();
    });
  };

  const flushBatch = async () => {
    // Closing may have flushed already.
    const done = runBatch();
    if (done === null) return schedule();
    syncing = true;
    try {
      await database.sync();
      done.settle();
    } catch (error) {
      broken = error;
      done.fail(error);
      failAll(error);
    } finally {
      syncing = false;
      schedule();
    }
  };

  const failAll = (error: unknown) => {
    const waiting = queue;
    queue = [];
    for (const job of waiting) job.reject(error);
  };

  /** Commits one batch. What comes back acknowledges it (after a sync) or refuses it; null when nothing was committed. */
  const runBatch = (): { settle: () => void; fail: (error: unknown) => void } | null => {
    const batch = takeBatch();
    if (batch.length === 0) return null;
    const settled: (() => void)[] = [];
    try {
      database.transaction(() => {
        for (const job of batch) settled.push(attempt(job));
        hooks.beforeCommit();
      });
    } catch (error) {
      // The transaction as a whole failed (disk full, locked): nothing of it stands, and everyone hears so.
      hooks.rolledBack();
      for (const job of batch) job.reject(error);
      return null;
    }
    return {
      settle: () => {
        for (const settle of settled) settle();
      },
      fail: (error) => {
        for (const job of batch) job.reject(error);
      },
    };
  };

  /** Runs one job; its refusal is its own affair, a failing database ends the whole transaction. */
  const attempt = (job: Pended): (() => void) => {
    if (!job.single) database.sql('SAVEPOINT unit').run([]);
    try {
      const value = job.run();
      if (!job.single) database.sql('RELEASE unit').run([]);
      return () => job.resolve(value);
    } catch (error) {
      if (endsTransaction(error)) throw error;
      if (!job.single) database.exec('ROLLBACK TO unit; RELEASE unit');
      return () => job.reject(error);
    }
  };

  const takeBatch = (): Pended[] => {
    let weight = 0;
    let count = 0;
    for (const job of queue) {
      weight += job.weight;
      if (count > 0 && weight > batchWeight) break;
      count += 1;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    return batch;
  };

  const flushAll = () => {
    while (queue.length > 0) {
      const done = runBatch();
      if (done === null) continue;
      database.syncNow();
      done.settle();
    }
  };

  return {
    pend<T>(job: Job<T>): Promise<T> {
      if (broken !== null) return Promise.reject(broken);
      if (closed)
        return Promise.reject(new ConcordError('overloaded', 'The store is closed: the server is stopping.'));
      return new Promise<T>((resolve, reject) => {
        queue.push({ ...job, resolve: resolve as (value: unknown) => void, reject });
        schedule();
      });
    },
    close() {
      closed = true;
      flushAll();
    },
  };
}

/** True when the database itself failed (full, locked, broken), not just this job's own rules. */
function endsTransaction(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && !code.startsWith('SQLITE_CONSTRAINT');
}
