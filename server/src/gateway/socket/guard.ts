import { ConcordError, type Problem, toProblem } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import type { Reply } from '@concord/core/protocol/rooms';
import type { Logger } from '@concord/platform/observability/logger';
import type { Clock } from '@concord/platform/ports/clock';
import type { z } from 'zod';
import { RawJson } from './raw-json.ts';

/** Messages a connection may send: a burst, then so many a second. */
const BURST = 400;
const PER_SECOND = 200;

/** A token bucket for one connection. Throws `overloaded` when it is empty. */
export function createBucket(clock: Clock): () => void {
  let tokens = BURST;
  let at = clock.now();
  return () => {
    const now = clock.now();
    // A clock that was set back takes nothing away.
    tokens = Math.min(BURST, tokens + (Math.max(0, now - at) / 1000) * PER_SECOND);
    at = now;
    if (tokens < 1)
      throw new ConcordError(
        'overloaded',
        `More than ${PER_SECOND} messages a second on one connection. Send ops in batches.`,
      );
    tokens -= 1;
  };
}

/** An answer that is JSON already: `{"ok":true,…}`. */
export type Handled<T> = T | RawJson;

/** Wraps a handler: limits, parses, answers with a reply or a problem. Never throws; unknown failures are logged. */
export function guarded<S extends z.ZodType, T extends object>(
  schema: S,
  what: string,
  take: () => void,
  logger: Logger,
  handle: (message: z.output<S>) => Promise<Handled<T>>,
): (message: unknown, reply: unknown) => void {
  return (message, reply) => {
    const answer = typeof reply === 'function' ? (reply as (r: Reply<T> | RawJson) => void) : () => {};
    const work = async (): Promise<Reply<T> | RawJson> => {
      try {
        take();
        const result = await handle(parseInput(schema, message, what));
        return result instanceof RawJson ? result : { ok: true, ...result };
      } catch (error) {
        return { ok: false, problem: problemOf(error, what, logger) };
      }
    };
    void work().then(answer);
  };
}

/** What the sender is told; what nobody foresaw goes into the log. */
export function problemOf(error: unknown, what: string, logger: Logger): Problem {
  if (!(error instanceof ConcordError)) logger.error({ err: error, what }, 'a socket message failed');
  return toProblem(error);
}
