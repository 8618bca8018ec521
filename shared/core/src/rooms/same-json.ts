/** Equality of JSON values; key order does not matter, an absent key equals an undefined one. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, i) => sameJson(item, b[i]));
  }
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
    if (!sameJson(left[key], right[key])) return false;
  return true;
}

/**
 * Names that plain objects inherit (`constructor`, `__proto__`, …). States are plain JSON keyed by what clients send,
 * so these are refused as ids, attribute names, answers and client ids.
 */
export function isReservedKey(key: string): boolean {
  return key in Object.prototype;
}
