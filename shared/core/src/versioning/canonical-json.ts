/**
 * JSON with one spelling per value (RFC 8785): keys in UTF-16 order, numbers and strings as ECMAScript writes them,
 * no spaces. Members that are `undefined` are left out. Throws on what JSON cannot hold (NaN, Infinity, functions, cycles).
 */
export function canonicalJson(value: unknown): string {
  return write(value, []);
}

function write(value: unknown, above: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${String(value)}`);
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : writeObject(value, above);
    default:
      throw new TypeError(`JSON has no ${typeof value}`);
  }
}

function writeObject(value: object, above: readonly object[]): string {
  if (above.includes(value)) throw new TypeError('JSON has no cycles');
  const path = [...above, value];
  if (Array.isArray(value)) {
    return `[${value.map((item: unknown) => (item === undefined ? 'null' : write(item, path))).join(',')}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  const parts: string[] = [];
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) parts.push(`${JSON.stringify(key)}:${write(member, path)}`);
  }
  return `{${parts.join(',')}}`;
}
