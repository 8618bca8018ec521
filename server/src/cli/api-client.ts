import type { Problem } from '@concord/core/errors/concord-error';

/** An answer that was a problem. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, call: string) {
    super(`${call}: ${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

/** Calls below /api/v1 as one caller. The plain verbs give the JSON, and throw `ProblemError` on a refusal. */
export interface ApiClient {
  raw(method: string, path: string, init?: RawInit): Promise<Response>;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body?: unknown): Promise<T>;
  patch<T>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<T>;
  delete<T>(path: string): Promise<T>;
  /** Bytes as the body, for imports. */
  upload<T>(path: string, bytes: string | Uint8Array<ArrayBuffer>): Promise<T>;
}

export interface RawInit {
  readonly body?: unknown;
  readonly bytes?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export function createApiClient(url: string, key: string | null): ApiClient {
  async function raw(method: string, path: string, init: RawInit = {}): Promise<Response> {
    const body = init.bytes ?? (init.body === undefined ? undefined : JSON.stringify(init.body));
    return fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...init.headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
      ...(init.signal ? { signal: init.signal } : {}),
    });
  }

  async function json<T>(method: string, path: string, init: RawInit = {}): Promise<T> {
    const response = await raw(method, path, init);
    const body: unknown = await response.json();
    if (!response.ok) throw new ProblemError(body as Problem, `${method} ${path}`);
    return body as T;
  }

  return {
    raw,
    get: (path) => json('GET', path),
    post: (path, body) => json('POST', path, { body }),
    put: (path, body) => json('PUT', path, { body }),
    patch: (path, body, headers = {}) => json('PATCH', path, { body, headers }),
    delete: (path) => json('DELETE', path),
    upload: (path, bytes) =>
      json('POST', path, { bytes, headers: { 'content-type': 'application/octet-stream' } }),
  };
}
