import type { Problem } from '@concord/core/errors/concord-error';
import type { RoomToServer, ServerToRoom } from '@concord/core/protocol/rooms';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import { io, type Socket } from 'socket.io-client';
import { createNodePool, type NodeLink } from './node-pool.ts';
import { createRidingAcks } from './riding-acks.ts';
import type { SessionClock } from './session.ts';
import type { Answer, RoomListener, RoomTransport } from './transport.ts';

/** Longer than a slow commit, shorter than an annotator's patience. */
const answerWithinMs = 10_000;
const backOffMs = 1000;

type Asked = Exclude<keyof RoomToServer, 'room:presence'>;

export type RoomSocket = Socket<ServerToRoom, RoomToServer>;

/** Everything of a page that concerns the wire: a socket to where it came from, and others to other nodes as needed. */
export function createSocketTransport(clock: SessionClock): RoomTransport {
  const socket: RoomSocket = io('/rooms', {
    ...common,
    reconnectionDelay: 300,
    reconnectionDelayMax: 4000,
    randomizationFactor: 0.5,
  });
  // The browser knows sooner than a missed heartbeat does.
  addEventListener('offline', () => socket.io.engine?.close());
  addEventListener('online', () => {
    if (!socket.connected) socket.connect();
  });
  return createNodePool({
    home: overSocket(socket),
    homeUrl: location.origin,
    connect(url) {
      const link = linkTo(url, common);
      const over = new AbortController();
      addEventListener('offline', link.close, { signal: over.signal });
      return {
        ...link,
        close() {
          over.abort();
          link.close();
        },
      };
    },
    clock,
    random: Math.random,
  });
}

const common = { transports: ['websocket'], auth: { protocol: PROTOCOL_VERSION } };

/** A socket to one node, made once. Below a path where its address has one, so that a balancer may tell nodes by it. */
export function linkTo(
  url: string,
  settings: { readonly transports: string[]; readonly auth: { readonly [key: string]: unknown } },
): NodeLink {
  const { origin, pathname } = new URL(url);
  const socket: RoomSocket = io(`${origin}/rooms`, {
    ...settings,
    path: `${pathname.replace(/\/+$/, '')}/socket.io`,
    reconnection: false,
    forceNew: true,
  });
  return {
    transport: overSocket(socket, { comesBack: false }),
    ready: new Promise((done) => {
      socket.once('connect', () => done(true));
      socket.once('connect_error', () => done(false));
      socket.once('disconnect', () => done(false));
    }),
    close: () => socket.disconnect(),
  };
}

/** Rooms over a socket.io connection. Nothing is buffered in the socket: what to resend is the session's to know. */
export function overSocket(socket: RoomSocket, { comesBack } = { comesBack: true }): RoomTransport {
  const listeners = new Map<string, Set<RoomListener>>();
  const each = (task: string, tell: (listener: RoomListener) => void): void => {
    for (const listener of [...(listeners.get(task) ?? [])]) tell(listener);
  };
  const all = (tell: (listener: RoomListener) => void): void => {
    for (const task of [...listeners.keys()]) each(task, tell);
  };
  const acks = createRidingAcks((ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }, answerWithinMs);
  socket.on('connect', () => all((l) => l.onUp()));
  socket.on('disconnect', (reason) => {
    acks.lost();
    all((l) => l.onDown(null));
    // socket.io does not come back by itself when the server closed the connection.
    if (comesBack && reason === 'io server disconnect') setTimeout(() => socket.connect(), 1000);
  });
  socket.on('connect_error', (error) => {
    const problem = (error as Error & { data?: { problem?: Problem } | Problem }).data;
    const known = problem !== undefined && 'problem' in problem ? problem.problem : problem;
    all((l) => l.onDown((known as Problem | undefined) ?? null));
    // A handshake the server refused is not tried again by socket.io; a server that is restarting may refuse too.
    if (comesBack && !socket.active) setTimeout(() => socket.connect(), 3000);
  });
  socket.on('room:ops', (m) => {
    each(m.task, (l) => l.onOps(m));
    acks.heardOps(m);
  });
  socket.on('room:acks', (m) => acks.heardAcks(m));
  // One message too many: what waits is sent again after the next join.
  socket.on('room:problem', () => void setTimeout(() => acks.lost(), backOffMs));
  socket.on('room:state', (m) => each(m.view.task, (l) => l.onState(m)));
  socket.on('room:suggestions', (m) => each(m.task, (l) => l.onSuggestions(m)));
  socket.on('room:presence', (m) => each(m.task, (l) => l.onPresence(m)));
  socket.on('room:rejoin', (m) => each(m.task, (l) => l.onRejoin(m)));

  async function ask<T>(event: Asked, message: unknown): Promise<Answer<T>> {
    if (!socket.connected) return { ok: 'lost' };
    try {
      // The event map types each pair of message and reply; this one line serves them all.
      const emit = socket.timeout(answerWithinMs).emitWithAck as unknown as (
        event: string,
        message: unknown,
      ) => Promise<Answer<T>>;
      return await emit.call(socket.timeout(answerWithinMs), event, message);
    } catch {
      return { ok: 'lost' };
    }
  }

  return {
    isUp: () => socket.connected,
    listen(task, listener) {
      const set = listeners.get(task) ?? new Set();
      listeners.set(task, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) listeners.delete(task);
      };
    },
    join: (m) => ask('room:join', m),
    ops: (m) =>
      socket.connected ? acks.ask(m, () => socket.emit('room:ops', m)) : Promise.resolve({ ok: 'lost' }),
    submit: (m) => ask('room:submit', m),
    withdraw: (m) => ask('room:withdraw', m),
    skip: (m) => ask('room:skip', m),
    resolve: (m) => ask('room:resolve', m),
    presence: (m) => {
      if (socket.connected) socket.volatile.emit('room:presence', m);
    },
    leave: (m) => {
      if (socket.connected) socket.emit('room:leave', m, () => {});
    },
  };
}
