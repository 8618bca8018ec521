import type { Logger } from '../../observability/logger.ts';
import type { Clock, Randomness } from '../../ports/clock.ts';
import type { Fanout } from '../../ports/fanout.ts';
import { type Link, openLink } from './link.ts';

/** Every node sends itself a message this often and listens for it: that shows the whole way there and back. */
const BEAT_MS = 500;
/** So many beats unheard: nothing gets through. */
const SILENT = 4;
/** So many: the connection is given up for a new one. */
const DEAD = 10;
/** Connecting and joining the channels may take this long. */
const OPEN_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** What was handed over and not confirmed; more is lost instead of piled up, in characters. */
const UNCONFIRMED_MOST = 8 * 1024 * 1024;

const PREFIX = 'concord:';
/** A node that lost messages of its own says so here. */
const MISSED = `${PREFIX}missed`;

export interface RedisFanoutOptions {
  /** `redis://[user:password@]host:port`, or `rediss://` over TLS. One Redis serves one deployment. */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly logger: Logger;
}

interface Listener {
  readonly on: (message: string) => void;
  readonly onTuned: () => void;
}

/**
 * The fanout over Redis 6 or newer, by its publish and subscribe. Comes back by itself for as long as it is open; while
 * it is away messages are lost, and after that everybody who listens is told so.
 */
export function createRedisFanout(options: RedisFanoutOptions): Fanout {
  const { clock, random, url } = options;
  const logger = options.logger.child({ part: 'fanout' });
  const id = random.token(9);
  const echo = `${PREFIX}echo:${id}`;
  const listeners = new Map<string, Set<Listener>>();
  let link: Link | null = null;
  let joined = new Set<string>();
  let joining = false;
  let problem: string | null = 'not connected yet';
  let unheard = 0;
  let unconfirmed = 0;
  let lostSome = false;
  let tries = 0;
  let closed = false;
  let cancelBeat: () => void = () => {};
  let cancelRetry: () => void = () => {};

  function hear(channel: string, message: string): void {
    if (channel === echo) {
      unheard = 0;
      setProblem(null);
      return;
    }
    if (message.startsWith(id)) return;
    if (channel === MISSED) {
      tune([...listeners.keys()]);
      return;
    }
    const text = message.slice(id.length);
    for (const { on } of [...(listeners.get(channel) ?? [])]) on(text);
  }

  function tune(channels: readonly string[]): void {
    for (const channel of channels) for (const { onTuned } of [...(listeners.get(channel) ?? [])]) onTuned();
  }

  function setProblem(next: string | null): void {
    if (next === null && problem !== null) logger.info('messages reach the other nodes');
    if (next !== null && problem === null)
      logger.warn({ why: next }, 'messages do not reach the other nodes; rooms follow the log instead');
    problem = next;
  }

  /** Hands a message to Redis, unless too much waits there already. */
  function send(to: Link, channel: string, message: string): void {
    if (unconfirmed + message.length > UNCONFIRMED_MOST) {
      lostSome = true;
      return;
    }
    unconfirmed += message.length;
    const confirmed = () => {
      if (to !== link) return;
      unconfirmed -= message.length;
      if (lostSome && unconfirmed < UNCONFIRMED_MOST / 2) sayMissed(to);
    };
    to.publish(channel, message).then(confirmed, () => {
      lostSome = true;
      confirmed();
    });
  }

  function sayMissed(to: Link): void {
    lostSome = false;
    send(to, MISSED, id);
  }

  /** Joins what somebody listens to, quits what nobody does; one after the other. */
  async function settleChannels(on: Link): Promise<void> {
    if (joining) return;
    joining = true;
    try {
      while (on === link) {
        const missing = [...listeners.keys()].filter((channel) => !joined.has(channel));
        const left = [...joined].filter((channel) => !listeners.has(channel));
        if (missing.length === 0 && left.length === 0) return;
        for (const channel of left) joined.delete(channel);
        if (left.length > 0) await on.quit(left);
        if (missing.length > 0) await on.join(missing);
        if (on !== link) return;
        for (const channel of missing) joined.add(channel);
        tune(missing);
      }
    } catch {
      // The connection broke on the way; the next one joins everything anew.
    } finally {
      joining = false;
      if (link !== null && link !== on) void settleChannels(link);
    }
  }

  async function connect(): Promise<void> {
    const made = openLink(url, clock, hear, (why) => made === link && lose(why));
    const cancel = clock.after(OPEN_MS, () => made.drop());
    try {
      await made.ready;
      const channels = [...listeners.keys()];
      await made.join([echo, MISSED, ...channels]);
      if (closed) return made.drop();
      link = made;
      joined = new Set(channels);
      unheard = 0;
      unconfirmed = 0;
      tries = 0;
      setProblem(null);
      if (lostSome) sayMissed(made);
      tune(channels);
      void settleChannels(made);
    } catch (error) {
      made.drop();
      if (!closed) again((error as Error).message);
    } finally {
      cancel();
    }
  }

  function lose(why: string): void {
    link?.drop();
    link = null;
    lostSome = true;
    again(why);
  }

  function again(why: string): void {
    setProblem(why);
    const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
    const pauseMs = Math.round(most * (0.5 + random.number()));
    tries += 1;
    cancelRetry = clock.after(pauseMs, () => void connect());
  }

  function beat(): void {
    cancelBeat = clock.after(BEAT_MS, beat);
    if (link === null) return;
    unheard += 1;
    if (unheard > DEAD) {
      lose('Redis does not answer');
      return;
    }
    if (unheard > SILENT) setProblem('Redis does not answer');
    send(link, echo, id);
  }

  void connect();
  beat();

  return {
    publish(channel, message) {
      if (link === null) lostSome = true;
      else send(link, PREFIX + channel, id + message);
    },
    subscribe(name, on, onTuned = () => {}) {
      const channel = PREFIX + name;
      const listener = { on, onTuned };
      const set = listeners.get(channel) ?? new Set();
      listeners.set(channel, set.add(listener));
      if (link !== null) {
        if (joined.has(channel)) queueMicrotask(() => set.has(listener) && onTuned());
        else void settleChannels(link);
      }
      return () => {
        set.delete(listener);
        if (set.size > 0 || listeners.get(channel) !== set) return;
        listeners.delete(channel);
        if (link !== null) void settleChannels(link);
      };
    },
    status: () => ({ reaching: problem === null, problem }),
    async close() {
      if (closed) return;
      closed = true;
      cancelBeat();
      cancelRetry();
      listeners.clear();
      const last = link;
      link = null;
      await last?.end();
    },
  };
}
