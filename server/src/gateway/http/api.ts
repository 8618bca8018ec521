import { ConcordError, toProblem } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import { type Route, type RouteName, routes } from '@concord/core/protocol/routes';
import type { Metrics } from '@concord/platform/observability/metrics';
import type { Hono } from 'hono';
import type { People } from '../../people/index.ts';
import type { Platform } from '../../platform.ts';
import { authorise, identify, remoteOf, requireSameOrigin } from '../auth/index.ts';
import type { Exchange, Headers } from '../engine/index.ts';
import { contentLength, readJson } from './body.ts';
import { Answer, type Call, type Handlers } from './handler.ts';
import type { Env, HttpContext, HttpOptions } from './http.ts';
import { createIdempotency } from './idempotency.ts';
import { answered, answerJson, answerProblem, answerWith, matches } from './respond.ts';
import { sendStream } from './stream.ts';

export const apiBase = '/api/v1';
/** What is noted as the status of a call whose caller went away before the answer; nobody receives it. */
const goneStatus = 499;
/** Calls slower than this are worth a line in the log, in ms. Streams are not counted. */
const slowMs = 1000;

interface ApiParts {
  readonly platform: Platform;
  readonly people: People;
  readonly handlers: Handlers;
  readonly metrics: Metrics;
  readonly headers: Headers;
  readonly options: HttpOptions;
}

/** What a handler is to the gateway: the table's types are for those who write handlers. */
type AnyHandler = (call: Call<RouteName>) => Promise<unknown>;

/** Mounts every route of the table. Throws when one has no handler, or a handler no route. */
export function mountApi(app: Hono<Env>, parts: ApiParts): void {
  assertComplete(parts.handlers);
  const { logger } = parts.platform;
  const duration = parts.metrics.histogram(
    'concord_http_request_duration_seconds',
    'Time from the request head to the answer (streams: to its head), by route and status',
    ['route', 'status'],
  );
  const serve = createServe(parts);
  let requests = 0;
  const process = parts.platform.random.token(4);

  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    app.on(route.method, apiBase + route.path, async (c) => {
      const from = performance.now();
      requests += 1;
      const requestId = `${process}-${requests}`;
      const headers = { ...parts.headers, 'x-request-id': requestId };
      let status = 500;
      const { exchange } = c.env;
      try {
        await serve(c, name, route, headers, (head) => {
          status = head;
        });
      } catch (error) {
        const problem = toProblem(error);
        const gone = exchange.signal.aborted;
        status = gone ? goneStatus : problem.status;
        if (!gone && (!(error instanceof ConcordError) || problem.status === 500))
          logger.error({ err: error, route: name, requestId }, 'a call failed');
        if (!exchange.answered) answerProblem(exchange, problem, headers);
      } finally {
        const ms = performance.now() - from;
        duration.observe(ms / 1000, { route: name, status: String(status) });
        const fields = { requestId, route: name, status, ms: Math.round(ms * 10) / 10 };
        if (ms > slowMs && route.raw === undefined && route.rawBody !== true)
          logger.warn(fields, 'slow call');
        else logger.debug(fields, 'call');
      }
      return answered;
    });
  }
}

/** For addresses below the API that no route has. */
export function answerNoRoute(exchange: Exchange, path: string, headers: Headers): void {
  const error = new ConcordError('not_found', `There is no ${exchange.method} ${path}. See ${apiBase}/docs.`);
  answerProblem(exchange, toProblem(error), headers);
}

/** One call from request to response: who, whether they may, what they ask, the handler, the answer. */
function createServe(parts: ApiParts) {
  const { people, platform, options } = parts;
  const idempotency = createIdempotency(platform.store, platform.clock);

  return async function serve(
    c: HttpContext,
    name: RouteName,
    route: Route,
    headers: Headers,
    onStatus: (status: number) => void,
  ): Promise<void> {
    const { exchange } = c.env;
    const head = (key: string) => exchange.header(key);
    const caller = await identify(people, exchange);
    requireSameOrigin(
      {
        method: exchange.method,
        host: head('host'),
        origin: head('origin'),
        fetchSite: head('sec-fetch-site'),
        ownHeader: head('x-concord') !== null,
        byKey: caller.apiKey !== null,
        byCookie: caller.sessionToken !== null,
      },
      options.publicUrl,
    );
    authorise(route.access, caller.user, caller.apiKey !== null || caller.sessionToken !== null);

    const call = {
      user: caller.user,
      params: c.req.param(),
      query: route.query ? parseInput(route.query, c.req.query(), 'query') : {},
      body: route.body ? parseInput(route.body, await readJson(exchange), 'body') : undefined,
      ifMatch: head('if-match'),
      range: head('range'),
      lastEventId: head('last-event-id'),
      remote: remoteOf(exchange),
      sessionToken: caller.sessionToken,
      bytes: exchange.body,
      length: contentLength(exchange),
      get signal() {
        return exchange.signal;
      },
    } as unknown as Call<RouteName>;

    const run = () => (parts.handlers[name] as AnyHandler)(call);
    const key = route.idempotent ? head('idempotency-key') : null;
    const result =
      key === null || caller.user === null
        ? await run()
        : await idempotency.once(
            `${caller.user.id} ${name} ${JSON.stringify(call.params)}`,
            key,
            call.body,
            run,
          );

    if (!(result instanceof Answer)) {
      if (options.checkAnswers && route.response) checkAnswer(name, route, result);
      onStatus(200);
      answerJson(exchange, 200, result, headers);
      return;
    }
    if (result.stream !== null) {
      onStatus(result.status);
      const all = { 'cache-control': 'no-store', ...headers, ...result.headers };
      if (exchange.method === 'HEAD') {
        await result.stream[Symbol.asyncIterator]().return?.();
        exchange.answer(result.status, all, null);
      } else await sendStream(exchange, result.status, all, result.stream);
      return;
    }
    const mayStay = result.headers['cache-control'] !== 'no-store' && exchange.method === 'GET';
    if (mayStay && matches(head('if-none-match'), result.headers['etag'])) {
      onStatus(304);
      exchange.answer(304, { ...headers, ...result.headers }, null);
      return;
    }
    if (options.checkAnswers && route.response && result.status === 200)
      checkAnswer(name, route, result.body);
    onStatus(result.status);
    answerWith(exchange, result, headers);
  };
}

function checkAnswer(name: RouteName, route: Route, body: unknown): void {
  const asJson: unknown = JSON.parse(JSON.stringify(body ?? {}));
  const checked = route.response?.safeParse(asJson);
  if (checked && !checked.success)
    throw new Error(`the answer of ${name} is not what the table says: ${checked.error.message}`);
}

function assertComplete(handlers: Handlers): void {
  const missing = Object.keys(routes).filter((name) => !(name in handlers));
  const unknown = Object.keys(handlers).filter((name) => !(name in routes));
  if (missing.length > 0) throw new Error(`routes without a handler: ${missing.join(', ')}`);
  if (unknown.length > 0) throw new Error(`handlers without a route: ${unknown.join(', ')}`);
}
