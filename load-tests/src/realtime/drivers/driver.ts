/** Somebody's place: `author` counts all of them from 0, `room` is where they sit. */
export interface Seat {
  readonly author: number;
  readonly room: number;
}

/** What arrives, told by the drivers. */
export interface Sink {
  /** The server has taken this author's ops up to `n` (where it stores anything: durably). */
  acked(author: number, n: number): void;
  /** Somebody else in the room got this author's op `n`. */
  delivered(author: number, n: number): void;
  /** Nothing that follows can be trusted. */
  failed(why: string): void;
}

/**
 * `relay`: to the others in the room, no more. `ops`: numbered in the room's order, to the others, and acknowledged.
 * Where a server knows no difference, both are the same.
 */
export type Lane = 'relay' | 'ops';

/** One connection that has entered its room. */
export interface Line {
  /** Bytes of what it got on entering. */
  readonly snapshotBytes: number;
  /** Sends this author's ops `first` to `first + count - 1`. */
  send(lane: Lane, first: number, count: number): void;
  close(): void;
}

/** Speaks one server's protocol. */
export interface Driver {
  /** Whether ops of the lane `relay` are acknowledged too. */
  readonly acksRelays: boolean;
  /** Sends one op, and the next once that is acknowledged. */
  readonly oneInFlight: boolean;
  /** Whether ops that come up while a connection waits for its next turn travel in one message; else each has its own, at once. */
  readonly gathers: boolean;
  /** Connects, signs in where there is such a thing, enters; resolves when the snapshot is here. */
  enter(seat: Seat, sink: Sink): Promise<Line>;
  /** What must be there before somebody's first op, once everybody is in; also makes everybody see what follows. */
  begin(lines: readonly Line[]): Promise<void>;
}

/** Wakes whoever waits for one thing that a server says while somebody enters. */
export interface Step<T> {
  readonly reached: Promise<T>;
  done(value: T): void;
  fail(error: Error): void;
}

export function createStep<T>(): Step<T> {
  let settle!: { done: (value: T) => void; fail: (error: Error) => void };
  const reached = new Promise<T>((done, fail) => {
    settle = { done, fail };
  });
  // Who fails before anybody waits is heard when somebody does.
  reached.catch(() => {});
  return { reached, done: (value) => settle.done(value), fail: (error) => settle.fail(error) };
}
