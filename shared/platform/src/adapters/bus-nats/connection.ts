import { ConcordError } from '@concord/core/errors/concord-error';
import {
  connect,
  Events,
  type JetStreamClient,
  type JetStreamManager,
  type NatsConnection,
  nanos,
  RetentionPolicy,
  StorageType,
} from 'nats';

export const STREAM = 'CONCORD';
export const DEAD_STREAM = 'CONCORD_DEAD';
export const SUBJECTS = 'concord.v1.>';
const DUPLICATE_WINDOW_MS = 120_000;
const CONNECT_MS = 10_000;
const ANSWER_MS = 3_000;

export interface Connection {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** Whether the server is connected. What is sent while it is not would pile up in the driver. */
  isUp(): boolean;
  /** Throws where the server is not connected. */
  mustBeUp(): void;
  /** Makes the streams where they are missing: at the start, and after a server came back without its data. */
  ensureStreams(): Promise<void>;
}

/** Connects, then stays connected for ever. Throws with one line when nothing answers at first. */
export async function openConnection(url: string): Promise<Connection> {
  const nc = await connect({
    servers: url,
    name: 'concord',
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    timeout: CONNECT_MS,
    pingInterval: 5000,
  }).catch((cause: unknown) => {
    throw new ConcordError(
      'overloaded',
      `No NATS server answers at ${url.replace(/\/\/[^@/]*@/, '//…@')}. Start one with JetStream (nats-server -js), or leave CONCORD_BUS out.`,
      [],
      { cause },
    );
  });
  let up = true;
  void (async () => {
    for await (const { type } of nc.status()) {
      if (type === Events.Disconnect) up = false;
      if (type === Events.Reconnect) up = true;
    }
  })();
  const jsm = await nc.jetstreamManager({ checkAPI: false });
  async function ensure(name: string, subjects: string[]): Promise<void> {
    try {
      await jsm.streams.info(name);
    } catch {
      await jsm.streams.add({
        name,
        subjects,
        storage: StorageType.File,
        retention: RetentionPolicy.Limits,
        duplicate_window: nanos(DUPLICATE_WINDOW_MS),
      });
    }
  }
  const connection: Connection = {
    nc,
    js: nc.jetstream({ timeout: ANSWER_MS }),
    jsm,
    isUp: () => up && !nc.isClosed(),
    mustBeUp() {
      if (!connection.isUp()) throw new ConcordError('overloaded', 'The NATS server does not answer.');
    },
    async ensureStreams() {
      await ensure(STREAM, [SUBJECTS]);
      await ensure(DEAD_STREAM, ['concord.dead.>']);
    },
  };
  await connection.ensureStreams();
  return connection;
}
