import { ConcordError } from '@concord/core/errors/concord-error';
import { socketLimits } from '@concord/core/protocol/limits';
import type { Metrics } from '@concord/platform/observability/metrics';
import { type DefaultEventsMap, Server } from 'socket.io';
import type { Platform } from '../../platform.ts';
import type { Engine } from '../engine/index.ts';
import { createAccountSockets } from './account-sockets.ts';
import { createAllowances } from './allowances.ts';
import { authenticate, refusal, type SocketData } from './connect.ts';
import { serveLive } from './live-namespace.ts';
import { createProblems } from './problems.ts';
import { rawJsonParser } from './raw-json.ts';
import { endRevoked } from './revocations.ts';
import { type RoomGatewayParts, serveRooms } from './rooms-namespace.ts';
import { createSlowMembers } from './slow-members.ts';
import { refuseUnknown } from './unknown-events.ts';

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
  metrics: Metrics,
): SocketGateway {
  const io = new Server<DefaultEventsMap, DefaultEventsMap, object, SocketData>({
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: socketLimits.messageBytes,
    perMessageDeflate: false,
    parser: rawJsonParser,
    pingInterval: 10_000,
    pingTimeout: 10_000,
  });
  engine.attach(io);
  const problemOf = createProblems(platform, metrics);
  const allowanceOf = createAllowances(io, engine, platform.clock, metrics);
  const slow = createSlowMembers(platform.clock);
  metrics.gauge(
    'concord_slow_receivers',
    'Connections that are sent no more of their rooms for now',
    [],
    () => slow.behind(),
  );
  const accounts = createAccountSockets();
  const check = authenticate(
    parts.people,
    () => [publicUrl, ...parts.nodes.addresses()],
    accounts,
    problemOf,
  );
  io.use((_socket, next) => next(refusal(problemOf(noNamespace(), 'connect'))));
  const roomsNamespace = io.of('/rooms');
  const liveNamespace = io.of('/live');
  for (const namespace of [roomsNamespace, liveNamespace]) {
    namespace.use(check);
    namespace.on('connection', (socket) => refuseUnknown(socket, allowanceOf(socket.conn), problemOf));
  }
  const surroundings = { allowanceOf, problemOf };
  serveRooms(roomsNamespace, platform, parts, { ...surroundings, slow, waitingBytes: engine.waitingBytes });
  const stopLive = serveLive(liveNamespace, platform, parts.projects, surroundings);
  const stopRevoked = endRevoked([roomsNamespace, liveNamespace], parts.people, parts.nodes, platform.logger);
  return {
    async close() {
      stopLive();
      stopRevoked();
      slow.stop();
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}

/** What is in socket.io's own namespace: nobody. */
const noNamespace = () =>
  new ConcordError('not_found', 'There is nothing here. Connect to /rooms or /live.', [
    { path: 'namespace', message: 'is not served', value: '/', remedy: 'Connect to /rooms or /live.' },
  ]);
