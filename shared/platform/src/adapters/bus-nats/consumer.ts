import { parseEvent } from '@concord/core/events/event';
import { AckPolicy, DeliverPolicy, type JsMsg, nanos } from 'nats';
import type { Logger } from '../../observability/logger.ts';
import type { ConsumeOptions, Consumer, Positioned } from '../../ports/bus.ts';
import type { Clock, Randomness } from '../../ports/clock.ts';
import { type Connection, STREAM, SUBJECTS } from './connection.ts';

const ACK_WAIT_MS = 10_000;
const DELIVERIES = 10;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
const AGAIN_MS = 500;

/**
 * A durable pull consumer. At most one batch is unacknowledged at a time, so that after a crash nothing newer overtakes what
 * has to come again. A batch that fails is tried again here, kept alive by heartbeats; one that failed too often goes event by event.
 */
export async function startConsumer(
  { js, jsm, mustBeUp }: Connection,
  options: ConsumeOptions,
  handler: (batch: readonly Positioned[]) => Promise<void>,
  bury: (message: JsMsg) => Promise<void>,
  { clock, random, logger }: { readonly clock: Clock; readonly random: Randomness; readonly logger: Logger },
): Promise<Consumer> {
  const ackWaitMs = options.ackWaitMs ?? ACK_WAIT_MS;
  const most = options.maxDeliveries ?? DELIVERIES;
  let stopped = false;
  const pauses = new Set<() => void>();

  function pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const finish = () => {
        cancel();
        pauses.delete(finish);
        done();
      };
      const cancel = clock.after(Math.round(ms), finish);
      pauses.add(finish);
    });
  }

  async function ensure(): Promise<void> {
    try {
      await jsm.consumers.info(STREAM, options.name);
    } catch {
      await jsm.consumers.add(STREAM, {
        durable_name: options.name,
        ack_policy: AckPolicy.Explicit,
        deliver_policy: DeliverPolicy.All,
        ack_wait: nanos(ackWaitMs),
        max_ack_pending: options.batch,
        filter_subject: options.projectId === undefined ? SUBJECTS : `concord.v1.${options.projectId}.>`,
      });
    }
  }

  const positionedOf = (message: JsMsg): Positioned | null => {
    try {
      return { position: message.seq, event: parseEvent(message.json()) };
    } catch (err) {
      logger.error({ err, position: message.seq }, 'an event could not be read');
      return null;
    }
  };
  const wanted = ({ event }: Positioned) => options.types === undefined || options.types.includes(event.type);

  async function acknowledge(messages: readonly JsMsg[]): Promise<void> {
    for (const message of messages.slice(0, -1)) message.ack();
    const last = messages.at(-1);
    if (last !== undefined && !(await last.ackAck()))
      throw new Error('the server did not take the acknowledgement');
  }

  async function deliver(messages: readonly JsMsg[]): Promise<void> {
    const batch: Positioned[] = [];
    for (const message of messages) {
      const one = positionedOf(message);
      if (one === null) await bury(message);
      else if (wanted(one)) batch.push(one);
    }
    if (batch.length > 0 && !(await tried(messages, batch))) {
      if (stopped) return;
      for (const one of batch) {
        try {
          await handler([one]);
        } catch (err) {
          logger.error(
            { err, consumer: options.name, event: one.event.id },
            'an event failed too often; it is with the dead letters now',
          );
          await bury(messages.find((m) => m.seq === one.position)!);
        }
      }
    }
    await acknowledge(messages);
  }

  /** Whether the handler took the batch. */
  async function tried(messages: readonly JsMsg[], batch: readonly Positioned[]): Promise<boolean> {
    let beating = true;
    const beat = (): void => {
      if (!beating) return;
      for (const message of messages) message.working();
      clock.after(ackWaitMs / 3, beat);
    };
    clock.after(ackWaitMs / 3, beat);
    try {
      let pauseMs = FIRST_PAUSE_MS;
      for (let delivery = 1; delivery <= most && !stopped; delivery++) {
        try {
          await handler(batch);
          return true;
        } catch (err) {
          logger.warn({ err, consumer: options.name, delivery }, 'a batch failed; it is delivered again');
          await pause(pauseMs);
          pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
        }
      }
      return false;
    } finally {
      beating = false;
    }
  }

  /** One pull: a full batch, or what there is once the first has waited `maxWaitMs`. */
  async function pull(): Promise<JsMsg[]> {
    mustBeUp();
    const consumer = await js.consumers.get(STREAM, options.name);
    const first = await consumer.next({ expires: 2000 });
    if (first === null) return [];
    const messages = [first];
    const info = await consumer.info();
    if (info.num_pending === 0 && options.maxWaitMs > 0) await pause(options.maxWaitMs);
    const more = Math.min(options.batch - 1, (await consumer.info()).num_pending);
    if (more > 0) {
      const rest = await consumer.fetch({ max_messages: more, expires: 1000 });
      for await (const message of rest) messages.push(message);
    }
    return messages.sort((a, b) => a.seq - b.seq);
  }

  await ensure();
  const running = (async () => {
    while (!stopped) {
      try {
        const messages = await pull();
        if (messages.length > 0 && !stopped) await deliver(messages);
      } catch (err) {
        if (stopped) return;
        logger.warn({ err, consumer: options.name }, 'the bus did not answer; trying again');
        await pause(AGAIN_MS * (0.5 + random.number()));
        await ensure().catch(() => {});
      }
    }
  })();

  return {
    async stop() {
      stopped = true;
      for (const finish of [...pauses]) finish();
      await running;
    },
  };
}
