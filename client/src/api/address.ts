import type { RouteName } from '@concord/core/protocol/routes';
import { manifest } from './manifest.ts';

/** Where the API lives; the page and it share one origin. */
export const apiBase = '/api/v1';

type QueryValue = string | number | boolean | null | undefined;

/** `?a=1&b=2` of what is set, or an empty string. Undefined, null and '' are left out. */
export function queryString(query: Readonly<Record<string, QueryValue>>): string {
  const set = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== '') set.set(key, String(value));
  const text = set.toString();
  return text === '' ? '' : `?${text}`;
}

/** Method and address of a route with its parameters filled in. Throws RangeError when one is missing. */
export function addressOf(
  name: RouteName,
  params: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, QueryValue>> = {},
): { readonly method: string; readonly url: string } {
  const [method, path] = manifest[name].split(' ') as [string, string];
  const filled = path.replace(/:(\w+)/g, (_, key: string) => {
    const value = params[key];
    if (value === undefined) throw new RangeError(`${name} needs the parameter ${key}`);
    return encodeURIComponent(value);
  });
  return { method, url: `${apiBase}${filled}${queryString(query)}` };
}
