import type { LiveToServer, LiveUpdate, ServerToLive } from '@concord/core/protocol/live';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { Socket } from 'socket.io-client';
import { createSignal } from 'solid-js';
import { createTopicCounts } from './topics.ts';

type LiveSocket = Socket<ServerToLive, LiveToServer>;
interface Listener {
  readonly hear: (update: LiveUpdate) => void;
  readonly onSubscribed: (() => void) | undefined;
}

const topics = createTopicCounts();
const listeners = new Map<string, Set<Listener>>();
let socket: Promise<LiveSocket> | null = null;

/** Whether lists move by themselves right now. Starts true, so that nothing alarms before the first connection. */
const [connected, setConnected] = createSignal(true);
export const liveConnected = connected;

async function open(): Promise<LiveSocket> {
  const { io } = await import('socket.io-client');
  const made: LiveSocket = io('/live', {
    transports: ['websocket'],
    auth: { protocol: PROTOCOL_VERSION },
    reconnectionDelay: 500,
    reconnectionDelayMax: 8000,
  });
  made.on('connect', () => {
    setConnected(true);
    subscribe(made, topics.all());
  });
  made.on('disconnect', () => setConnected(false));
  made.on('connect_error', () => setConnected(false));
  made.on('live:update', (update) => {
    for (const { hear } of listeners.get(update.topic) ?? []) hear(update);
  });
  made.on('live:missed', () => fetchAgain(topics.all()));
  return made;
}

/** What moved between a list's fetch and this moment was heard by nobody: the lists are told to fetch it. */
function subscribe(to: LiveSocket, names: readonly string[]): void {
  if (names.length === 0) return;
  to.emit('live:subscribe', { topics: [...names] }, () => fetchAgain(names));
}

function fetchAgain(names: readonly string[]): void {
  for (const name of names) for (const { onSubscribed } of listeners.get(name) ?? []) onSubscribed?.();
}

/**
 * Calls `hear` with every update of a topic until the returned function is called. Nothing is replayed: fetch the list
 * first, and again in `onSubscribed`, which comes with every (new) subscription and when the server lost updates.
 */
export function listen(topic: string, hear: Listener['hear'], onSubscribed?: () => void): () => void {
  socket ??= open();
  const listener: Listener = { hear, onSubscribed };
  const set = listeners.get(topic) ?? new Set();
  listeners.set(topic, set.add(listener));
  if (topics.add(topic))
    void socket.then((s) => {
      if (s.connected && topics.all().includes(topic)) subscribe(s, [topic]);
    });
  return () => {
    set.delete(listener);
    if (topics.remove(topic))
      void socket?.then((s) => {
        if (s.connected && !topics.all().includes(topic))
          s.emit('live:unsubscribe', { topics: [topic] }, () => {});
      });
  };
}
