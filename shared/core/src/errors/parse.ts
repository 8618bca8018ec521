import type { z } from 'zod';
import { ConcordError, type FieldError } from './concord-error.ts';

/** Reads the value at `path` inside `root`, for error messages. */
function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let here: unknown = root;
  for (const key of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<PropertyKey, unknown>)[key];
  }
  return here;
}

function shorten(value: unknown): unknown {
  if (typeof value === 'string') return value.length > 120 ? `${value.slice(0, 117)}...` : value;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[array]' : '[object]';
  return value;
}

/** Fields whose values no answer and no log may repeat. */
const secret = /password|secret|token/i;

export function fieldErrors(error: z.ZodError, root: unknown): FieldError[] {
  return error.issues.map((issue) => ({
    path: issue.path.map(String).join('.') || '(whole)',
    message: issue.message,
    ...(issue.path.some((key) => secret.test(String(key)))
      ? {}
      : { value: shorten(valueAt(root, issue.path)) }),
    remedy: remedyOf(issue),
  }));
}

/** "1 character", "3 entries", "10": a limit with what it counts. */
function amount(limit: number | bigint, origin: string): string {
  if (origin === 'string') return `${limit} ${Number(limit) === 1 ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set') return `${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  return String(limit);
}

const seeDescription = 'See the API description at /api/v1/openapi.json.';

function remedyOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Give a ${issue.expected}.`;
    case 'invalid_value':
      return `Use one of: ${issue.values.map(String).join(', ')}.`;
    case 'unrecognized_keys':
      return `Remove ${issue.keys.join(', ')}.`;
    case 'too_small':
      return `Give at least ${amount(issue.minimum, issue.origin)}.`;
    case 'too_big':
      return `Give at most ${amount(issue.maximum, issue.origin)}.`;
    case 'custom':
      return typeof issue.params?.['remedy'] === 'string' ? issue.params['remedy'] : seeDescription;
    default:
      return seeDescription;
  }
}

/** Parses outside input at the edge. Throws `input.invalid` naming each field, its value and the remedy. */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, what: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = fieldErrors(result.error, value);
  const first = errors[0];
  throw new ConcordError(
    'input.invalid',
    `${what}: ${first ? `${first.path}: ${first.message}` : 'not valid'}`,
    errors,
  );
}
