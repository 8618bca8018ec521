import type {
  RouteBodyInput,
  RouteName,
  RouteParams,
  RouteQueryInput,
  RouteResponse,
} from '@concord/core/protocol/routes';
import { addressOf } from './address.ts';
import { errorOf, offlineError } from './api-error.ts';

type NoKeys = Record<never, never>;
type ParamsPart<N extends RouteName> = keyof RouteParams<N> extends never
  ? { readonly params?: NoKeys }
  : { readonly params: RouteParams<N> };
type BodyPart<N extends RouteName> =
  RouteBodyInput<N> extends undefined
    ? { readonly body?: undefined }
    : undefined extends RouteBodyInput<N>
      ? { readonly body?: RouteBodyInput<N> }
      : { readonly body: RouteBodyInput<N> };

export type CallOptions<N extends RouteName> = ParamsPart<N> &
  BodyPart<N> & {
    readonly query?: Partial<RouteQueryInput<N>>;
    /** ETag the change is based on; the server refuses with `precondition` when it is no longer the newest. */
    readonly ifMatch?: string;
    /** The same key answers with the first result, so that a retry makes nothing twice. */
    readonly idempotencyKey?: string;
    /** Bytes instead of a JSON body. */
    readonly bytes?: Blob;
    readonly signal?: AbortSignal;
  };
type CallArguments<N extends RouteName> =
  NoKeys extends CallOptions<N> ? [options?: CallOptions<N>] : [options: CallOptions<N>];

/** An answer with the ETag it came with (null where the resource has none). */
export interface Tagged<T> {
  readonly data: T;
  readonly etag: string | null;
}

let onSignedOut: () => void = () => {};
/** Called whenever the server says that nobody is signed in (any more). */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** As `call`, with the answer's ETag. */
export async function callTagged<N extends RouteName>(
  name: N,
  ...[options]: CallArguments<N>
): Promise<Tagged<RouteResponse<N>>> {
  // One loose view of the options: the conditional types above already checked the caller.
  const given = (options ?? {}) as {
    params?: Record<string, string>;
    query?: Record<string, string | number | boolean | null | undefined>;
    body?: unknown;
    ifMatch?: string;
    idempotencyKey?: string;
    bytes?: Blob;
    signal?: AbortSignal;
  };
  const { method, url } = addressOf(name, given.params, given.query);
  const headers: Record<string, string> = { accept: 'application/json' };
  if (given.body !== undefined) headers['content-type'] = 'application/json';
  if (given.bytes !== undefined) headers['content-type'] = 'application/octet-stream';
  if (given.ifMatch !== undefined) headers['if-match'] = given.ifMatch;
  if (given.idempotencyKey !== undefined) headers['idempotency-key'] = given.idempotencyKey;
  const body = given.bytes ?? (given.body === undefined ? null : JSON.stringify(given.body));
  const response = await fetch(url, {
    method,
    headers,
    body,
    credentials: 'same-origin',
    ...(given.signal ? { signal: given.signal } : {}),
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw offlineError();
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const error = errorOf(response.status, answer);
    // A session may end under an open page. Signing in answers 401 too: that is a wrong password.
    if (error.status === 401 && name !== 'session.create') onSignedOut();
    throw error;
  }
  return { data: answer as RouteResponse<N>, etag: response.headers.get('etag') };
}

/**
 * Calls the API by route name; parameters, query, body and answer are typed from core's table.
 * Throws ApiError; when nobody is signed in, the sign-in page takes over as well.
 */
export async function call<N extends RouteName>(
  name: N,
  ...options: CallArguments<N>
): Promise<RouteResponse<N>> {
  return (await callTagged(name, ...options)).data;
}
