import type { LiveToServer, LiveUpdate, ServerToLive } from '@concord/core/protocol/live';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { Socket } from 'socket.io-client';
import { createSignal } from 'solid-js';
import { createTopicCounts } from './topics.ts';

type LiveSocket = Socket<ServerToLive, LiveToServer>;
type Listener = (update: LiveUpdate) => void;

const topics = createTopicCounts();
const listeners = new Map<string, Set<Listener>>();
const resumed = new Set<() => void>();
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
  let before = false;
  made.on('connect', () => {
    setConnected(true);
    const wanted = topics.all();
    if (wanted.length > 0) made.emit('live:subscribe', { topics: [...wanted] }, () => {});
    // What moved while the connection was away is fetched anew.
    if (before) for (const again of resumed) again();
    before = true;
  });
  made.on('disconnect', () => setConnected(false));
  made.on('connect_error', () => setConnected(false));
  made.on('live:update', (update) => {
    for (const listener of listeners.get(update.topic) ?? []) listener(update);
  });
  return made;
}

/**
 * Calls `listener` with every update of a topic until the returned function is called.
 * Nothing is replayed: fetch the list first, and again in `onResume`.
 */
export function listen(topic: string, listener: Listener, onResume?: () => void): () => void {
  socket ??= open();
  const set = listeners.get(topic) ?? new Set();
  listeners.set(topic, set.add(listener));
  if (onResume) resumed.add(onResume);
  if (topics.add(topic))
    void socket.then((s) => {
      if (s.connected && topics.all().includes(topic))
        s.emit('live:subscribe', { topics: [topic] }, () => {});
    });
  return () => {
    set.delete(listener);
    if (onResume) resumed.delete(onResume);
    if (topics.remove(topic))
      void socket?.then((s) => {
        if (s.connected && !topics.all().includes(topic))
          s.emit('live:unsubscribe', { topics: [topic] }, () => {});
      });
  };
}
