import type { ErrorCode, FieldError, Problem } from '@concord/core/errors/concord-error';

/**
 * A refused or failed call. `code` is the server's, or `offline` when no answer came at all.
 * `detail` is written for people and may be shown as it is.
 */
export class ApiError extends Error {
  readonly code: ErrorCode | 'offline';
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  constructor(
    code: ErrorCode | 'offline',
    status: number,
    detail: string,
    errors: readonly FieldError[] = [],
  ) {
    super(detail);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.errors = errors;
  }

  /** What is wrong with the field at `path` (dots between the parts), or undefined. */
  field(path: string): string | undefined {
    return this.errors.find((e) => e.path === path)?.message;
  }
}

export function isApiError(value: unknown, code?: ErrorCode | 'offline'): value is ApiError {
  return value instanceof ApiError && (code === undefined || value.code === code);
}

export function offlineError(): ApiError {
  return new ApiError('offline', 0, 'The server did not answer. Check your connection and try again.');
}

/** The error in an answer's body: problem+json, or whatever a proxy put there. */
export function errorOf(status: number, body: unknown): ApiError {
  if (typeof body === 'object' && body !== null && 'code' in body && 'detail' in body) {
    const problem = body as Problem;
    return new ApiError(problem.code, status, problem.detail, problem.errors ?? []);
  }
  return new ApiError('internal', status, `The server answered ${status}. Try again in a moment.`);
}

/** The sentence to show for anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
