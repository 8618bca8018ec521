import type { Clock } from '@concord/platform/ports/clock';
import type { Socket, Server as SocketServer } from 'socket.io';
import type { Handle } from './exchange.ts';

/** A socket's connection, which its namespaces share. */
export type Connection = Socket['conn'];

/** What carries HTTP and sockets on one port. Both behave the same; uws costs less. */
export interface Engine {
  readonly name: EngineName;
  /** Sockets on the same port; before it listens. */
  attach(io: SocketServer): void;
  /** Bytes that wait for the receiver of a connection; 0 once it is closed. */
  waitingBytes(connection: Connection): number;
  /** Ends a connection at once, without a word. */
  cut(connection: Connection): void;
  /** The port, which the system chooses for 0. Rejects with the system's error code. */
  listen(host: string, port: number, handle: Handle): Promise<number>;
  /** Takes no new connections, lets calls that run go on for a while, then cuts what is left (streams never end). */
  close(lastCallsMs: number): Promise<void>;
}

export type EngineName = 'uws' | 'ws';

export interface EngineParts {
  readonly clock: Clock;
}

/** How long a body may take to arrive, in ms. */
export const bodyTimeoutMs = 3_600_000;
