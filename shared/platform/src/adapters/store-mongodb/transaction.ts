import type { ClientSession, TransactionOptions } from 'mongodb';
import { surelyAborted } from './trouble.ts';

const durable: TransactionOptions = {
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

/**
 * Runs `work` in one transaction. When it returns all of it is on the disks of a majority; when it throws anything but
 * `UnknownOutcome`, nothing of it stands. The session is to be used again for the next try: that ends on the server what may be
 * left of this one, which would else refuse others its documents for a minute.
 */
export async function inTransaction<T>(
  session: ClientSession,
  /** Called when nobody could say what became of the commit; resolves when it may be asked again, false to give up. */
  again: (error: unknown) => Promise<boolean>,
  work: () => Promise<T>,
): Promise<T> {
  session.startTransaction(durable);
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await session.abortTransaction().catch(() => {});
    throw error;
  }
  for (;;) {
    try {
      // Sent again, the same commit is answered by what became of it: a server remembers that, and so does its successor.
      await session.commitTransaction();
      return result;
    } catch (error) {
      if (surelyAborted(error)) throw error;
      if (!(await again(error))) throw new UnknownOutcome(error);
    }
  }
}
