import type { ClientSession, MongoClient, TransactionOptions } from 'mongodb';
import type { Clock } from '../../ports/clock.ts';
import type { Calls } from './calls.ts';
import { surelyAborted } from './trouble.ts';
import { NoAnswer, within } from './within.ts';
import type { Writers } from './writers.ts';

/** On the disks of a majority. */
export const durable: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
};

/** A commit was sent and nobody could be asked for so long whether it stands. */
export class UnknownOutcome extends Error {
  constructor(cause: unknown) {
    super('The database went away during a commit; nobody knows whether it stands.', { cause });
  }
}

/** One transaction after the other. */
export interface Transactions {
  /**
   * Runs `work` in a transaction. When it returns all of it is on the disks of a majority; when it throws anything but
   * `UnknownOutcome`, nothing of it stands.
   */
  run<T>(
    work: (session: ClientSession) => Promise<T>,
    /** Called when nobody could say what became of the commit; resolves when it may be asked again, false to give up. */
    again: (error: unknown) => Promise<boolean>,
  ): Promise<T>;
  close(): Promise<void>;
}

export function createTransactions(
  client: MongoClient,
  clock: Clock,
  calls: Calls,
  writers: Pick<Writers, 'use'>,
): Transactions {
  /**
   * The same for every try: beginning the next transaction of a session ends on the server what may be left of the one before,
   * which would else refuse everybody its documents for a minute.
   */
  let kept: ClientSession | null = null;

  /** A session that something still waits in is never used again: what wakes up late must not do it in a later transaction. */
  function abandon(session: ClientSession): void {
    kept = null;
    session.endSession().catch(() => {});
  }

  async function begin(): Promise<ClientSession> {
    const session = client.startSession();
    try {
      await within(clock, writers.use(session));
    } catch (error) {
      await session.endSession();
      throw error;
    }
    kept = session;
    return session;
  }

  async function attempt<T>(session: ClientSession, work: () => Promise<T>): Promise<T> {
    try {
      return await within(clock, work());
    } catch (error) {
      if (error instanceof NoAnswer) abandon(session);
      else await within(clock, session.abortTransaction()).catch(() => abandon(session));
      throw error;
    }
  }

  return {
    async run(work, again) {
      const session = kept ?? (await begin());
      session.startTransaction(durable);
      const result = await attempt(session, () => work(session));
      for (let stuck = false; ; ) {
        try {
          // Sent again, the same commit is answered by what became of it: a server remembers, and so does its successor.
          await within(clock, session.commitTransaction());
          calls.written(session);
          if (stuck) abandon(session);
          return result;
        } catch (error) {
          stuck ||= error instanceof NoAnswer;
          const aborted = surelyAborted(error);
          if (!aborted && (await again(error))) continue;
          if (stuck || !aborted) abandon(session);
          throw aborted ? error : new UnknownOutcome(error);
        }
      }
    },
    async close() {
      await kept?.endSession();
    },
  };
}
