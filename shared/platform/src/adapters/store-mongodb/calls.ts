import { ConcordError } from '@concord/core/errors/concord-error';
import type { ClientSession, MongoClient, Timestamp } from 'mongodb';
import type { Clock, Randomness } from '../../ports/clock.ts';
import { type Health, patienceMs } from './health.ts';
import { isPassing, overloaded } from './trouble.ts';
import { within } from './within.ts';

/** How calls are made: again while what stops them may pass, for 30 s; then they are refused as `overloaded`. */
export interface Calls {
  /**
   * Reads. They see at least all of whose writing this process was told: right after another server became the primary, it may
   * not know yet how far everyone had agreed, and would else show an older moment.
   */
  read<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  /** Writes that may be done twice. */
  write<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  /** Something was written in this session. */
  written(session: ClientSession): void;
  /** A random time that grows with the tries, up to a second. */
  rest(tries: number): Promise<void>;
  /** Waits for the calls under way and refuses later ones. */
  close(): Promise<void>;
}

export const closed = (): ConcordError =>
  new ConcordError('overloaded', 'The store is closed: the server is stopping.');

export function createCalls(client: MongoClient, clock: Clock, random: Randomness, health: Health): Calls {
  let latest: Timestamp | null = null;
  let isClosed = false;
  const underWay = new Set<Promise<unknown>>();

  async function insist<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    const end = clock.now() + patienceMs;
    for (let tries = 0; ; tries += 1) {
      try {
        const value = await within(clock, client.withSession(work));
        health.answered();
        return value;
      } catch (error) {
        if (!isPassing(error)) throw error;
        health.failed(error);
        if (clock.now() >= end) throw overloaded(error);
        await calls.rest(tries);
      }
    }
  }
  function start<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    if (isClosed) return Promise.reject(closed());
    const call = insist(work).finally(() => underWay.delete(call));
    underWay.add(call);
    return call;
  }

  const calls: Calls = {
    read: (work) =>
      start((session) => {
        if (latest !== null) session.advanceOperationTime(latest);
        return work(session);
      }),
    write: (work) =>
      start(async (session) => {
        const value = await work(session);
        calls.written(session);
        return value;
      }),
    written({ operationTime = null }) {
      if (operationTime !== null && (latest === null || operationTime.greaterThan(latest)))
        latest = operationTime;
    },
    rest(tries) {
      const ms = Math.min(1000, 4 * 2 ** tries) * (0.5 + random.number() / 2);
      return new Promise((resolve) => clock.after(ms, resolve));
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
  return calls;
}
