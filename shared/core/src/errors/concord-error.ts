/**
 * The one error type that crosses a module border, and the one table of what each code means.
 * `kind` groups codes for callers, `retry` says whether the same call may succeed later,
 * `status` is the HTTP status, `public` whether `message` may be shown to whoever called.
 */
export const errorTable = {
  'input.invalid': { kind: 'input', retry: false, status: 400, public: true },
  'input.too_large': { kind: 'input', retry: false, status: 413, public: true },
  'auth.required': { kind: 'auth', retry: false, status: 401, public: true },
  'auth.wrong': { kind: 'auth', retry: false, status: 401, public: true },
  'auth.forbidden': { kind: 'auth', retry: false, status: 403, public: true },
  'auth.too_many': { kind: 'auth', retry: true, status: 429, public: true },
  not_found: { kind: 'state', retry: false, status: 404, public: true },
  conflict: { kind: 'state', retry: true, status: 409, public: true },
  precondition: { kind: 'state', retry: false, status: 412, public: true },
  'room.stale': { kind: 'state', retry: true, status: 409, public: true },
  'room.closed': { kind: 'state', retry: false, status: 409, public: true },
  'room.elsewhere': { kind: 'state', retry: true, status: 421, public: true },
  'room.op_refused': { kind: 'state', retry: false, status: 422, public: true },
  'queue.empty': { kind: 'state', retry: true, status: 404, public: true },
  'protocol.version': { kind: 'input', retry: false, status: 426, public: true },
  overloaded: { kind: 'capacity', retry: true, status: 503, public: true },
  internal: { kind: 'internal', retry: true, status: 500, public: false },
} as const satisfies Record<string, { kind: string; retry: boolean; status: number; public: boolean }>;

export type ErrorCode = keyof typeof errorTable;

/** One thing wrong with an input: where, what was there, and what would make it right. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
  readonly value?: unknown;
  readonly remedy?: string;
}

export class ConcordError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
  constructor(
    code: ErrorCode,
    message: string,
    errors: readonly FieldError[] = [],
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ConcordError';
    this.code = code;
    this.errors = errors;
  }
}

export function isConcordError(value: unknown, code?: ErrorCode): value is ConcordError {
  return value instanceof ConcordError && (code === undefined || value.code === code);
}

/** RFC 9457 problem details, as every HTTP error and every refused socket message carries it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly retry: boolean;
  readonly errors: readonly FieldError[];
}

export function toProblem(error: unknown): Problem {
  const known =
    error instanceof ConcordError ? error : new ConcordError('internal', 'Something failed on the server.');
  const row = errorTable[known.code];
  return {
    type: `urn:concord:error:${known.code}`,
    title: known.code,
    status: row.status,
    code: known.code,
    detail: row.public ? known.message : 'Something failed on the server. The log has the cause.',
    retry: row.retry,
    errors: known.errors,
  };
}
