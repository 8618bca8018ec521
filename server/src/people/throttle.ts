import { ConcordError } from '@concord/core/errors/concord-error';
import type { Clock } from '@concord/platform/ports/clock';

/** How many failures of one kind are allowed within the window. */
const limits = { pair: 5, name: 50, remote: 40 } as const;
const windowMs = 15 * 60_000;
/** Above this many keys the oldest are forgotten, so that made-up names cannot fill the memory. */
const maxKeys = 20_000;

interface Failures {
  count: number;
  until: number;
}

/**
 * Slows down guessing of passwords: five failures of one name from one address, forty of one address, fifty of one
 * name, in 15 minutes. Kept in this process's memory: with n servers a guesser gets n times as many tries.
 */
export interface Throttle {
  /** Throws `auth.too_many`, saying how long to wait. */
  check(name: string, remote: string): void;
  /** Counts a try; call it before the slow check, so that many guesses at once are not all let through. */
  failed(name: string, remote: string): void;
  /** A right password forgets the failures of this name from this address, and takes back its own count elsewhere. */
  succeeded(name: string, remote: string): void;
}

export function createThrottle(clock: Clock): Throttle {
  const failures = new Map<string, Failures>();

  const keysOf = (name: string, remote: string) =>
    [
      [`p ${name} ${remote}`, limits.pair],
      [`n ${name}`, limits.name],
      [`r ${remote}`, limits.remote],
    ] as const;

  function add(key: string): void {
    const now = clock.now();
    const known = failures.get(key);
    failures.delete(key);
    failures.set(
      key,
      known && known.until > now ? { ...known, count: known.count + 1 } : { count: 1, until: now + windowMs },
    );
    if (failures.size > maxKeys) {
      const oldest = failures.keys().next().value;
      if (oldest !== undefined) failures.delete(oldest);
    }
  }

  return {
    check(name, remote) {
      const now = clock.now();
      for (const [key, limit] of keysOf(name, remote)) {
        const known = failures.get(key);
        if (known && known.until > now && known.count >= limit) {
          const minutes = Math.max(1, Math.ceil((known.until - now) / 60_000));
          throw new ConcordError(
            'auth.too_many',
            `Too many failed sign-ins. Wait ${minutes} minute${minutes === 1 ? '' : 's'}, then try again.`,
          );
        }
      }
    },
    failed(name, remote) {
      for (const [key] of keysOf(name, remote)) add(key);
    },
    succeeded(name, remote) {
      failures.delete(`p ${name} ${remote}`);
      for (const key of [`n ${name}`, `r ${remote}`]) {
        const known = failures.get(key);
        if (known) failures.set(key, { ...known, count: known.count - 1 });
      }
    },
  };
}
