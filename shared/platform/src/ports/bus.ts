import type { ConcordEvent, EventType } from '@concord/core/events/event';

/** One event with its place in the stream. Positions grow; they are the cursor of streams. */
export interface Positioned {
  readonly position: number;
  readonly event: ConcordEvent;
}

export interface EventFilter {
  readonly types?: readonly EventType[] | undefined;
  readonly projectId?: string | undefined;
}

export interface ConsumeOptions extends EventFilter {
  /** Name of the durable consumer: whoever consumes under it goes on where it stopped. */
  readonly name: string;
  /** Hand over at most so many at once … */
  readonly batch: number;
  /** … or what there is after this time, in ms. */
  readonly maxWaitMs: number;
  /** Not acknowledged after this time: delivered again, in ms. */
  readonly ackWaitMs?: number;
}

/**
 * Puts one event of the batch in hand with the dead letters, because no delivery of it could ever succeed. It goes there
 * when the handler returns; when the handler throws, nothing happened.
 */
export type SetAside = (event: Positioned, reason: string) => void;

/** What a consumer could not read or use, kept so that somebody can see why and have it delivered again. */
export interface DeadLetter {
  readonly consumer: string;
  readonly position: number;
  /** As the bus holds it; perhaps no event at all. */
  readonly body: string;
  readonly reason: string;
  /** When it was set aside. */
  readonly at: number;
}

export interface Consumer {
  /** Stops taking new events, waits for the handler in flight. */
  stop(): Promise<void>;
}

/** The durable stream of facts. */
export interface Bus {
  /** Durable when it returns; an id that is already in the stream (or in its duplicate window) is not stored again. */
  publish(events: readonly ConcordEvent[]): Promise<void>;
  /**
   * Delivers at least once, in order, batch after batch. A batch is acknowledged when the handler returns; when it
   * throws, the batch comes again after a growing pause, without end: what is down may stay down for days and nothing
   * is lost. Resumes after a crash where the last acknowledgement stood. What cannot be read as an event goes to the
   * dead letters and stops nothing.
   */
  consume(
    options: ConsumeOptions,
    handler: (batch: readonly Positioned[], setAside: SetAside) => Promise<void>,
  ): Promise<Consumer>;
  /** Events after a position, oldest first: what streams replay from. What cannot be read is passed over, and logged. */
  read(after: number, limit: number, filter?: EventFilter): Promise<readonly Positioned[]>;
  /** The newest position; 0 when empty. */
  last(): Promise<number>;
  /** Calls back (perhaps late, perhaps once for many) when there is something new. Returns how to stop. */
  watch(onNews: () => void): () => void;
  /** Oldest first, of one consumer or of all; at most 1,000. */
  deadLetters(consumer?: string): Promise<readonly DeadLetter[]>;
  /**
   * Delivers dead letters to their consumers once more, under the id they had; how many. They are dead letters no more,
   * unless their consumer sets them aside again. Other consumers and `read` hear nothing of it.
   */
  replay(consumer?: string): Promise<number>;
  /** How far a durable consumer has acknowledged, and how much waits for it. */
  lag(name: string): Promise<{ readonly acknowledged: number; readonly waiting: number }>;
  close(): Promise<void>;
}
