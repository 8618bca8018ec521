import type { ServerResponse } from 'node:http';
import type { Problem } from '@concord/core/errors/concord-error';
import type { Answer } from './handler.ts';

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

/** The usual answer, written past the Response object: that costs a tenth of a short call. */
export function sendJson(
  outgoing: ServerResponse,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  const text = JSON.stringify(body);
  outgoing.writeHead(200, { ...jsonHeaders, ...headers, 'content-length': Buffer.byteLength(text) });
  outgoing.end(text);
}

/** A JSON answer. */
export function jsonResponse(
  body: unknown,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...jsonHeaders, ...headers },
  });
}

/** RFC 9457. Refusals that may be tried again say when. */
export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>>): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...(problem.status === 429 ? { 'retry-after': '60' } : {}),
      ...(problem.status === 503 ? { 'retry-after': '2' } : {}),
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...headers,
    },
  });
}

/** Whether the caller already holds what `etag` names. */
export function matches(ifNoneMatch: string | null, etag: string | undefined): boolean {
  if (ifNoneMatch === null || etag === undefined) return false;
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => plain(tag) === plain(etag));
}

/** An Answer that is not a stream. Null body and bytes go out as they are. */
export function answerResponse(answer: Answer, headers: Readonly<Record<string, string>>): Response {
  const all = { ...headers, ...answer.headers };
  const { body, status } = answer;
  if (status === 204 || status === 304) return new Response(null, { status, headers: all });
  if (body instanceof Uint8Array)
    return new Response(body as Uint8Array<ArrayBuffer>, { status, headers: all });
  if (typeof body === 'string' && 'content-type' in answer.headers)
    return new Response(body, { status, headers: all });
  return jsonResponse(body ?? {}, status, all);
}
