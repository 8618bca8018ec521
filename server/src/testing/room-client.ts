import type { LiveToServer, ServerToLive } from '@concord/core/protocol/live';
import type { Reply, RoomToServer, ServerToRoom } from '@concord/core/protocol/rooms';
import type { ClientOp } from '@concord/core/rooms/op';
import { io, type Socket } from 'socket.io-client';

type Heard = readonly [event: string, message: unknown];

/** Somebody's connection to rooms, and everything it was ever sent. */
export interface RoomClient {
  readonly socket: Socket<ServerToRoom, RoomToServer>;
  readonly heard: readonly Heard[];
  ask<T = Record<string, unknown>>(event: keyof RoomToServer, message: object): Promise<Reply<T & object>>;
  /** Enters a room under a client id of its own; throws when refused. */
  enter(task: string, mode?: 'annotate' | 'review'): Promise<Record<string, unknown>>;
  /** Sends ops to one layer, numbered on; the reply's `acked` and `refused`. */
  put(
    task: string,
    layer: string,
    ...ops: readonly ClientOp[]
  ): Promise<{ acked: unknown[]; refused: unknown[] }>;
  submit(task: string): Promise<Reply<Record<string, unknown>>>;
  /** The next `n`, for messages that count. */
  next(): number;
  readonly client: string;
}

const answerWithinMs = 10_000;

export function connectRooms(url: string, key: string, client: string): RoomClient {
  const socket: RoomClient['socket'] = io(`${url}/rooms`, {
    transports: ['websocket'],
    auth: { token: key, protocol: 1 },
    forceNew: true,
    reconnection: false,
  });
  const heard: Heard[] = [];
  socket.onAny((event: string, message: unknown) => heard.push([event, message]));
  let n = 0;

  async function ask<T>(event: keyof RoomToServer, message: object): Promise<Reply<T & object>> {
    const reply = (await socket
      .timeout(answerWithinMs)
      .emitWithAck(event as 'room:join', message as never)) as Reply<T & object>;
    heard.push([`${event} answered`, reply]);
    return reply;
  }
  async function must<T>(event: keyof RoomToServer, message: object): Promise<T & object> {
    const reply = await ask<T>(event, message);
    if (!reply.ok) throw new Error(JSON.stringify(reply.problem));
    return reply;
  }
  return {
    socket,
    heard,
    client,
    ask,
    next: () => ++n,
    enter: (task, mode = 'annotate') => must('room:join', { task, mode, client }),
    put: (task, layer, ...ops) =>
      must('room:ops', { task, client, ops: ops.map((op) => ({ n: ++n, layer, op })) }),
    submit: (task) => ask('room:submit', { task, client, n: ++n }),
  };
}

/** A connection to live topics that notes what it hears. Throws when a topic is refused. */
export async function connectLive(
  url: string,
  key: string,
  topics: readonly string[],
): Promise<{ readonly socket: Socket<ServerToLive, LiveToServer>; readonly heard: readonly unknown[] }> {
  const socket: Socket<ServerToLive, LiveToServer> = io(`${url}/live`, {
    transports: ['websocket'],
    auth: { token: key, protocol: 1 },
    forceNew: true,
    reconnection: false,
  });
  const heard: unknown[] = [];
  socket.on('live:update', (update) => heard.push(update));
  const reply = await socket.timeout(answerWithinMs).emitWithAck('live:subscribe', { topics: [...topics] });
  if (!reply.ok) throw new Error(JSON.stringify(reply.problem));
  return { socket, heard };
}
