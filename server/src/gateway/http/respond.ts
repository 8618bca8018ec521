import type { Problem } from '@concord/core/errors/concord-error';
import type { Exchange, Headers } from '../engine/index.ts';
import type { Answer } from './handler.ts';

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

/** What Hono's handlers return: each answers on its exchange, past the costly Response object. */
export const answered = new Response(null);

/** A JSON answer. */
export function answerJson(exchange: Exchange, status: number, body: unknown, headers: Headers): void {
  exchange.answer(status, { ...jsonHeaders, ...headers }, JSON.stringify(body));
}

/** RFC 9457. Refusals that may be tried again say when. */
export function answerProblem(exchange: Exchange, problem: Problem, headers: Headers): void {
  exchange.answer(
    problem.status,
    {
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      ...(problem.status === 429 ? { 'retry-after': '60' } : {}),
      ...(problem.status === 503 ? { 'retry-after': '2' } : {}),
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...headers,
    },
    JSON.stringify(problem),
  );
}

/** Whether the caller already holds what `etag` names. */
export function matches(ifNoneMatch: string | null, etag: string | undefined): boolean {
  if (ifNoneMatch === null || etag === undefined) return false;
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => plain(tag) === plain(etag));
}

/** An Answer that is not a stream. Bytes, and text that says its type, go out as they are. */
export function answerWith(exchange: Exchange, answer: Answer, headers: Headers): void {
  const all = { ...headers, ...answer.headers };
  const { body, status } = answer;
  if (status === 204 || status === 304) exchange.answer(status, all, null);
  else if (body instanceof Uint8Array || (typeof body === 'string' && 'content-type' in answer.headers))
    exchange.answer(status, all, body);
  else answerJson(exchange, status, body ?? {}, all);
}
