import type { RoomToServer, ServerToRoom } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import type { Audience } from '@concord/core/rooms/audience';
import type { Namespace, Socket } from 'socket.io';
import type { Outlet } from '../../rooms/index.ts';
import type { SocketData } from './connect.ts';
import { RawJson } from './raw-json.ts';

export type RoomSocket = Socket<RoomToServer, ServerToRoom, object, SocketData>;
export type RoomNamespace = Namespace<RoomToServer, ServerToRoom, object, SocketData>;

/** One socket.io room for each audience of a task: what is sent to it is encoded once and reaches exactly its members. */
export interface RoomChannels extends Outlet {
  /** The socket is in this audience's channel, and in no other of the task. */
  enter(socket: RoomSocket, task: TaskId, audience: Audience): void;
  quit(socket: RoomSocket, task: TaskId): void;
}

/** Clients of version 1 take one layer a message, and listen apart. */
const channelOf = (task: TaskId, audience: Audience, protocol: number) =>
  `A:${task}:${audience}${protocol < 2 ? ':1' : ''}`;

/** `onSent` hears how much was sent to each member of a channel. */
export function createRoomChannels(namespace: RoomNamespace, onSent: (bytes: number) => void): RoomChannels {
  const isEmpty = (channel: string) => !namespace.adapter.rooms.has(channel);
  // Each node sends to its own sockets. To one room, without exceptions: on uWebSockets.js that is its own publish.
  const to = (channel: string) => namespace.local.to(channel);

  function quit(socket: RoomSocket, task: TaskId): void {
    for (const room of socket.rooms) if (room.startsWith(`A:${task}:`)) void socket.leave(room);
  }

  function each(
    task: TaskId,
    audience: Audience,
    send: (channel: ReturnType<typeof to>, protocol: number) => void,
  ): void {
    for (const protocol of [1, 2]) {
      const channel = channelOf(task, audience, protocol);
      if (!isEmpty(channel)) send(to(channel), protocol);
    }
  }

  return {
    enter(socket, task, audience) {
      quit(socket, task);
      void socket.join(channelOf(task, audience, socket.data.protocol));
    },
    quit,
    ops(task, audience, batch) {
      const head = `{"task":${JSON.stringify(task)},`;
      each(task, audience, (channel, protocol) => {
        const texts =
          protocol < 2
            ? batch.map(({ text }) => head + text.slice(1))
            : [`${head}"batch":[${batch.map(({ text }) => text).join(',')}]}`];
        for (const text of texts) {
          channel.emit('room:ops', new RawJson(text) as never);
          onSent(text.length);
        }
      });
    },
    suggestions(audience, message) {
      each(message.task, audience, (channel) => channel.emit('room:suggestions', message));
    },
    presence(audience, message) {
      each(message.task, audience, (channel) => channel.volatile.emit('room:presence', message));
    },
  };
}
