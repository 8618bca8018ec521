import type { Json } from '../records/json.ts';

/**
 * Whether a value has at most `most` characters as JSON, without writing it: counts as it walks and stops at the limit.
 * Roughly: a number counts as four, and escapes are not counted.
 */
export function jsonWithin(value: Json | undefined, most: number): boolean {
  return left(value, most) >= 0;
}

/** A value's characters as JSON, counted as `jsonWithin` counts them. */
export function jsonSize(value: Json | undefined): number {
  return Number.MAX_SAFE_INTEGER - left(value, Number.MAX_SAFE_INTEGER);
}

/** What is left of `room` after the value; negative when it does not fit. */
function left(value: Json | undefined, room: number): number {
  if (room < 0) return room;
  if (typeof value === 'string') return room - value.length - 2;
  if (typeof value !== 'object' || value === null) return room - (typeof value === 'number' ? 4 : 5);
  let rest = room - 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      rest = left(item, rest - 1);
      if (rest < 0) return rest;
    }
    return rest;
  }
  const fields = value as { readonly [key: string]: Json };
  for (const key in fields) {
    rest = left(fields[key], rest - key.length - 4);
    if (rest < 0) return rest;
  }
  return rest;
}
