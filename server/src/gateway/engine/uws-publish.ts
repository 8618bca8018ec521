import type { Server as SocketServer } from 'socket.io';
import type { UwsRequest, UwsResponse, UwsSocket } from './uws.ts';

/** What socket.io needs of an app. */
export interface SocketApp {
  any(pattern: string, handle: (response: UwsResponse, request: UwsRequest) => void): SocketApp;
  ws(pattern: string, behavior: object): SocketApp;
  publish(topic: string, message: string | Uint8Array, isBinary: boolean): boolean;
}

/** What we use of socket.io's in-memory adapter, on which all others stand. */
interface Adapter {
  readonly nsp: {
    readonly name: string;
    readonly server: object;
    readonly sockets: ReadonlyMap<string, Member>;
    readonly _preConnectSockets: ReadonlyMap<string, Member>;
  };
  readonly encoder: { encode(packet: Packet): (string | Uint8Array)[] };
  /** Rooms by connection, connections by room. */
  readonly sids: Map<string, Set<string>>;
  readonly rooms: Map<string, Set<string>>;
  addAll(id: string, rooms: Set<string>): void;
  del(id: string, room: string): void;
  delAll(id: string): void;
  broadcast(packet: Packet, options: BroadcastOptions): void;
}
/** A connection's part in a namespace. */
interface Member {
  readonly conn: { readonly readyState: string; readonly transport: { readonly socket: UwsSocket } };
}
interface Packet {
  nsp: string;
}
interface BroadcastOptions {
  readonly rooms: Set<string>;
  readonly except?: Set<string>;
  readonly flags?: { readonly volatile?: boolean };
}

/** Servers on uws, with their app. Several may live in one process, beside others on ws. */
const apps = new WeakMap<object, SocketApp>();
const prepared = new WeakSet<object>();

const topicOf = (adapter: Adapter, room: string) => `${adapter.nsp.name}\x1f${room}`;
/** Engine.IO's mark of a message. */
const framed = (packet: string | Uint8Array) => (typeof packet === 'string' ? `4${packet}` : packet);

/**
 * Puts a socket.io server on a uws app: rooms become its topics, and an emit to one room is encoded once and published by
 * uws. What keeps an emit on that path is that it names at most one room and excludes nobody (`namespace.to(room).emit`):
 * `socket.to(room)`, `.except()`, several rooms and acknowledgements go to each member in turn, at four times the price.
 *
 * socket.io does this by a patch of its adapter that knows one app a process, forgets a connection's topics when it leaves a
 * namespace but stays connected for another (it would go on hearing rooms it has left), and has no volatile. So its
 * patch is taken back and this one takes its place. It is of the prototype as well: the adapters for several servers
 * inherit from it and call it.
 */
export function attachNatively(io: SocketServer, app: SocketApp): void {
  const prototype = (io.adapter() as unknown as { prototype: Adapter }).prototype;
  const before = pick(prototype);
  io.attachApp(app);
  Object.assign(prototype, before);
  apps.set(io, app);
  prepare(prototype);
}

function prepare(prototype: Adapter): void {
  if (prepared.has(prototype)) return;
  prepared.add(prototype);
  const plain = pick(prototype);

  prototype.addAll = function (this: Adapter, id, rooms) {
    const isNew = !this.sids.has(id);
    plain.addAll.call(this, id, rooms);
    const socket = connectionOf(this, id);
    if (isNew) socket?.subscribe(this.nsp.name);
    for (const room of rooms) socket?.subscribe(topicOf(this, room));
  };
  prototype.del = function (this: Adapter, id, room) {
    plain.del.call(this, id, room);
    connectionOf(this, id)?.unsubscribe(topicOf(this, room));
  };
  prototype.delAll = function (this: Adapter, id) {
    const socket = connectionOf(this, id);
    socket?.unsubscribe(this.nsp.name);
    for (const room of this.sids.get(id) ?? []) socket?.unsubscribe(topicOf(this, room));
    plain.delAll.call(this, id);
  };
  prototype.broadcast = function (this: Adapter, packet, options) {
    const app = apps.get(this.nsp.server);
    if (app === undefined || options.rooms.size > 1 || (options.except?.size ?? 0) > 0) {
      plain.broadcast.call(this, packet, options);
      return;
    }
    packet.nsp = this.nsp.name;
    const [room] = options.rooms;
    for (const encoded of this.encoder.encode(packet)) {
      const isBinary = typeof encoded !== 'string';
      if (options.flags?.volatile === true) sendToReady(this, room, framed(encoded), isBinary);
      else app.publish(room === undefined ? this.nsp.name : topicOf(this, room), framed(encoded), isBinary);
    }
  };
}

const pick = ({ addAll, del, delAll, broadcast }: Adapter) => ({ addAll, del, delAll, broadcast });

/** Volatile: whoever is behind does without. */
function sendToReady(
  adapter: Adapter,
  room: string | undefined,
  message: string | Uint8Array,
  isBinary: boolean,
): void {
  for (const id of room === undefined ? adapter.sids.keys() : (adapter.rooms.get(room) ?? [])) {
    const socket = connectionOf(adapter, id);
    if (socket?.getBufferedAmount() === 0) socket.send(message, isBinary);
  }
}

/** The websocket of a connection, where it is on uws and open. */
function connectionOf(adapter: Adapter, id: string): UwsSocket | null {
  if (!apps.has(adapter.nsp.server)) return null;
  const socket = adapter.nsp.sockets.get(id) ?? adapter.nsp._preConnectSockets.get(id);
  return socket?.conn.readyState === 'open' ? socket.conn.transport.socket : null;
}
