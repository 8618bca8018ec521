import type { Fanout } from '../ports/fanout.ts';

interface Listener {
  readonly channel: string;
  readonly node: Fanout;
  readonly on: (message: string) => void;
}

/** Several nodes in one process, for tests: each call of what it returns is one more, and hears the others at once. */
export function createFanoutHub(): () => Fanout {
  const listeners = new Set<Listener>();
  return () => {
    const node: Fanout = {
      publish(channel, message) {
        for (const other of [...listeners])
          if (other.channel === channel && other.node !== node) other.on(message);
      },
      subscribe(channel, on) {
        const listener = { channel, node, on };
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
      socketAdapter: () => null,
      async close() {
        for (const listener of [...listeners]) if (listener.node === node) listeners.delete(listener);
      },
    };
    return node;
  };
}
