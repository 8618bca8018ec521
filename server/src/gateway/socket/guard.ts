import type { Problem } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import type { Reply } from '@concord/core/protocol/rooms';
import type { z } from 'zod';
import { RawJson } from './raw-json.ts';

/** What the sender is told of an error in one event; it is counted. */
export type ProblemOf = (error: unknown, event: string) => Problem;

/** An answer that is JSON already: `{"ok":true,…}`. */
export type Handled<T> = T | RawJson;

/** Wraps a handler: limits, parses, answers with a reply or a problem. Never throws. */
export function guarded<S extends z.ZodType, T extends object>(
  schema: S,
  event: string,
  take: () => void,
  problemOf: ProblemOf,
  handle: (message: z.output<S>) => Promise<Handled<T>>,
): (message: unknown, reply: unknown) => void {
  return (message, reply) => {
    const answer = typeof reply === 'function' ? (reply as (r: Reply<T> | RawJson) => void) : () => {};
    const work = async (): Promise<Reply<T> | RawJson> => {
      try {
        take();
        const result = await handle(parseInput(schema, message, event));
        return result instanceof RawJson ? result : { ok: true, ...result };
      } catch (error) {
        return { ok: false, problem: problemOf(error, event) };
      }
    };
    void work().then(answer);
  };
}
