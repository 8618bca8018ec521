import type { JoinReply, OpsReply, Reply, RoomView } from '@concord/core/protocol/rooms';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { WireEntry } from '@concord/core/rooms/op';
import { io, type Socket } from 'socket.io-client';

/** Somebody's bare connection to the rooms of one server: asks, and keeps everything it hears. */
export interface Visitor {
  readonly userId: string;
  readonly socket: Socket;
  readonly heard: readonly [event: string, message: unknown][];
  ask<T>(event: string, message: object): Promise<Reply<T>>;
  /** Joins; throws where the server refuses. */
  join(task: string, mode?: 'annotate' | 'review', fields?: object): Promise<JoinReply>;
  /** Sends one op on a layer, numbered by itself. */
  op(task: string, layer: string, op: object): Promise<OpsReply>;
  submit(task: string): Promise<void>;
  /** Entries heard of a task, by layer. */
  entries(task: string): Map<string, WireEntry[]>;
  /** The newest view heard of a task. */
  view(task: string): RoomView | undefined;
  close(): void;
}

let made = 0;

export function visit(
  url: string,
  { user, key }: { readonly user: { readonly id: string }; readonly key: string },
  protocol: number = PROTOCOL_VERSION,
): Visitor {
  const client = `visitor-${++made}`;
  const counters = new Map<string, number>();
  const auth = { token: key, protocol };
  const socket = io(`${url}/rooms`, { transports: ['websocket'], auth, forceNew: true, reconnection: false });
  const heard: [string, unknown][] = [];
  socket.onAny((event: string, message: unknown) => heard.push([event, message]));
  const ask = async <T>(event: string, message: object) =>
    (await socket.timeout(20_000).emitWithAck(event, message)) as Reply<T>;
  async function mustAsk<T>(event: string, message: object): Promise<T> {
    const reply = await ask<T>(event, message);
    if (!reply.ok) throw new Error(`${event} was refused: ${JSON.stringify(reply.problem)}`);
    return reply;
  }
  const next = (task: string) => {
    const n = (counters.get(task) ?? 0) + 1;
    counters.set(task, n);
    return n;
  };
  return {
    userId: user.id,
    socket,
    heard,
    ask,
    join: (task, mode = 'annotate', fields = {}) => mustAsk('room:join', { task, mode, client, ...fields }),
    op: (task, layer, op) => mustAsk('room:ops', { task, client, ops: [{ n: next(task), layer, op }] }),
    async submit(task) {
      await mustAsk('room:submit', { task, client, n: next(task) });
    },
    entries(task) {
      const byLayer = new Map<string, WireEntry[]>();
      for (const [event, message] of heard) {
        const news = message as { task: string; batch?: { layer: string; entries: WireEntry[] }[] };
        if (event !== 'room:ops' || news.task !== task) continue;
        for (const { layer, entries } of news.batch ?? [])
          byLayer.set(layer, [...(byLayer.get(layer) ?? []), ...entries]);
      }
      return byLayer;
    },
    view(task) {
      const views = heard.flatMap(([event, message]) =>
        event === 'room:state' ? [(message as { view: RoomView }).view] : [],
      );
      return views.findLast((view) => view.task === task);
    },
    close: () => socket.disconnect(),
  };
}
