import type { Server as SocketServer } from 'socket.io';
import { mostWaitingBytes } from './engine.ts';

/** What we use of an Engine.IO connection on ws. */
interface Connection {
  readonly transport: {
    readonly writable: boolean;
    readonly socket: { readonly bufferedAmount: number; terminate(): void };
  };
  on(event: 'packetCreate', run: (this: Connection, packet: { readonly data?: string }) => void): void;
  on(event: 'flush', run: (this: Connection) => void): void;
}

/**
 * Engine.IO lets messages pile up without end before a receiver that doesn't take them. Here a message for a receiver that
 * is too far behind ends its connection. The listeners are the same for all connections: thousands of them shall not
 * each keep closures.
 */
export function cutOffSlowReceivers(io: SocketServer): void {
  /** Bytes in Engine.IO's own queue, of those who are behind. What it handed to ws is counted by ws. */
  const queued = new WeakMap<Connection, number>();

  function onPacket(this: Connection, packet: { readonly data?: string }): void {
    if (this.transport.writable) return;
    const bytes = queued.get(this) ?? 0;
    if (bytes + this.transport.socket.bufferedAmount > mostWaitingBytes) this.transport.socket.terminate();
    queued.set(this, bytes + (packet.data?.length ?? 0));
  }
  function onFlush(this: Connection): void {
    queued.delete(this);
  }

  io.engine.on('connection', (connection: Connection) => {
    connection.on('packetCreate', onPacket);
    connection.on('flush', onFlush);
  });
}
