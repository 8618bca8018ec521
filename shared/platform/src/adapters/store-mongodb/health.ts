import type { MongoClient } from 'mongodb';
import type { Logger } from '../../observability/logger.ts';
import type { Clock } from '../../ports/clock.ts';
import type { StoreHealth } from '../../ports/store.ts';
import { lineOf } from './trouble.ts';

/** How long a call waits for a server that is away before it is refused. */
export const patienceMs = 30_000;

/** Whether calls get through, as the latest of them found it. */
export interface Health {
  answered(): void;
  failed(error: unknown): void;
  read(): StoreHealth;
}

export function createHealth(clock: Clock, logger: Logger): Health {
  let since: number | null = null;
  let detail: string | null = null;
  return {
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
    read() {
      if (since === null) return { state: 'ok', since, detail };
      return { state: clock.now() - since < patienceMs ? 'retrying' : 'down', since, detail };
    },
  };
}

/** Lets the driver, which looks after the servers all the time, tell when none can be written and when one can again. */
export function watchPrimary(client: MongoClient, health: Health): () => void {
  type Change = { readonly newDescription: { readonly servers: ReadonlyMap<string, Server> } };
  type Server = { readonly isWritable: boolean; readonly error: Error | null };
  const look = ({ newDescription }: Change) => {
    const servers = [...newDescription.servers.values()];
    if (servers.some((server) => server.isWritable)) health.answered();
    else health.failed(servers.find(({ error }) => error !== null)?.error ?? 'no server can be written');
  };
  client.on('topologyDescriptionChanged', look);
  return () => client.off('topologyDescriptionChanged', look);
}
