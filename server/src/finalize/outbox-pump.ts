import type { Platform } from '../platform.ts';
import { createVersionNews } from './outbox-pump-news.ts';

/** Events handed to the bus at once. */
const BATCH = 500;
/** Looks by itself this often, for rows that another process left behind. */
const IDLE_MS = 2_000;
const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 10_000;
/** The node that sends is told of new rows at most this often by each of the others. */
const TELL_MS = 20;
/** A bus that does not answer is not waited for at the end: what it was given comes again under the same ids. */
const STOP_MS = 2_000;
/** Between nodes: there are new rows. */
const channel = 'outbox';

export interface OutboxPump {
  /** There may be new rows: called after a unit with an outbox was committed. Cheap; returns at once. */
  poke(): void;
  start(): void;
  /** From now on this node sends, or another does. Two that both do for a moment send the same ids. */
  lead(leads: boolean): void;
  /** Finishes what is being sent, if the bus takes it soon. Rows left stay in the store and go out at the next start. */
  stop(): Promise<void>;
}

/**
 * Moves events from the store's outbox to the bus, in order. A row is forgotten only after the bus has taken its event;
 * a crash in between sends it again, under the same id. While the bus is down rows wait in the store.
 * Also passes the versions that the worker announces on to the pages.
 */
export function createOutboxPump(platform: Platform): OutboxPump {
  const { store, bus, clock, fanout, random } = platform;
  const logger = platform.logger.child({ part: 'outbox' });
  const news = createVersionNews(platform);
  let running: Promise<void> | null = null;
  let pokedMeanwhile = false;
  let cancelTimer: () => void = () => {};
  let backOffMs = 0;
  let started = false;
  let leads = false;
  let telling = false;
  let unsubscribe: () => void = () => {};

  /** Sends until the outbox is empty. */
  async function drain(): Promise<void> {
    for (;;) {
      pokedMeanwhile = false;
      const rows = await store.outbox(BATCH);
      if (rows.length > 0) {
        await bus.publish(rows.map((row) => row.event));
        await store.outboxSent(rows.map((row) => row.row));
      }
      if (backOffMs > 0) logger.info('the bus takes events again');
      backOffMs = 0;
      if (!leads || (rows.length < BATCH && !pokedMeanwhile)) return;
    }
  }

  function run(): void {
    cancelTimer();
    if (running !== null) return;
    running = drain()
      .catch((error: unknown) => {
        const longer = Math.max(backOffMs * 2, FIRST_BACK_OFF_MS) * (0.75 + random.number() / 2);
        backOffMs = Math.round(Math.min(longer, LONGEST_BACK_OFF_MS));
        logger.warn({ err: error, againInMs: backOffMs }, 'events wait in the outbox');
      })
      .finally(() => {
        running = null;
        if (!leads) return;
        if (pokedMeanwhile && backOffMs === 0) run();
        else cancelTimer = clock.after(backOffMs > 0 ? backOffMs : IDLE_MS, run);
      });
  }

  function pokeHere(): void {
    pokedMeanwhile = true;
    // While the bus is down the timer decides: pokes must not turn the back-off into a hammer.
    if (leads && backOffMs === 0) run();
  }

  function tellLeader(): void {
    if (telling) return;
    telling = true;
    clock.after(TELL_MS, () => {
      telling = false;
      fanout.publish(channel, '');
    });
  }

  function lead(next: boolean): void {
    leads = next && started;
    cancelTimer();
    backOffMs = 0;
    if (leads) run();
  }

  return {
    poke() {
      if (leads) pokeHere();
      else tellLeader();
    },
    start() {
      if (started) return;
      started = true;
      news.start();
      unsubscribe = fanout.subscribe(channel, pokeHere);
    },
    lead,
    async stop() {
      started = false;
      lead(false);
      unsubscribe();
      news.stop();
      let cancel = () => {};
      const limit = new Promise<void>((done) => {
        cancel = clock.after(STOP_MS, done);
      });
      await Promise.race([running, limit]);
      cancel();
    },
  };
}
