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
  /** After so many deliveries an event goes to the dead letters, where `deadLetters(name)` finds it. */
  readonly maxDeliveries?: number;
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
   * Delivers at least once, in order, batch after batch. A batch is acknowledged when the handler returns;
   * when it throws, the batch comes again. Resumes after a crash where the last acknowledgement stood.
   */
  consume(
    options: ConsumeOptions,
    handler: (batch: readonly Positioned[]) => Promise<void>,
  ): Promise<Consumer>;
  /** Events after a position, oldest first: what streams replay from. */
  read(after: number, limit: number, filter?: EventFilter): Promise<readonly Positioned[]>;
  /** The newest position; 0 when empty. */
  last(): Promise<number>;
  /** Calls back (perhaps late, perhaps once for many) when there is something new. Returns how to stop. */
  watch(onNews: () => void): () => void;
  deadLetters(name: string): Promise<readonly Positioned[]>;
  /** How far a durable consumer has acknowledged, and how much waits for it: give the filter that it consumes with. */
  lag(
    name: string,
    filter?: EventFilter,
  ): Promise<{ readonly acknowledged: number; readonly waiting: number }>;
  close(): Promise<void>;
}
