import { ConcordError } from '@concord/core/errors/concord-error';
import type { Socket } from 'socket.io';
import type { Allowance } from './allowance.ts';
import type { ProblemOf } from './guard.ts';

/** Answers events that nobody listens for, which socket.io lets pass in silence [PR8]. */
export function refuseUnknown(socket: Socket, allowance: Allowance, problemOf: ProblemOf): void {
  socket.onAny((event: string | number, ...rest: readonly unknown[]) => {
    if (typeof event === 'string' && socket.listenerCount(event) > 0) return;
    const reply = rest.at(-1);
    try {
      allowance.message();
      const known = socket.eventNames().filter((name) => name !== 'disconnect');
      throw new ConcordError('input.invalid', 'There is no such event.', [
        {
          path: 'event',
          message: 'unknown event',
          value: String(event).slice(0, 80),
          remedy: `Use one of: ${known.join(', ')}.`,
        },
      ]);
    } catch (error) {
      const problem = problemOf(error, 'unknown');
      if (typeof reply === 'function') reply({ ok: false, problem });
    }
  });
}
