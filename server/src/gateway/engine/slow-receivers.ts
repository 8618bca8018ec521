import { socketLimits } from '@concord/core/protocol/limits';
import type { Server as SocketServer } from 'socket.io';
import type { Connection } from './engine.ts';

/** What we use of an Engine.IO connection on ws. */
interface WsConnection {
  readonly readyState: string;
  readonly transport: {
    readonly writable: boolean;
    readonly socket: { readonly bufferedAmount: number; terminate(): void };
  };
  on(event: 'packetCreate', run: (this: WsConnection, packet: { readonly data?: string }) => void): void;
  on(event: 'flush', run: (this: WsConnection) => void): void;
}

/** Bytes in Engine.IO's own queue, of those who are behind. What it handed to ws is counted by ws. */
const queued = new WeakMap<WsConnection, number>();

const waitingIn = (connection: WsConnection): number =>
  (queued.get(connection) ?? 0) + connection.transport.socket.bufferedAmount;

/** What waits for the receiver of a connection on ws. */
export function waitingOnWs(connection: Connection): number {
  const own = connection as unknown as WsConnection;
  return own.readyState === 'open' ? waitingIn(own) : 0;
}

/** Ends a connection on ws at once. */
export function cutOnWs(connection: Connection): void {
  (connection as unknown as WsConnection).transport.socket.terminate();
}

/**
 * Engine.IO lets messages pile up without end before a receiver that doesn't take them. Here a message for a receiver that
 * is too far behind ends its connection. The listeners are the same for all connections: thousands of them shall not
 * each keep closures.
 */
export function cutOffSlowReceivers(io: SocketServer): void {
  function onPacket(this: WsConnection, packet: { readonly data?: string }): void {
    if (this.transport.writable) return;
    if (waitingIn(this) > socketLimits.waitingBytes) this.transport.socket.terminate();
    queued.set(this, (queued.get(this) ?? 0) + (packet.data?.length ?? 0));
  }
  function onFlush(this: WsConnection): void {
    queued.delete(this);
  }

  io.engine.on('connection', (connection: WsConnection) => {
    connection.on('packetCreate', onPacket);
    connection.on('flush', onFlush);
  });
}
