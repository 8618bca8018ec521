import { ConcordError, toProblem } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import type { Reply } from '@concord/core/protocol/rooms';
import type { Logger } from '@concord/platform/observability/logger';
import type { Clock } from '@concord/platform/ports/clock';
import type { z } from 'zod';

/** Messages a connection may send: a burst, then so many a second. */
const BURST = 400;
const PER_SECOND = 200;

/** A token bucket for one connection. Throws `overloaded` when it is empty. */
export function createBucket(clock: Clock): () => void {
  let tokens = BURST;
  let at = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(BURST, tokens + ((now - at) / 1000) * PER_SECOND);
    at = now;
    if (tokens < 1)
      throw new ConcordError(
        'overloaded',
        `More than ${PER_SECOND} messages a second on one connection. Send ops in batches.`,
      );
    tokens -= 1;
  };
}

/** Wraps a handler: limits, parses, answers with a reply or a problem. Never throws; unknown failures are logged. */
export function guarded<S extends z.ZodType, T extends object>(
  schema: S,
  what: string,
  take: () => void,
  logger: Logger,
  handle: (message: z.output<S>) => Promise<T>,
): (message: unknown, reply: unknown) => void {
  return (message, reply) => {
    const answer = typeof reply === 'function' ? (reply as (r: Reply<T>) => void) : () => {};
    const work = async (): Promise<Reply<T>> => {
      try {
        take();
        return { ok: true, ...(await handle(parseInput(schema, message, what))) };
      } catch (error) {
        if (!(error instanceof ConcordError)) logger.error({ err: error, what }, 'a socket message failed');
        return { ok: false, problem: toProblem(error) };
      }
    };
    void work().then(answer);
  };
}
