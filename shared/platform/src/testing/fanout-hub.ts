import type { Fanout } from '../ports/fanout.ts';

interface Listener {
  readonly channel: string;
  readonly node: Fanout;
  readonly on: (message: string) => void;
  readonly onTuned: () => void;
}

/** Several nodes in one process, for tests: each call of it is one more node, which hears the others at once. */
export interface FanoutHub {
  (): Fanout;
  /** From here on messages are lost, and every node knows. */
  cut(): void;
  heal(): void;
}

export function createFanoutHub(): FanoutHub {
  const listeners = new Set<Listener>();
  let whole = true;
  const join = (): Fanout => {
    const node: Fanout = {
      publish(channel, message) {
        if (!whole) return;
        for (const other of [...listeners])
          if (other.channel === channel && other.node !== node) other.on(message);
      },
      subscribe(channel, on, onTuned = () => {}) {
        const listener = { channel, node, on, onTuned };
        listeners.add(listener);
        queueMicrotask(() => {
          if (whole && listeners.has(listener)) onTuned();
        });
        return () => {
          listeners.delete(listener);
        };
      },
      status: () => ({ reaching: whole, problem: whole ? null : 'the hub is cut' }),
      async close() {
        for (const listener of [...listeners]) if (listener.node === node) listeners.delete(listener);
      },
    };
    return node;
  };
  return Object.assign(join, {
    cut() {
      whole = false;
    },
    heal() {
      whole = true;
      for (const { onTuned } of [...listeners]) onTuned();
    },
  });
}
