import { ConcordError } from '@concord/core/errors/concord-error';
import { type Rate, socketLimits } from '@concord/core/protocol/limits';
import type { Clock } from '@concord/platform/ports/clock';

/** What one connection may still send [PR21] [PR22]. */
export interface Allowance {
  /** A message came. Throws `overloaded` for one too many, and for one whose bytes are too many. */
  message(): void;
  /** It holds so many ops. Throws `overloaded` when they are too many; then none is taken. */
  ops(count: number): void;
  /** So many bytes came, of whatever kind. */
  bytes(count: number): void;
}

/** `onFlood`: it goes on in spite of what it is told. */
export function createAllowance(clock: Clock, onFlood: () => void): Allowance {
  const messages = createBucket(clock, socketLimits.messages);
  const ops = createBucket(clock, socketLimits.ops);
  const bytes = createBucket(clock, socketLimits.bytes);
  const patience = createBucket(clock, {
    burst: socketLimits.refusals,
    perSecond: socketLimits.messages.perSecond,
  });

  function refuse(what: string, { burst, perSecond }: Rate, remedy: string): never {
    if (!patience.take(1)) onFlood();
    throw new ConcordError('overloaded', `More than ${perSecond} ${what} a second on one connection.`, [
      { path: what, message: `at most ${burst} at once and ${perSecond} a second`, value: perSecond, remedy },
    ]);
  }

  return {
    message() {
      if (!messages.take(1)) refuse('messages', socketLimits.messages, 'Send ops in batches.');
      if (bytes.left() < 0) refuse('bytes', socketLimits.bytes, 'Wait a little, then send again.');
    },
    ops(count) {
      if (!ops.take(count)) refuse('ops', socketLimits.ops, 'Wait a little, then send them again.');
    },
    bytes(count) {
      bytes.charge(count);
      // What was read cannot be given back: who is this far over does not stop by being told.
      if (bytes.left() < -2 * socketLimits.bytes.burst) onFlood();
    },
  };
}

/** Tokens that come back with time. */
function createBucket(clock: Clock, { burst, perSecond }: Rate) {
  let tokens = burst;
  let at = clock.now();
  function left(): number {
    const now = clock.now();
    // A clock that was set back takes nothing away.
    tokens = Math.min(burst, tokens + (Math.max(0, now - at) / 1000) * perSecond);
    at = now;
    return tokens;
  }
  return {
    left,
    /** Whether there were so many; then they are gone. */
    take(count: number): boolean {
      if (left() < count) return false;
      tokens -= count;
      return true;
    },
    charge(count: number): void {
      left();
      tokens -= count;
    },
  };
}
