/** How an output differs from what a golden case expects; empty when it passes. The rules are in goldens/README.md. */
export function differences(expected: unknown, got: unknown, tolerance: number, path = ''): string[] {
  if (expected === null || typeof expected === 'string' || typeof expected === 'boolean')
    return got === expected
      ? []
      : [`${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`];
  if (typeof expected === 'number') {
    const close =
      typeof got === 'number' &&
      Number.isFinite(got) &&
      Math.abs(got - expected) <= tolerance * Math.max(1, Math.abs(expected));
    return close ? [] : [`${path}: expected ${expected}, got ${JSON.stringify(got)}`];
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length)
      return [`${path}: expected ${expected.length} entries, got ${JSON.stringify(got)?.slice(0, 80)}`];
    return expected.flatMap((value, i) => differences(value, got[i], tolerance, `${path}[${i}]`));
  }
  if (typeof got !== 'object' || got === null)
    return [`${path}: expected an object, got ${JSON.stringify(got)}`];
  return Object.entries(expected as Record<string, unknown>).flatMap(([key, value]) =>
    key in got
      ? differences(value, (got as Record<string, unknown>)[key], tolerance, `${path}.${key}`)
      : [`${path}.${key}: missing`],
  );
}
