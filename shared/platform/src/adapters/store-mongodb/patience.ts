import type { MongoClient } from 'mongodb';
import type { Logger } from '../../observability/logger.ts';
import type { Clock, Randomness } from '../../ports/clock.ts';
import type { StoreHealth } from '../../ports/store.ts';
import { isPassing, lineOf, overloaded } from './trouble.ts';

/** How long a call waits for a server that is away before it is refused. */
export const patienceMs = 30_000;

/** Waiting for a server that is away, and what that looks like from outside. */
export interface Patience {
  readonly clock: Clock;
  /** Runs work that may be run twice, again and again while what stops it may pass; `overloaded` after 30 s. */
  insist<T>(work: () => Promise<T>): Promise<T>;
  /** A random time that grows with the tries, up to a second. */
  rest(tries: number): Promise<void>;
  answered(): void;
  failed(error: unknown): void;
  health(): StoreHealth;
}

export function createPatience(clock: Clock, random: Randomness, logger: Logger): Patience {
  let since: number | null = null;
  let detail: string | null = null;
  const patience: Patience = {
    clock,
    async insist(work) {
      const end = clock.now() + patienceMs;
      for (let tries = 0; ; tries += 1) {
        try {
          const value = await work();
          patience.answered();
          return value;
        } catch (error) {
          if (!isPassing(error)) throw error;
          patience.failed(error);
          if (clock.now() >= end) throw overloaded(error);
          await patience.rest(tries);
        }
      }
    },
    rest(tries) {
      const ms = Math.min(1000, 10 * 2 ** tries) * (0.5 + random.number() / 2);
      return new Promise((resolve) => clock.after(ms, resolve));
    },
    answered() {
      if (since !== null) logger.info({ afterMs: clock.now() - since }, 'the database answers again');
      since = null;
      detail = null;
    },
    failed(error) {
      detail = lineOf(error);
      if (since === null) logger.warn({ why: detail }, 'the database does not answer; calls wait for it');
      since ??= clock.now();
    },
    health() {
      if (since === null) return { state: 'ok', since, detail };
      return { state: clock.now() - since < patienceMs ? 'retrying' : 'down', since, detail };
    },
  };
  return patience;
}

/** Lets the driver, which looks after the servers all the time, tell when none can be written and when one can again. */
export function watchPrimary(client: MongoClient, patience: Patience): void {
  client.on('topologyDescriptionChanged', ({ newDescription }) => {
    const servers = [...newDescription.servers.values()];
    if (servers.some((server) => server.isWritable)) patience.answered();
    else patience.failed(servers.find(({ error }) => error !== null)?.error ?? 'no server can be written');
  });
}
