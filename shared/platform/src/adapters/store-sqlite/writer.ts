import { ConcordError } from '@concord/core/errors/concord-error';
import { createBatchWriter } from './batch-writer.ts';
import { errorOf, type Job, type Outcome } from './job.ts';

/** Takes jobs and answers each after the sync of the transaction it went into. */
export interface Writer {
  /** The number the job gives back, once it is on disk; rejects with what refused it. Jobs run in the order given. */
  write(job: Job): Promise<number>;
  /** What kept the latest write from the disk (full, failed, locked); null while writes get there. */
  trouble(): string | null;
  /** Finishes what was given and refuses what comes later. */
  close(): Promise<void>;
}

/** The way to where jobs are run, and what it tells. */
export interface Lane {
  post(jobs: readonly Job[]): void;
  /** Resolves when all that was posted is done. */
  close(): Promise<void>;
}
export interface LaneEvents {
  /** Outcomes of the oldest jobs still open, in their order. */
  readonly done: (outcomes: readonly Outcome[]) => void;
  /** The disk or the thread failed: what is open is lost, or nobody knows. */
  readonly failed: (error: Error) => void;
}

/** Hands over what comes in during one turn of the event loop together. `onBroken`: no write will ever succeed again. */
export function createWriter(
  connect: (events: LaneEvents) => Lane,
  onBroken: (error: Error) => void,
): Writer {
  let gathered: Job[] = [];
  const open: { readonly resolve: (value: number) => void; readonly reject: (error: Error) => void }[] = [];
  let closed = false;
  let broken: Error | null = null;
  let trouble: string | null = null;

  const lane = connect({
    done(outcomes) {
      for (const [i, { resolve, reject }] of open.splice(0, outcomes.length).entries()) {
        const outcome = outcomes[i] as Outcome;
        if ('value' in outcome) {
          trouble = null;
          resolve(outcome.value);
        } else {
          if (outcome.refusal.code === null) trouble = outcome.refusal.message;
          reject(errorOf(outcome.refusal));
        }
      }
    },
    failed(error) {
      if (broken !== null) return;
      broken = error;
      trouble = error.message;
      gathered = [];
      for (const { reject } of open.splice(0)) reject(error);
      if (!closed) onBroken(error);
    },
  });
  const flush = () => {
    if (gathered.length === 0) return;
    const jobs = gathered;
    gathered = [];
    lane.post(jobs);
  };

  return {
    write(job) {
      if (closed)
        return Promise.reject(new ConcordError('overloaded', 'The store is closed: the server is stopping.'));
      if (broken !== null) return Promise.reject(broken);
      return new Promise((resolve, reject) => {
        if (gathered.length === 0) setImmediate(flush);
        gathered.push(job);
        open.push({ resolve, reject });
      });
    },
    trouble: () => trouble,
    async close() {
      closed = true;
      flush();
      await lane.close();
    },
  };
}

/** Runs jobs in the calling thread, which waits for the disk: for simulations, whose history must not depend on time. */
export function createInlineWriter(file: string, onBroken: (error: Error) => void): Writer {
  const batch = createBatchWriter(file);
  const connect = (events: LaneEvents): Lane => ({
    post(jobs) {
      let outcomes: Outcome[];
      try {
        outcomes = batch.run(jobs);
      } catch (error) {
        events.failed(error as Error);
        return;
      }
      events.done(outcomes);
    },
    close: async () => batch.close(),
  });
  return createWriter(connect, onBroken);
}
