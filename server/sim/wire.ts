import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { User } from '@concord/core/records/user';
import type { Clock } from '@concord/platform/ports/clock';
import type { Chance } from './chance.ts';
import type { Trace } from './trace.ts';

type Handler = (message: unknown, reply?: (answer: unknown) => void) => void;

/** How badly messages travel; probabilities, 0..1, each for one message. */
export interface Weather {
  lost: number;
  doubled: number;
  /** The connection goes away instead of carrying the message. */
  cut: number;
}

/** What of socket.io's namespace the gateway uses, without the network: emits go to `Line`s on the virtual clock. */
export interface Hub {
  /** To be given to `serveRooms`. */
  readonly namespace: unknown;
  /** A connection as the server sees it; `toClient` gets what the server emits. */
  accept(user: User, toClient: (event: string, message: unknown) => void): ServerEnd;
}

export interface ServerEnd {
  receive(event: string, message: unknown, reply?: (answer: unknown) => void): void;
  disconnect(): void;
}

export function createHub(): Hub {
  const ends = new Map<string, { rooms: Set<string>; emit: (event: string, message: unknown) => void }>();
  let onConnection: (socket: unknown) => void = () => {};
  let made = 0;
  const to = (channel: string) => {
    const emit = (event: string, message: unknown) => {
      for (const end of ends.values()) if (end.rooms.has(channel)) end.emit(event, message);
    };
    return { emit, volatile: { emit } };
  };
  return {
    namespace: {
      on: (_event: string, handler: (socket: unknown) => void) => {
        onConnection = handler;
      },
      local: { to },
      adapter: { rooms: { has: (channel: string) => [...ends.values()].some((e) => e.rooms.has(channel)) } },
    },
    accept(user, toClient) {
      made += 1;
      const id = `socket-${made}`;
      const handlers = new Map<string, Handler>();
      const rooms = new Set<string>();
      const socket = {
        id,
        data: { user, protocol: PROTOCOL_VERSION },
        rooms,
        connected: true,
        on: (event: string, handler: Handler) => handlers.set(event, handler),
        emit: (event: string, message: unknown) => toClient(event, message),
        join: (channel: string) => rooms.add(channel),
        leave: (channel: string) => rooms.delete(channel),
      };
      ends.set(id, { rooms, emit: socket.emit });
      onConnection(socket);
      return {
        receive: (event, message, reply) => handlers.get(event)?.(message, reply),
        disconnect() {
          socket.connected = false;
          ends.delete(id);
          rooms.clear();
          handlers.get('disconnect')?.('gone');
        },
      };
    },
  };
}

/** One direction of a connection: messages take their time, keep their order, get lost and come twice. */
export interface Line {
  send(what: string, deliver: () => void): void;
  cut(): void;
}

export function createLine(
  parts: {
    readonly clock: Clock;
    readonly chance: Chance;
    readonly weather: Weather;
    readonly trace: Trace;
  },
  onCut: () => void,
): Line {
  const { clock, chance, weather, trace } = parts;
  let open = true;
  let earliest = 0;
  return {
    send(what, deliver) {
      if (!open) return;
      if (chance.hits(weather.cut)) {
        trace.fault('connection cut');
        onCut();
        return;
      }
      if (chance.hits(weather.lost)) {
        trace.fault('message lost');
        return;
      }
      const times = chance.hits(weather.doubled) ? 2 : 1;
      if (times === 2) trace.fault('message doubled');
      earliest = Math.max(earliest, clock.now() + chance.between(1, 40));
      for (let time = 0; time < times; time++)
        clock.after(earliest - clock.now(), () => {
          if (!open) return;
          trace.say(what);
          deliver();
        });
    },
    cut() {
      open = false;
    },
  };
}
