import type { Driver, Line, Seat, Sink } from './drivers/driver.ts';
import { LAST_BEFORE_LOAD } from './ops.ts';

/** How many enter at a time: a server's queue of new connections is not what is measured here. */
const ENTERING = 40;
const ENTER_LIMIT_MS = 60_000;

export interface CrowdEvents {
  acked(author: number, n: number): void;
  delivered(author: number, n: number): void;
}

/** People in rooms, connected. */
export interface Crowd {
  readonly rooms: number;
  readonly people: number;
  readonly authors: number;
  readonly lines: readonly Line[];
  /** The last op that each author has sent. */
  readonly sent: Int32Array;
  /** Who hears of what arrives, from now on. */
  listen(events: CrowdEvents): void;
  /** Throws when something arrived that must not. */
  check(): void;
  close(): void;
}

const deaf: CrowdEvents = { acked() {}, delivered() {} };

export const seatsOf = (rooms: number, people: number): Seat[] =>
  Array.from({ length: rooms * people }, (_, author) => ({ author, room: Math.floor(author / people) }));

/** Lets all of them enter, the first of each room before the others. */
export async function gather(driver: Driver, rooms: number, people: number): Promise<Crowd> {
  const seats = seatsOf(rooms, people);
  const lines: Line[] = new Array<Line>(seats.length);
  let events = deaf;
  let failure: string | null = null;
  const sink: Sink = {
    acked: (author, n) => events.acked(author, n),
    delivered: (author, n) => events.delivered(author, n),
    failed: (why) => {
      failure ??= why;
    },
  };
  const enter = async ({ author, room }: Seat) => {
    lines[author] = await driver.enter({ author, room }, sink);
  };
  const first = (seat: Seat) => seat.author % people === 0;
  await inTurns(seats.filter(first), ENTERING, enter);
  await inTurns(
    seats.filter((seat) => !first(seat)),
    ENTERING,
    enter,
  );
  return {
    rooms,
    people,
    authors: seats.length,
    lines,
    sent: new Int32Array(seats.length).fill(LAST_BEFORE_LOAD),
    listen(more) {
      events = more;
    },
    check() {
      if (failure !== null) throw new Error(failure);
    },
    close() {
      for (const line of lines) line.close();
    },
  };
}

/** Does `work` for all, `width` at a time; throws what one of them throws, and when it takes longer than a minute. */
export async function inTurns<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++]!);
  };
  await withLimit(
    Promise.all(Array.from({ length: Math.min(width, items.length) }, lane)),
    ENTER_LIMIT_MS,
    `only ${next} of ${items.length}`,
  );
}

export async function withLimit<T>(work: Promise<T>, limitMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done within ${limitMs} ms: ${what}`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
