import type { Problem } from '@concord/core/errors/concord-error';
import { elsewhereUrl, type JoinReply, type RoomJoin } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import type { SessionClock } from './session.ts';
import type { Answer, RoomListener, RoomTransport } from './transport.ts';

/** A connection to one node of the server. One that breaks is given up; it does not come back by itself. */
export interface NodeLink {
  readonly transport: RoomTransport;
  /** Whether it was made; false when the node cannot be reached, or lets us not in. */
  readonly ready: Promise<boolean>;
  close(): void;
}

export interface NodePoolOptions {
  /** The connection to where the page came from, a node or a balancer before them. It comes back by itself. */
  readonly home: RoomTransport;
  readonly homeUrl: string;
  readonly connect: (url: string) => NodeLink;
  readonly clock: SessionClock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

const readyWithinMs = 2_500;
/** When a node goes away its people do not all arrive at the next in one moment. */
const spreadMs = 300;
const seekAgainMs = 1_500;
/** A node that no room needs is kept this long: the next task may be there again. */
const idleMs = 30_000;

/** So many addresses are remembered. */
const knownMost = 20;

/** Where one room is served from: a node's address, or null for home. */
interface Seat {
  readonly task: TaskId;
  readonly listeners: Set<RoomListener>;
  at: string | null;
  /** How often the session was told that the connection went. */
  downs: number;
  stop: () => void;
}
interface Node extends NodeLink {
  readonly rooms: Set<TaskId>;
  cancelIdle: () => void;
}

/**
 * Rooms over several nodes of one server: each room's people are to meet on one of them, whose address the server names. A
 * node that cannot be reached costs a detour, never a room: wherever it is joined, the server serves it.
 */
export function createNodePool(options: NodePoolOptions): RoomTransport {
  const { home, clock, random } = options;
  const seats = new Map<TaskId, Seat>();
  const nodes = new Map<string, Node>();
  /** Every node that was ever named, those named last first: one that was away may be the only one there now. */
  let known: readonly string[] = [];

  const isHome = (url: string) => new URL(url).href === new URL(options.homeUrl).href;
  const transportAt = (at: string | null) => (at === null ? home : (nodes.get(at)?.transport ?? null));
  const transportOf = (task: TaskId) => transportAt(seats.get(task)?.at ?? null) ?? home;
  const later = (ms: number, run: () => void) => clock.after(Math.round(ms), run);

  function open(url: string): Node {
    const made: Node = { ...options.connect(url), rooms: new Set(), cancelIdle: () => {} };
    nodes.set(url, made);
    return made;
  }

  function drop(url: string): void {
    const node = nodes.get(url);
    nodes.delete(url);
    node?.cancelIdle();
    node?.close();
  }

  /** Connects to a node where that is not so yet; null when it cannot be reached in time. */
  async function reach(url: string): Promise<string | null | 'nowhere'> {
    if (isHome(url)) return home.isUp() ? null : 'nowhere';
    const node = nodes.get(url) ?? open(url);
    let cancel = () => {};
    const late = new Promise<boolean>((done) => {
      cancel = later(readyWithinMs, () => done(false));
    });
    const ready = await Promise.race([node.ready, late]);
    cancel();
    if (ready && nodes.get(url) === node && node.transport.isUp()) return url;
    if (nodes.get(url) === node && node.rooms.size === 0) drop(url);
    return 'nowhere';
  }

  function sit(seat: Seat, at: string | null): void {
    stand(seat);
    seat.at = at;
    const node = at === null ? undefined : nodes.get(at);
    node?.cancelIdle();
    node?.rooms.add(seat.task);
    seat.stop = (node?.transport ?? home).listen(seat.task, relayOf(seat, at));
  }

  function stand(seat: Seat): void {
    seat.stop();
    const { at } = seat;
    const node = at === null ? undefined : nodes.get(at);
    if (node === undefined || at === null || !node.rooms.delete(seat.task) || node.rooms.size > 0) return;
    node.cancelIdle = later(idleMs, () => drop(at));
  }

  const tell = (seat: Seat, say: (listener: RoomListener) => void) => {
    for (const listener of [...seat.listeners]) say(listener);
  };

  function relayOf(seat: Seat, at: string | null): RoomListener {
    return {
      onUp: () => tell(seat, (l) => l.onUp()),
      onDown: (why) => (at === null ? homeWent(seat, why) : nodeWent(seat, at)),
      onOps: (message) => tell(seat, (l) => l.onOps(message)),
      onState: (message) => tell(seat, (l) => l.onState(message)),
      onSuggestions: (message) => tell(seat, (l) => l.onSuggestions(message)),
      onPresence: (message) => tell(seat, (l) => l.onPresence(message)),
      onRejoin: (message) => tell(seat, (l) => l.onRejoin(message)),
    };
  }

  function tellDown(seat: Seat, why: Problem | null): void {
    seat.downs += 1;
    tell(seat, (l) => l.onDown(why));
  }

  function homeWent(seat: Seat, why: Problem | null): void {
    tellDown(seat, why);
    if (why === null || why.retry) later(spreadMs * random(), () => void seek(seat));
  }

  function nodeWent(seat: Seat, at: string): void {
    sit(seat, null);
    drop(at);
    tellDown(seat, null);
    later(spreadMs * random(), () => {
      if (seat.at !== null) return;
      if (home.isUp()) tell(seat, (l) => l.onUp());
      else void seek(seat);
    });
  }

  /** While home is away: any other node will do. */
  async function seek(seat: Seat): Promise<void> {
    const wanted = () => seats.get(seat.task) === seat && seat.at === null && !home.isUp();
    for (const url of shuffled(known, random)) {
      if (!wanted()) return;
      const at = await reach(url);
      if (at === 'nowhere' || !wanted()) continue;
      sit(seat, at);
      tell(seat, (l) => l.onUp());
      return;
    }
    if (wanted()) later(seekAgainMs * (0.5 + random()), () => void seek(seat));
  }

  function remember(urls: readonly string[]): void {
    known = [...new Set([...urls, ...known])].slice(0, knownMost);
  }

  async function joinAt(at: string | null, message: RoomJoin): Promise<Answer<JoinReply>> {
    const answer = (await transportAt(at)?.join(message)) ?? { ok: 'lost' as const };
    if (answer.ok === true) remember([...answer.others, ...(at === null ? [] : [at])]);
    return answer;
  }

  async function join(message: RoomJoin): Promise<Answer<JoinReply>> {
    const seat = seats.get(message.task);
    const from = seat?.at ?? null;
    const downs = seat?.downs;
    const answer = await joinAt(from, message);
    const url = answer.ok === false ? elsewhereUrl(answer.problem) : null;
    if (url === null || seat === undefined) return answer;
    remember([url]);
    const at = await reach(url);
    // The session was told meanwhile to wait for another connection, and joins again when it hears of one.
    if (seat.downs !== downs) return { ok: 'lost' };
    if (at !== 'nowhere') {
      sit(seat, at);
      const there = await joinAt(at, { ...message, here: true });
      if (there.ok !== 'lost') return there;
      if (seat.at === at) sit(seat, from);
    }
    return joinAt(seat.at, { ...message, here: true });
  }

  return {
    isUp: () => home.isUp() || [...nodes.values()].some(({ transport }) => transport.isUp()),
    listen(task, listener) {
      const before = seats.get(task);
      const seat: Seat = before ?? { task, listeners: new Set(), at: null, downs: 0, stop: () => {} };
      seat.listeners.add(listener);
      if (before === undefined) {
        seats.set(task, seat);
        sit(seat, null);
        if (!home.isUp()) later(spreadMs * random(), () => void seek(seat));
      }
      return () => {
        seat.listeners.delete(listener);
        if (seat.listeners.size > 0 || seats.get(task) !== seat) return;
        // What is still said of this room (that it is left) goes where it was.
        queueMicrotask(() => {
          if (seat.listeners.size > 0) return;
          seats.delete(task);
          stand(seat);
        });
      };
    },
    join,
    ops: (message) => transportOf(message.task).ops(message),
    submit: (message) => transportOf(message.task).submit(message),
    withdraw: (message) => transportOf(message.task).withdraw(message),
    skip: (message) => transportOf(message.task).skip(message),
    resolve: (message) => transportOf(message.task).resolve(message),
    presence: (message) => transportOf(message.task).presence(message),
    leave: (message) => transportOf(message.task).leave(message),
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
