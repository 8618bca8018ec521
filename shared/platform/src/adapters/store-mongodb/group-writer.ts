import type { ConcordError } from '@concord/core/errors/concord-error';
import type { CollectionName } from '@concord/core/records/collections';
import type { Clock, Randomness } from '../../ports/clock.ts';
import { type Calls, closed } from './calls.ts';
import { readFacts } from './facts.ts';
import { type Health, patienceMs } from './health.ts';
import type { Job } from './job.ts';
import { planGroup } from './plan.ts';
import type { Tables } from './tables.ts';
import { type Transactions, UnknownOutcome } from './transactions.ts';
import { isLostTransaction, isPassing, overloaded } from './trouble.ts';
import { within } from './within.ts';
import { Overtaken, SharedShard, writePlan } from './write-plan.ts';
import type { Writers } from './writers.ts';

/** So much goes into one transaction: some tens of milliseconds, after which earlier units get their acknowledgement. */
const groupDocuments = 1000;
const groupBytes = 8 * 1024 * 1024;
const mostUnits = 500;
/** A server remembers how a commit ended for 30 minutes. */
const certaintyMs = 20 * 60_000;
const shards = 16;
/** What others held is free as soon as they are done, or known to be dead: it is tried for at least four times a second. */
const lostRest = 6;

interface Waiting {
  readonly job: Job;
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupWriter {
  /** Resolves when the unit is on the disks of a majority; rejects with what refused it. Units run in the order given. */
  write(job: Job): Promise<void>;
  /** Finishes what was given and refuses what comes later. */
  close(): Promise<void>;
}

/** Units that come while a transaction runs go together into the next one. */
export function createGroupWriter(parts: {
  readonly transactions: Transactions;
  readonly writers: Writers;
  readonly tables: Tables;
  readonly calls: Calls;
  readonly health: Health;
  readonly clock: Clock;
  readonly random: Randomness;
}): GroupWriter {
  const { transactions, writers, tables, calls, health, clock, random } = parts;
  const queue: Waiting[] = [];
  let running: Promise<void> | null = null;
  let closedAt: number | null = null;
  let shard = 0;
  /** How many units the next group may have: halved when it met others, grown again while it does not. */
  let limit = mostUnits;
  /** So many units at the head run one by one, because one of them breaks whatever transaction it is in. */
  let alone = 0;
  let tries = 0;
  let unknownSince: number | null = null;
  const contested = new Set<CollectionName>();

  function nextGroup(): Waiting[] {
    const most = alone > 0 ? 1 : limit;
    let documents = 0;
    let bytes = 0;
    let count = 0;
    for (const { job } of queue) {
      documents += job.documents;
      bytes += job.bytes;
      if (count > 0 && (count === most || documents > groupDocuments || bytes > groupBytes)) break;
      count += 1;
    }
    return queue.slice(0, count);
  }

  /** Tries a group as a whole; the refusal of each, once the others stand. */
  async function commitGroup(jobs: readonly Job[]): Promise<readonly (ConcordError | null)[]> {
    const events = jobs.reduce((sum, job) => sum + job.outbox.length, 0);
    // Taken while the transaction begins, and awaited where it writes them.
    const firstRow = events === 0 ? Promise.resolve(0) : takeRows(tables, events);
    firstRow.catch(() => {});
    return transactions.run(async (session) => {
      const plan = planGroup(jobs, await readFacts(tables, session, jobs, contested));
      await writePlan(tables, session, plan, shard, firstRow);
      return plan.refusals;
    }, again);
  }

  /** After a try to learn what became of a commit failed: whether to try again. */
  async function again(error: unknown): Promise<boolean> {
    health.failed(error);
    const now = clock.now();
    unknownSince ??= now;
    if (now - unknownSince > certaintyMs || (closedAt !== null && now - closedAt > patienceMs)) return false;
    await calls.rest(7);
    return true;
  }

  async function step(): Promise<void> {
    const group = nextGroup();
    unknownSince = null;
    try {
      const refusals = await commitGroup(group.map(({ job }) => job));
      queue.splice(0, group.length);
      for (const [i, { resolve, reject }] of group.entries()) {
        const refusal = refusals[i] ?? null;
        if (refusal === null) resolve();
        else reject(refusal);
      }
      health.answered();
      limit = Math.min(mostUnits, limit * 2);
      alone = Math.max(0, alone - group.length);
      tries = 0;
      contested.clear();
    } catch (error) {
      await mend(error, group);
    }
  }

  /** Nothing of the group stands, unless nobody knows. */
  async function mend(error: unknown, group: readonly Waiting[]): Promise<void> {
    const drop = (count: number, reason: unknown) => {
      for (const { reject } of queue.splice(0, count)) reject(reason);
      alone = Math.max(0, alone - count);
    };
    if (error instanceof UnknownOutcome) return drop(group.length, error);
    let rest = tries;
    if (error instanceof Overtaken || error instanceof SharedShard || isLostTransaction(error)) {
      rest = Math.min(tries, lostRest);
      if (error instanceof SharedShard) shard = Math.floor(random.number() * shards);
      if (error instanceof Overtaken && error.collection !== null) contested.add(error.collection);
      limit = Math.max(1, group.length >> 1);
      // Met again and again, the other one may be dead.
      if (tries > 0) await within(clock, writers.endDead()).catch((err: unknown) => health.failed(err));
    } else if (isPassing(error)) {
      health.failed(error);
    } else {
      if (group.length === 1) return drop(1, error);
      alone = group.length;
      return;
    }
    const late = queue.findIndex(({ since }) => clock.now() - since < patienceMs);
    drop(late === -1 ? queue.length : late, overloaded(error));
    await calls.rest(rest);
    tries += 1;
  }

  async function run(): Promise<void> {
    while (queue.length > 0) await step();
    running = null;
  }

  return {
    write(job) {
      if (closedAt !== null) return Promise.reject(closed());
      return new Promise((resolve, reject) => {
        queue.push({ job, since: clock.now(), resolve, reject });
        // What comes in during one turn of the event loop goes together.
        running ??= new Promise<void>((next) => setImmediate(next)).then(run);
      });
    },
    async close() {
      closedAt ??= clock.now();
      await running;
      await transactions.close();
      await within(clock, writers.close()).catch(() => {});
    },
  };
}

/** Takes so many row numbers of the outbox, above all that were ever taken; the first of them. */
async function takeRows(tables: Tables, count: number): Promise<number> {
  const meta = await tables.meta.findOneAndUpdate(
    { _id: 'outbox' },
    { $inc: { value: count } },
    { upsert: true, returnDocument: 'after' },
  );
  return (meta?.value ?? 0) - count + 1;
}
