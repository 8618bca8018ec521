import type { Reply } from '@concord/core/protocol/rooms';
import type { Role, User } from '@concord/core/records/user';
import { io, type Socket } from 'socket.io-client';
import type { TestServer } from './server.ts';

/** Somebody with a connection to a namespace, and what they heard on it. */
export interface RoomPerson {
  readonly user: User;
  readonly key: string;
  readonly socket: Socket;
  readonly heard: [event: string, message: unknown][];
  ask<T>(event: string, message: unknown): Promise<Reply<T>>;
}

let made = 0;

/** Connects a new user, or one more connection of `as`. */
export async function connectPerson(
  server: TestServer,
  {
    role = 'annotator',
    namespace = '/rooms',
    protocol = 2,
    as,
  }: {
    readonly role?: Role;
    readonly namespace?: string;
    readonly protocol?: number;
    readonly as?: Pick<RoomPerson, 'user' | 'key'>;
  } = {},
): Promise<RoomPerson> {
  made += 1;
  const { user, key } = as ?? (await server.addUser(`person-${made}`, role));
  const socket = io(server.url + namespace, {
    transports: ['websocket'],
    auth: { token: key, protocol },
    forceNew: true,
    reconnection: false,
  });
  const heard: [string, unknown][] = [];
  socket.onAny((event: string, message: unknown) => heard.push([event, message]));
  return {
    user,
    key,
    socket,
    heard,
    ask: (event, message) => socket.timeout(20_000).emitWithAck(event, message),
  };
}
