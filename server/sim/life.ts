import type { Clock } from '@concord/platform/ports/clock';

/**
 * One life of a process. Once it has ended nothing it waits for ever answers and none of its timers run: what a killed
 * process would have done next does not happen.
 */
export interface Life {
  readonly alive: () => boolean;
  end(): void;
  /** Does the work and hands over its outcome, if this life lasts that long. */
  through<T>(work: () => Promise<T>): Promise<T>;
  readonly clock: Clock;
}

export function createLife(clock: Clock): Life {
  let alive = true;
  const never = <T>() => new Promise<T>(() => {});
  return {
    alive: () => alive,
    end() {
      alive = false;
    },
    async through<T>(work: () => Promise<T>): Promise<T> {
      if (!alive) return never<T>();
      try {
        const outcome = await work();
        return alive ? outcome : never<T>();
      } catch (error) {
        if (!alive) return never<T>();
        throw error;
      }
    },
    clock: {
      now: clock.now,
      after: (ms, run) =>
        clock.after(ms, () => {
          if (alive) run();
        }),
    },
  };
}

/** Every method of a port, but through this life. */
export function within<T extends object>(life: Life, port: T, own: Partial<T>): T {
  return new Proxy(port, {
    get(target, name, receiver) {
      const mine: unknown = Reflect.get(own, name);
      if (mine !== undefined) return mine;
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => life.through(async () => value.apply(target, args));
    },
  });
}
