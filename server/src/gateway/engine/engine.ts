import type { Clock } from '@concord/platform/ports/clock';
import type { Server as SocketServer } from 'socket.io';
import type { Handle } from './exchange.ts';

/** What carries HTTP and sockets on one port. Both behave the same; uws costs less. */
export interface Engine {
  readonly name: EngineName;
  /** Sockets on the same port; before it listens. */
  attach(io: SocketServer): void;
  /** The port, which the system chooses for 0. Rejects with the system's error code. */
  listen(host: string, port: number, handle: Handle): Promise<number>;
  /** Takes no new connections, lets calls that run go on for a while, then cuts what is left (streams never end). */
  close(lastCallsMs: number): Promise<void>;
}

export type EngineName = 'uws' | 'ws';

export interface EngineParts {
  readonly clock: Clock;
}

/**
 * The most that may wait for one socket's receiver, in bytes: as much as the largest message, so that one snapshot on
 * its way cuts nobody off. Who falls further behind is cut off and comes back with the sequence number it has; leaving
 * messages out instead would be a gap that nobody sees.
 */
export const mostWaitingBytes = 8 * 1024 * 1024;

/** How long a body may take to arrive, in ms. */
export const bodyTimeoutMs = 3_600_000;
