import type {
  RouteBody,
  RouteName,
  RouteParams,
  RouteQuery,
  RouteResponse,
  routes,
} from '@concord/core/protocol/routes';
import type { User } from '@concord/core/records/user';

/** One parsed and authorised HTTP call. */
export interface Call<N extends RouteName> {
  /** Present on every route that is not public. */
  readonly user: (typeof routes)[N]['access'] extends 'public' ? User | null : User;
  readonly params: RouteParams<N>;
  readonly query: RouteQuery<N>;
  readonly body: RouteBody<N>;
  readonly ifMatch: string | null;
  readonly range: string | null;
  readonly lastEventId: string | null;
  /** For sign-in throttling. */
  readonly remote: string;
  /** The session cookie's token, where the caller came with one. */
  readonly sessionToken: string | null;
  /** The body's bytes on `rawBody` routes, and the announced length. */
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly length: number | null;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

/** An answer that is more than a JSON body. */
export class Answer {
  readonly body: unknown;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes or text sent as they come, instead of JSON. */
  readonly stream: AsyncIterable<Uint8Array | string> | null;
  constructor(init: {
    body?: unknown;
    status?: number;
    headers?: Readonly<Record<string, string>>;
    stream?: AsyncIterable<Uint8Array | string>;
  }) {
    this.body = init.body;
    this.status = init.status ?? 200;
    this.headers = init.headers ?? {};
    this.stream = init.stream ?? null;
  }
}

export type Handler<N extends RouteName> = (call: Call<N>) => Promise<RouteResponse<N> | Answer>;
/** Every route by name; each part of the server gives its own. */
export type Handlers = { readonly [N in RouteName]: Handler<N> };
