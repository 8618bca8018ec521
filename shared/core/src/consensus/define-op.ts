import type { z } from 'zod';
import { parseInput } from '../errors/parse.ts';

/** One operation of the quality engine as cases call it: parsed input and parameters in, plain JSON out. */
export type Op = (input: unknown, params: unknown, expected: unknown) => unknown;

/** @param run also gets what the case expects, for operations whose questions stand there. */
export function defineOp<I extends z.ZodType, P extends z.ZodType>(
  input: I,
  params: P,
  run: (input: z.output<I>, params: z.output<P>, expected: unknown) => unknown,
): Op {
  return (rawInput, rawParams, expected) =>
    run(parseInput(input, rawInput, 'input'), parseInput(params, rawParams ?? {}, 'params'), expected);
}
