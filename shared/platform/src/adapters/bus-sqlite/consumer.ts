import type { Logger } from '../../observability/logger.ts';
import type { ConsumeOptions, Consumer, EventFilter, Positioned } from '../../ports/bus.ts';
import type { Clock } from '../../ports/clock.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
const DELIVERIES = 10;

/** What a consumer needs of its bus. */
export interface Source {
  read(after: number, limit: number, filter: EventFilter): Positioned[];
  watch(listener: () => void): () => void;
  acknowledged(): number;
  acknowledge(position: number): void;
  /** Puts one event with the dead letters. */
  bury(position: number): void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Hands batches to the handler, one after the other. A batch that fails comes again after a growing pause; when it has
 * failed too often its events go one by one, and the one that fails then is buried, so that the rest can go on.
 */
export function startConsumer(
  options: ConsumeOptions,
  handler: (batch: readonly Positioned[]) => Promise<void>,
  source: Source,
): Consumer {
  const { clock, logger } = source;
  const most = options.maxDeliveries ?? DELIVERIES;
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

  /** A full batch at once; a smaller one after `maxWaitMs`, so that what comes close together goes together. */
  async function gather(): Promise<Positioned[]> {
    for (;;) {
      news = false;
      const found = source.read(source.acknowledged(), options.batch, options);
      if (stopped || found.length >= options.batch) return found;
      if (found.length > 0) {
        const end = clock.now() + options.maxWaitMs;
        while (!stopped && clock.now() < end) {
          await pause(end - clock.now());
          if (source.read(source.acknowledged(), options.batch, options).length >= options.batch) break;
        }
        return source.read(source.acknowledged(), options.batch, options);
      }
      if (!news) await pause(null);
      if (stopped) return [];
    }
  }

  async function deliver(batch: readonly Positioned[]): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (let delivery = 1; !stopped; delivery++) {
      try {
        await handler(batch);
        source.acknowledge(batch.at(-1)!.position);
        return;
      } catch (err) {
        if (delivery >= most) break;
        logger.warn({ err, consumer: options.name, delivery }, 'a batch failed; it is delivered again');
        const end = clock.now() + pauseMs;
        while (!stopped && clock.now() < end) await pause(end - clock.now());
        pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      }
    }
    if (stopped) return;
    for (const one of batch) {
      try {
        await handler([one]);
      } catch (err) {
        logger.error(
          { err, consumer: options.name, event: one.event.id },
          'an event failed too often; it is with the dead letters now',
        );
        source.bury(one.position);
      }
      source.acknowledge(one.position);
    }
  }

  const running = (async () => {
    while (!stopped) {
      const batch = await gather();
      if (batch.length > 0 && !stopped) await deliver(batch);
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
