import { parseEvent } from '@concord/core/events/event';
import { AckPolicy, DeliverPolicy, type JsMsg, nanos } from 'nats';
import type { Logger } from '../../observability/logger.ts';
import type { ConsumeOptions, Consumer, Positioned, SetAside } from '../../ports/bus.ts';
import type { Clock, Randomness } from '../../ports/clock.ts';
import { reasonOf } from '../bus/reason.ts';
import { type Connection, STREAM, SUBJECTS } from './connection.ts';

const ACK_WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5000;
const AGAIN_MS = 500;

/** On a dead letter that is published again: the one consumer it is for. */
export const FOR_HEADER = 'Concord-For';

/** The only consumer that is to take a message; null for the usual ones, which are for all. */
export function addresseeOf(message: JsMsg): string | null {
  return message.headers?.get(FOR_HEADER) || null;
}

/**
 * A durable pull consumer. At most one batch is unacknowledged at a time, so that after a crash nothing newer overtakes what
 * has to come again. A batch that fails is tried again here, kept alive by heartbeats, until it succeeds.
 */
export async function startConsumer(
  { js, jsm, mustBeUp }: Connection,
  options: ConsumeOptions,
  handler: (batch: readonly Positioned[], setAside: SetAside) => Promise<void>,
  bury: (message: JsMsg, reason: string) => Promise<void>,
  { clock, random, logger }: { readonly clock: Clock; readonly random: Randomness; readonly logger: Logger },
): Promise<Consumer> {
  const ackWaitMs = options.ackWaitMs ?? ACK_WAIT_MS;
  let stopped = false;
  const pauses = new Set<() => void>();

  function pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const finish = () => {
        cancel();
        pauses.delete(finish);
        done();
      };
      const cancel = clock.after(ms, finish);
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

  /** The events of a batch that are for this consumer, and why others that are cannot be read. */
  function open(messages: readonly JsMsg[]): { batch: Positioned[]; dead: Map<number, string> } {
    const batch: Positioned[] = [];
    const dead = new Map<number, string>();
    for (const message of messages) {
      if ((addresseeOf(message) ?? options.name) !== options.name) continue;
      try {
        const value = message.json<{ type?: unknown } | null>();
        const wanted = options.types === undefined || options.types.some((type) => type === value?.type);
        if (wanted) batch.push({ position: message.seq, event: parseEvent(value) });
      } catch (error) {
        dead.set(message.seq, reasonOf(error));
      }
    }
    return { batch, dead };
  }

  async function acknowledge(messages: readonly JsMsg[]): Promise<void> {
    for (const message of messages.slice(0, -1)) message.ack();
    const last = messages.at(-1);
    if (last !== undefined && !(await last.ackAck()))
      throw new Error('the server did not take the acknowledgement');
  }

  async function deliver(messages: readonly JsMsg[]): Promise<void> {
    const { batch, dead } = open(messages);
    if (batch.length > 0 && !(await taken(messages, batch, dead))) return;
    for (const message of messages) {
      const reason = dead.get(message.seq);
      if (reason === undefined) continue;
      await bury(message, reason);
      logger.error(
        { consumer: options.name, position: message.seq, reason },
        'an event cannot be used; it is with the dead letters now',
      );
    }
    await acknowledge(messages);
  }

  /** Tries until the handler took the batch; false when the consumer was stopped before. Adds to `dead` what it set aside. */
  async function taken(
    messages: readonly JsMsg[],
    batch: readonly Positioned[],
    dead: Map<number, string>,
  ): Promise<boolean> {
    let beating = true;
    const beat = (): void => {
      if (!beating) return;
      for (const message of messages) message.working();
      clock.after(ackWaitMs / 3, beat);
    };
    clock.after(ackWaitMs / 3, beat);
    try {
      let pauseMs = FIRST_PAUSE_MS;
      while (!stopped) {
        try {
          const aside = new Map<number, string>();
          await handler(batch, ({ position }, reason) => aside.set(position, reason));
          for (const [position, reason] of aside) dead.set(position, reason);
          return true;
        } catch (err) {
          logger.warn({ err, consumer: options.name, againInMs: pauseMs }, 'a batch failed; it comes again');
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
        await pause(Math.round(AGAIN_MS * (0.5 + random.number())));
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
