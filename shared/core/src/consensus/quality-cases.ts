import { z } from 'zod';
import { ConcordError } from '../errors/concord-error.ts';
import { parseInput } from '../errors/parse.ts';
import { aggregationOps } from './cases-aggregation.ts';
import { agreementOps } from './cases-agreement.ts';
import { regionOps } from './cases-regions.ts';
import type { Op } from './define-op.ts';

const ops: ReadonlyMap<string, Op> = new Map(
  Object.entries({ ...agreementOps, ...aggregationOps, ...regionOps }),
);

const qualityCase = z.looseObject({
  id: z.string(),
  op: z.string(),
  input: z.unknown(),
  params: z.unknown().optional(),
  expect: z.unknown().optional(),
});

/** The operations that `runCase` knows, by name. */
export const caseOps: readonly string[] = [...ops.keys()].sort();

/**
 * Runs one case of the golden format: `{id, op, input, params}`; a case may carry what it expects, which decides nothing
 * but at which moments a stream is read.
 * @returns the output, plain JSON.
 * @throws input.invalid naming the field, for an unknown operation or input that does not fit it.
 */
export function runCase(value: unknown): unknown {
  const { op, input, params, expect } = parseInput(qualityCase, value, 'case');
  const run = ops.get(op);
  if (run === undefined)
    throw new ConcordError('input.invalid', `there is no operation ${op}`, [
      { path: 'op', message: 'unknown operation', value: op, remedy: `Use one of: ${caseOps.join(', ')}.` },
    ]);
  return run(input, params, expect);
}

/** One line of `concord quality run`: what a case gave, or why it could not be run. */
export type CaseResult =
  | { readonly id: string; readonly output: unknown }
  | { readonly id: string; readonly error: string };

const caseFile = z.union([
  z.looseObject({ suite: z.string(), cases: z.array(z.unknown()) }),
  z.array(z.unknown()).transform((cases) => ({ suite: null, cases })),
]);

/**
 * Runs the cases of one file as it was parsed: `{suite, cases}` (ids become `<suite>/<case id>`) or a plain list of cases.
 * A case that cannot be run gives an error and the others go on.
 * @throws input.invalid when the file is neither.
 */
export function* runCases(file: unknown): Generator<CaseResult> {
  const { suite, cases } = parseInput(caseFile, file, 'cases');
  let n = 0;
  for (const one of cases) {
    n++;
    const named = z.looseObject({ id: z.string() }).safeParse(one);
    const own = named.success ? named.data.id : `case ${n}`;
    const id = suite === null ? own : `${suite}/${own}`;
    try {
      yield { id, output: runCase(one) };
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      yield { id, error: error.message };
    }
  }
}
