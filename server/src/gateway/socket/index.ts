import { type DefaultEventsMap, Server } from 'socket.io';
import type { Platform } from '../../platform.ts';
import type { Engine } from '../engine/index.ts';
import { authenticate, type SocketData } from './connect.ts';
import { serveLive } from './live-namespace.ts';
import { rawJsonParser } from './raw-json.ts';
import { endRevoked } from './revocations.ts';
import { type RoomGatewayParts, serveRooms } from './rooms-namespace.ts';

/** A batch of 500 ops with large shapes fits well; a client that sends more is cut off. */
const MOST_BYTES = 8 * 1024 * 1024;

export interface SocketGateway {
  /** Closes all connections; clients come back by themselves. */
  close(how: 'clean' | 'abrupt'): Promise<void>;
}

/** socket.io on the server's own port: websocket only, JSON, no compression (messages are small). */
export function createSocketGateway(
  engine: Engine,
  platform: Platform,
  parts: RoomGatewayParts,
  publicUrl: string | null,
): SocketGateway {
  const io = new Server<DefaultEventsMap, DefaultEventsMap, object, SocketData>({
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: MOST_BYTES,
    perMessageDeflate: false,
    parser: rawJsonParser,
    pingInterval: 10_000,
    pingTimeout: 10_000,
  });
  engine.attach(io);
  const check = authenticate(parts.people, () => [publicUrl, ...parts.nodes.addresses()]);
  const roomsNamespace = io.of('/rooms');
  const liveNamespace = io.of('/live');
  for (const namespace of [roomsNamespace, liveNamespace]) namespace.use(check);
  serveRooms(roomsNamespace, platform, parts);
  const stopLive = serveLive(liveNamespace, platform, parts.projects);
  const stopRevoked = endRevoked([roomsNamespace, liveNamespace], parts.people, parts.nodes, platform.logger);
  return {
    async close() {
      stopLive();
      stopRevoked();
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}
