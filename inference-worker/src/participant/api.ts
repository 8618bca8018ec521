import { setTimeout as sleep } from 'node:timers/promises';
import type { RouteBodyInput, RouteName, RouteResponse } from '@concord/core/protocol/routes';
import { routes } from '@concord/core/protocol/routes';

export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** The public HTTP surface, as a participant with an API key sees it. */
export interface Api {
  call<N extends RouteName>(
    name: N,
    options?: Call & { readonly body?: RouteBodyInput<N> },
  ): Promise<RouteResponse<N>>;
  /** The bytes of a raw route. */
  bytes(name: RouteName, options?: Call): Promise<Uint8Array>;
  upload<N extends RouteName>(name: N, bytes: Uint8Array, options?: Call): Promise<RouteResponse<N>>;
  readonly url: string;
  readonly key: string;
}

/** A refusal by the server; `status` 4xx other than 408 and 429 will not change by trying again. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const TRIES = 6;

/** Calls are tried again with growing pauses while the server is away or overloaded; then the last error is thrown. */
export function createApi(url: string, key: string): Api {
  async function send(
    name: RouteName,
    options: Call,
    init: { body?: string | Uint8Array; type?: string },
  ): Promise<Response> {
    const route = routes[name];
    const path = route.path.replace(/:([a-z]+)/g, (_, param: string) =>
      encodeURIComponent(options.params?.[param] ?? ''),
    );
    const query = new URLSearchParams();
    for (const [k, v] of Object.entries(options.query ?? {})) if (v !== undefined) query.set(k, String(v));
    const address = `${url}/api/v1${path}${query.size > 0 ? `?${query}` : ''}`;
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await fetch(address, {
          method: route.method,
          headers: { authorization: `Bearer ${key}`, ...(init.type ? { 'content-type': init.type } : {}) },
          ...(init.body === undefined ? {} : { body: init.body }),
        });
        if (answer.ok) return answer;
        const text = await answer.text();
        throw new ApiError(
          answer.status,
          `${route.method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`,
        );
      } catch (error) {
        const final =
          error instanceof ApiError && error.status < 500 && error.status !== 408 && error.status !== 429;
        if (final || attempt === TRIES) throw error;
        await sleep(100 * 2 ** attempt);
      }
    }
  }
  return {
    url,
    key,
    async call(name, options = {}) {
      const body =
        options.body === undefined ? {} : { body: JSON.stringify(options.body), type: 'application/json' };
      return (await (await send(name, options, body)).json()) as never;
    },
    bytes: async (name, options = {}) => new Uint8Array(await (await send(name, options, {})).arrayBuffer()),
    upload: async (name, bytes, options = {}) =>
      (await (await send(name, options, { body: bytes, type: 'application/octet-stream' })).json()) as never,
  };
}
