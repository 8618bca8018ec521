import { z } from 'zod';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Lists and objects in each other. Far above what labels need, far below what a stack takes. */
export const deepestJson = 32;

/**
 * What keeps a value from being JSON that may be kept; null when nothing does. Walks without recursion, since the
 * value comes from outside and may be of any depth. Everything after this may recurse.
 */
export function jsonProblem(value: unknown): { readonly message: string; readonly remedy: string } | null {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const below: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'string' || typeof item === 'boolean' || item === null) continue;
      if (typeof item === 'number' && Number.isFinite(item)) continue;
      const members = membersOf(item);
      if (members === null)
        return {
          message: 'is no JSON value',
          remedy: 'Give text, numbers, true, false, null, lists or objects.',
        };
      if (depth === deepestJson)
        return {
          message: `is nested more than ${deepestJson} levels deep`,
          remedy: `Put at most ${deepestJson} lists and objects inside each other.`,
        };
      for (const member of members) below.push(member);
    }
    level = below;
  }
  return null;
}

function membersOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object' || value === null) return null;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.values(value) : null;
}

/** Any JSON of bounded depth. */
export const json = z.unknown().superRefine((value, context) => {
  const problem = jsonProblem(value);
  if (problem === null) return;
  context.addIssue({ code: 'custom', message: problem.message, params: { remedy: problem.remedy } });
}) as unknown as z.ZodType<Json>;
