import { createClient } from '@redis/client';
import type { Clock } from '../../ports/clock.ts';

const CONNECT_MS = 3_000;
/** How long an orderly end may take before the connection is torn down, in ms. */
const END_MS = 1_000;

/** One connection to Redis from its making to its loss. It publishes and listens: RESP3 does both on one. */
export interface Link {
  /** Resolves when it may be used. */
  readonly ready: Promise<void>;
  /** Settles when Redis has it; rejects when that is not known. */
  publish(channel: string, message: string): Promise<unknown>;
  join(channels: readonly string[]): Promise<void>;
  quit(channels: readonly string[]): Promise<void>;
  /** Ends it in order: what was handed over before still goes out. */
  end(): Promise<void>;
  /** Gives it up at once; whatever waits for an answer is rejected. */
  drop(): void;
}

/** Connects once. `lost` is called when the connection breaks after it was ready, and not after `end` or `drop`. */
export function openLink(
  url: string,
  clock: Clock,
  hear: (channel: string, message: string) => void,
  lost: (why: string) => void,
): Link {
  const client = createClient({
    url,
    RESP: 3,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    // Coming back is the caller's to decide: a connection has one life, so that nothing is joined twice or never.
    socket: { connectTimeout: CONNECT_MS, reconnectStrategy: false },
  });
  let usable = false;
  client.on('error', (error: Error) => {
    if (!usable) return;
    usable = false;
    lost(error.message || error.name);
  });
  const onMessage = (message: string, channel: string) => hear(channel, message);
  return {
    ready: client.connect().then(() => {
      usable = true;
    }),
    publish: (channel, message) => client.publish(channel, message),
    join: (channels) => client.subscribe([...channels], onMessage),
    quit: (channels) => client.unsubscribe([...channels]),
    drop() {
      usable = false;
      client.destroy();
    },
    async end() {
      usable = false;
      const cancel = clock.after(END_MS, () => client.destroy());
      await client.close();
      cancel();
    },
  };
}
