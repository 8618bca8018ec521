import { ConcordError } from '@concord/core/errors/concord-error';
import { type ConcordEvent, eventSubject, parseEvent } from '@concord/core/events/event';
import { AckPolicy, DeliverPolicy, headers, type JsMsg, type MsgHdrs, nanos, type StoredMsg } from 'nats';
import type { Logger } from '../../observability/logger.ts';
import type { Bus, DeadLetter, EventFilter, Positioned } from '../../ports/bus.ts';
import type { Clock, Randomness } from '../../ports/clock.ts';
import { reasonOf } from '../bus/reason.ts';
import { DEAD_STREAM, openConnection, STREAM, SUBJECTS } from './connection.ts';
import { addresseeOf, FOR_HEADER, startConsumer } from './consumer.ts';

const IN_FLIGHT = 256;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** How long events are tried to be published before the caller is told that they are not. */
const GIVE_UP_MS = 10_000;
const PAGE = 500;
const MOST_LETTERS = 1000;

/** A dead letter as it is kept: the event itself stays in the stream of events. */
type KeptLetter = Omit<DeadLetter, 'body'>;

/** A message before it is published. */
interface Outgoing {
  readonly subject: string;
  readonly text: string;
  readonly id: string;
  readonly head?: MsgHdrs;
}

/** The bus on NATS JetStream (server 2.9 or newer). Positions are the stream's sequence numbers. */
export async function createNatsBus(options: {
  readonly url: string;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly logger: Logger;
}): Promise<Bus> {
  const { clock, random, logger } = options;
  const connection = await openConnection(options.url);
  const { nc, js, jsm } = connection;
  let closed = false;

  /** Until the server has taken all; the same id again is not stored twice within the duplicate window. Throws after 10 s. */
  async function publishAll(messages: readonly Outgoing[]): Promise<void> {
    const startedAt = clock.now();
    let left = messages;
    for (let tries = 0; ; tries++) {
      const { unsent, error } = await publishOnce(left);
      if (unsent.length === 0) return;
      if (closed || clock.now() - startedAt > GIVE_UP_MS)
        throw new ConcordError('overloaded', 'The bus did not take all events.', [], { cause: error });
      const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
      const pauseMs = Math.round(most * (0.5 + random.number()));
      logger.warn(
        { err: error, events: unsent.length, pauseMs },
        'the bus did not take events; trying again',
      );
      await new Promise<void>((done) => clock.after(pauseMs, done));
      if (connection.isUp()) await connection.ensureStreams().catch(() => {});
      left = unsent;
    }
  }

  async function publishOnce(messages: readonly Outgoing[]): Promise<{ unsent: Outgoing[]; error: unknown }> {
    const unsent: Outgoing[] = [];
    let error: unknown = null;
    await Promise.all(
      messages.map(async (message) => {
        const { subject, text, id: msgID, head } = message;
        try {
          connection.mustBeUp();
          await js.publish(subject, text, { msgID, ...(head === undefined ? {} : { headers: head }) });
        } catch (err) {
          unsent.push(message);
          error = err;
        }
      }),
    );
    return { unsent, error };
  }

  /** Up to `limit` messages of a stream after a sequence number. */
  async function fetch(stream: string, after: number, limit: number, subject: string): Promise<JsMsg[]> {
    connection.mustBeUp();
    const info = await jsm.consumers.add(stream, {
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: after + 1,
      filter_subject: subject,
      inactive_threshold: nanos(10_000),
      mem_storage: true,
    });
    try {
      const wanted = Math.min(limit, info.num_pending);
      const messages: JsMsg[] = [];
      if (wanted === 0) return messages;
      const consumer = await js.consumers.get(stream, info.name);
      for await (const message of await consumer.fetch({ max_messages: wanted, expires: 5000 }))
        messages.push(message);
      return messages;
    } finally {
      await jsm.consumers.delete(stream, info.name).catch(() => {});
    }
  }

  async function read(after: number, limit: number, filter: EventFilter = {}): Promise<Positioned[]> {
    const subject = filter.projectId === undefined ? SUBJECTS : `concord.v1.${filter.projectId}.>`;
    const found: Positioned[] = [];
    for (let from = after; found.length < limit; ) {
      const messages = await fetch(STREAM, from, Math.max(PAGE, limit), subject);
      for (const message of messages) {
        const event = found.length < limit && addresseeOf(message) === null ? readable(message) : null;
        if (event !== null && (filter.types === undefined || filter.types.includes(event.type)))
          found.push({ position: message.seq, event });
      }
      if (messages.length < Math.max(PAGE, limit)) break;
      from = messages.at(-1)!.seq;
    }
    return found;
  }

  function readable(message: JsMsg): ConcordEvent | null {
    try {
      return parseEvent(message.json());
    } catch (error) {
      logger.error({ position: message.seq, why: reasonOf(error) }, 'an event could not be read');
      return null;
    }
  }

  const deadSubject = (name: string) => `concord.dead.${name.replace(/[^A-Za-z0-9_-]/g, '_')}`;

  /** Dead letters with the events they are about; without those whose event the stream has dropped meanwhile. */
  async function letters(name?: string): Promise<{ seq: number; letter: KeptLetter; event: StoredMsg }[]> {
    const subject = name === undefined ? 'concord.dead.>' : deadSubject(name);
    const found = [];
    for (const message of await fetch(DEAD_STREAM, 0, MOST_LETTERS, subject)) {
      const letter = message.json<KeptLetter>();
      const event = await jsm.streams.getMessage(STREAM, { seq: letter.position }).catch(() => null);
      if (event !== null) found.push({ seq: message.seq, letter, event });
    }
    return found;
  }

  return {
    async publish(events: readonly ConcordEvent[]) {
      for (let i = 0; i < events.length; i += IN_FLIGHT) {
        const messages = events.slice(i, i + IN_FLIGHT).map((event) => ({
          subject: eventSubject(event),
          text: JSON.stringify(event),
          id: event.id,
        }));
        await publishAll(messages);
      }
    },
    consume: (consumeOptions, handler) =>
      startConsumer(
        connection,
        consumeOptions,
        handler,
        (message, reason) => {
          const consumer = consumeOptions.name;
          const letter: KeptLetter = { consumer, position: message.seq, reason, at: clock.now() };
          const id = `dead:${consumer}:${letter.position}`;
          return publishAll([{ subject: deadSubject(consumer), text: JSON.stringify(letter), id }]);
        },
        { clock, random, logger },
      ),
    read,
    async last() {
      connection.mustBeUp();
      return (await jsm.streams.info(STREAM)).state.last_seq;
    },
    watch(onNews) {
      const subscription = nc.subscribe(SUBJECTS, { callback: () => onNews() });
      // What came while the connection was away was not heard.
      const status = nc.status();
      let watching = true;
      void (async () => {
        for await (const change of status) {
          if (!watching) return;
          if (change.type === 'reconnect') onNews();
        }
      })();
      return () => {
        watching = false;
        subscription.unsubscribe();
      };
    },
    async deadLetters(name) {
      return (await letters(name)).map(({ letter, event }) => ({ ...letter, body: event.string() }));
    },
    async replay(name) {
      const found = await letters(name);
      for (const { seq, letter, event } of found) {
        const head = headers();
        head.set(FOR_HEADER, letter.consumer);
        await publishAll([{ subject: event.subject, text: event.string(), id: `again:${seq}`, head }]);
        await jsm.streams.deleteMessage(DEAD_STREAM, seq);
      }
      return found.length;
    },
    async lag(name) {
      connection.mustBeUp();
      try {
        const info = await jsm.consumers.info(STREAM, name);
        return { acknowledged: info.ack_floor.stream_seq, waiting: info.num_pending + info.num_ack_pending };
      } catch {
        return { acknowledged: 0, waiting: (await jsm.streams.info(STREAM)).state.messages };
      }
    },
    async close() {
      closed = true;
      await nc.close();
    },
  };
}
