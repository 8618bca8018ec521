import type { LayerEntries } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import type { User } from '@concord/core/records/user';
import type { LayerState } from '@concord/core/rooms/state';
import type { Clock } from '@concord/platform/ports/clock';
import { createRidingAcks } from '../../client/src/session/riding-acks.ts';
import type { Answer, RoomListener, RoomTransport } from '../../client/src/session/transport.ts';
import type { Chance } from './chance.ts';
import type { ServerLife } from './server-life.ts';
import type { Trace } from './trace.ts';
import { createLine, type Line, type ServerEnd, type Weather } from './wire.ts';

const ANSWER_WITHIN_MS = 5_000;

/** Layers that were sent to a connection, for the check of blindness. */
export interface Sight {
  readonly user: string;
  readonly mode: 'annotate' | 'review';
  readonly task: string;
  readonly layer: string;
  readonly at: number;
}

/** Whether what was shown is another person's, or the group's. */
export function othersWork({ user, layer }: Pick<Sight, 'user' | 'layer'>): boolean {
  return layer !== user && !layer.startsWith('mdl_');
}

/** One person's connection: comes back by itself, as socket.io's does. */
export interface Link {
  readonly transport: RoomTransport;
  /** Cuts the connection, or only one to this life of a server; it comes back a little later. */
  cut(life?: ServerLife): void;
  /** Gone for good. */
  close(): void;
}

export interface LinkOptions {
  readonly user: User;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly trace: Trace;
  /** A server as it runs now; null while there is none. */
  readonly server: () => ServerLife | null;
  /** Whether there are several, so that what is sent may have been decided some time before. */
  readonly several: boolean;
  readonly onSight: (sight: Sight) => void;
  /** Every answer that arrived. */
  readonly onAnswer: (event: string, message: object, answer: { ok: boolean }) => void;
}

export function createLink(options: LinkOptions): Link {
  const { user, clock, chance, trace } = options;
  const listeners = new Map<TaskId, RoomListener>();
  const modes = new Map<string, 'annotate' | 'review'>();
  const pending = new Set<() => void>();
  let connection: { readonly end: ServerEnd; readonly life: ServerLife; up: Line; down: Line } | null = null;
  let closed = false;
  const acks = createRidingAcks(clock.after, ANSWER_WITHIN_MS);
  const copy = <T>(message: T): T => JSON.parse(JSON.stringify(message)) as T;

  function see(task: string, layer: string, at = clock.now()): void {
    options.onSight({ user: user.id, mode: modes.get(task) ?? 'annotate', task, layer, at });
  }
  /** Looked at when the server sends, whatever becomes of the message. */
  function watchSent(event: string, message: unknown): void {
    const sent = message as {
      task?: string;
      layers?: readonly LayerState[];
      batch?: readonly LayerEntries[];
      view?: { task: string };
    };
    // What one unit wrote was decided at one time, though the sending comes a little later.
    if (event === 'room:ops')
      for (const { layer, entries } of sent.batch ?? [])
        see(sent.task ?? '', layer, options.several ? clock.now() : entries.at(-1)?.at);
    if (event === 'room:state') for (const { layer } of sent.layers ?? []) see(sent.view?.task ?? '', layer);
  }

  function connect(): void {
    if (closed || connection !== null) return;
    const server = options.server();
    if (server === null || !server.life.alive()) {
      clock.after(chance.between(200, 600), connect);
      return;
    }
    const parts = { clock, chance, weather: options.weather, trace };
    const down = createLine(parts, () => drop());
    const up = createLine(parts, () => drop());
    const end = server.hub.accept(user, (event, message) => {
      if (!server.life.alive()) return;
      const sent = copy(message);
      watchSent(event, sent);
      down.send(`to ${user.id} ${event} ${JSON.stringify(sent)}`, () => hear(event, sent));
    });
    connection = { end, life: server, up, down };
    trace.say(`${user.id} connects`);
    for (const listener of [...listeners.values()]) listener.onUp();
  }

  function drop(): void {
    if (connection === null) return;
    const { end, life, up, down } = connection;
    connection = null;
    up.cut();
    down.cut();
    if (life.life.alive()) end.disconnect();
    trace.say(`${user.id} is cut off`);
    for (const lose of [...pending]) lose();
    acks.lost();
    for (const listener of [...listeners.values()]) listener.onDown(null);
    if (!closed) clock.after(chance.between(100, 1_500), connect);
  }

  function hear(event: string, message: unknown): void {
    const { task, view } = message as { task?: TaskId; view?: { task: TaskId } };
    const listener = listeners.get((task ?? view?.task) as TaskId);
    if (event === 'room:ops') {
      listener?.onOps(message as Parameters<RoomListener['onOps']>[0]);
      acks.heardOps(message as Parameters<RoomListener['onOps']>[0]);
    }
    if (event === 'room:acks') acks.heardAcks(message as Parameters<typeof acks.heardAcks>[0]);
    if (event === 'room:state') listener?.onState(message as Parameters<RoomListener['onState']>[0]);
  }

  function ask<T>(event: string, message: object): Promise<Answer<T>> {
    const at = connection;
    if (at === null) return Promise.resolve({ ok: 'lost' });
    return new Promise((done) => {
      let answered = false;
      const settle = (answer: Answer<T>) => {
        if (answered) return;
        answered = true;
        pending.delete(lose);
        cancel();
        done(answer);
      };
      const lose = () => settle({ ok: 'lost' });
      const cancel = clock.after(ANSWER_WITHIN_MS, lose);
      pending.add(lose);
      const sent = copy(message);
      at.up.send(`from ${user.id} ${event} ${JSON.stringify(sent)}`, () =>
        at.end.receive(event, sent, (answer) => {
          if (!at.life.life.alive()) return;
          const reply = copy(answer) as {
            ok: boolean;
            layers?: { layer: string }[];
            missed?: { layer: string }[];
          };
          const { task } = message as { task: string };
          for (const { layer } of [...(reply.layers ?? []), ...(reply.missed ?? [])]) see(task, layer);
          at.down.send(`answer ${user.id} ${event} ${JSON.stringify(reply)}`, () => {
            if (!answered) options.onAnswer(event, message, reply);
            settle(reply as Answer<T>);
          });
        }),
      );
    });
  }

  clock.after(chance.between(1, 200), connect);
  return {
    cut(life) {
      if (life === undefined || connection?.life === life) drop();
    },
    close() {
      closed = true;
      drop();
    },
    transport: {
      isUp: () => connection !== null,
      listen(task, listener) {
        listeners.set(task, listener);
        return () => {
          if (listeners.get(task) === listener) listeners.delete(task);
        };
      },
      join(message) {
        modes.set(message.task, message.mode);
        return ask('room:join', message);
      },
      async ops(message) {
        const at = connection;
        if (at === null) return { ok: 'lost' };
        const sent = copy(message);
        const answer = await acks.ask(message, () =>
          at.up.send(`from ${user.id} room:ops ${JSON.stringify(sent)}`, () =>
            at.end.receive('room:ops', sent),
          ),
        );
        if (answer.ok !== 'lost') options.onAnswer('room:ops', message, answer);
        return answer;
      },
      submit: (message) => ask('room:submit', message),
      withdraw: (message) => ask('room:withdraw', message),
      skip: (message) => ask('room:skip', message),
      resolve: (message) => ask('room:resolve', message),
      presence() {},
      leave: (message) => void ask('room:leave', message),
    },
  };
}
