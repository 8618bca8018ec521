import type { Logger } from '../../observability/logger.ts';
import type { ConsumeOptions, Consumer, Positioned, SetAside } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Burial } from './dead-letters.ts';
import type { EventRow } from './rows.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;

/** Rows that go to the handler together. */
interface Batch {
  readonly rows: readonly EventRow[];
  /** They were dead letters. */
  readonly again: boolean;
}

/** What a consumer needs of its bus. */
export interface Source {
  /** What is not acknowledged yet, oldest first. */
  waiting(limit: number): EventRow[];
  /** Dead letters to be delivered again. */
  again(limit: number): EventRow[];
  /** Acknowledges a batch and buries what of it is dead, in one step. */
  settle(done: Batch & { readonly dead: readonly Burial[] }): void;
  watch(listener: () => void): () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Hands batches to the handler, one after the other. A batch that fails comes again after a growing pause. */
export function startConsumer(
  options: ConsumeOptions,
  handler: (batch: readonly Positioned[], setAside: SetAside) => Promise<void>,
  source: Source,
): Consumer {
  const { clock, logger } = source;
  let stopped = false;
  let wake: () => void = () => {};
  let news = false;
  const unwatch = source.watch(() => {
    news = true;
    wake();
  });

  /** Until there is news, the time is over, or the consumer is stopped. */
  function pause(ms: number | null): Promise<void> {
    if (stopped) return Promise.resolve();
    return new Promise((done) => {
      const cancel = ms === null ? () => {} : clock.after(ms, done);
      wake = () => {
        cancel();
        done();
      };
    });
  }
  /** Through all news. */
  async function rest(ms: number): Promise<void> {
    const end = clock.now() + ms;
    while (!stopped && clock.now() < end) await pause(end - clock.now());
  }

  /** A full batch at once; a smaller one after `maxWaitMs`, so that what comes close together goes together. */
  async function gather(): Promise<Batch> {
    for (;;) {
      news = false;
      const again = source.again(options.batch);
      if (again.length > 0) return { rows: again, again: true };
      const found = source.waiting(options.batch);
      if (stopped || found.length >= options.batch) return { rows: found, again: false };
      if (found.length > 0) {
        const end = clock.now() + options.maxWaitMs;
        while (!stopped && clock.now() < end) {
          await pause(end - clock.now());
          if (source.waiting(options.batch).length >= options.batch) break;
        }
        return { rows: source.waiting(options.batch), again: false };
      }
      if (!news) await pause(null);
      if (stopped) return { rows: [], again: false };
    }
  }

  async function deliver(batch: Batch): Promise<void> {
    const readable = batch.rows.filter((row) => 'event' in row);
    const unreadable = batch.rows.flatMap((row) =>
      'event' in row ? [] : [{ position: row.position, reason: row.unreadable }],
    );
    const dead = [...unreadable];
    if (readable.length > 0)
      await handler(readable, ({ position }, reason) => dead.push({ position, reason }));
    source.settle({ ...batch, dead });
    for (const burial of dead)
      logger.error(
        { consumer: options.name, ...burial },
        'an event cannot be used; it is with the dead letters now',
      );
  }

  const running = (async () => {
    let pauseMs = FIRST_PAUSE_MS;
    while (!stopped) {
      try {
        const batch = await gather();
        if (batch.rows.length > 0 && !stopped) await deliver(batch);
        pauseMs = FIRST_PAUSE_MS;
      } catch (err) {
        logger.warn({ err, consumer: options.name, againInMs: pauseMs }, 'a batch failed; it comes again');
        await rest(pauseMs);
        pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      }
    }
  })();

  return {
    async stop() {
      stopped = true;
      unwatch();
      wake();
      await running;
    },
  };
}
