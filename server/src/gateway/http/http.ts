import { toProblem } from '@concord/core/errors/concord-error';
import type { AdapterHealth } from '@concord/platform/observability/adapter-health';
import type { Metrics } from '@concord/platform/observability/metrics';
import { type Context, Hono } from 'hono';
import type { People } from '../../people/index.ts';
import type { Platform } from '../../platform.ts';
import type { Exchange, Handle } from '../engine/index.ts';
import { answerNoRoute, apiBase, mountApi } from './api.ts';
import { mountDocs } from './docs-page.ts';
import type { Handlers } from './handler.ts';
import { mountHealth } from './health.ts';
import { answered, answerProblem } from './respond.ts';
import { securityHeaders } from './security-headers.ts';
import { createClientFiles } from './static-files.ts';

/** Hono's context, with the call in `env`. */
export type Env = { Bindings: { readonly exchange: Exchange } };
export type HttpContext = Context<Env>;

export interface HttpOptions {
  /** The address people use when a proxy stands in front, without a slash at its end; null without one. */
  readonly publicUrl: string | null;
  /** The built page; null serves none. */
  readonly clientDir: string | null;
  /** Checks every JSON answer against the table; for tests. */
  readonly checkAnswers?: boolean;
}

/** What the HTTP side asks of the rest of the server. */
export interface HttpParts {
  readonly people: People;
  readonly handlers: Handlers;
  readonly metrics: Metrics;
  readonly health: AdapterHealth;
  /** Addresses of the server's nodes, which its pages may connect to. */
  readonly addresses: () => readonly string[];
}

export interface HttpGateway {
  /** Answers a call, whichever engine took it. */
  readonly handle: Handle;
  /** From now on `/readyz` says no, so that a balancer sends nobody here any more. */
  drain(): void;
}

/** The HTTP side: the table of routes, the page, health. Throws when a route has no handler. */
export function createHttp(
  platform: Platform,
  { people, handlers, metrics, health: adapters, addresses }: HttpParts,
  options: HttpOptions,
): HttpGateway {
  const app = new Hono<Env>();
  const headers = securityHeaders(options.publicUrl?.startsWith('https:') ?? false);
  const health = mountHealth(app, adapters, people, metrics, headers);
  mountDocs(app, headers);
  mountApi(app, { platform, people, handlers, metrics, headers, options });

  // Not routes with a star: where only one handler fits an address, Hono calls it without its chain of middleware.
  const answerFile = createClientFiles(options.clientDir, headers, addresses);
  app.notFound(async (c) => {
    const { exchange } = c.env;
    const isRead = exchange.method === 'GET' || exchange.method === 'HEAD';
    if (isRead && !c.req.path.startsWith(`${apiBase}/`)) await answerFile(exchange, c.req.path);
    else answerNoRoute(exchange, c.req.path, headers);
    return answered;
  });

  app.onError((error) => {
    throw error;
  });

  return {
    drain: health.drain,
    async handle(exchange) {
      // All that Hono's router and its context read of a request.
      const request = { method: exchange.method, url: `http://concord${exchange.target}` } as Request;
      try {
        await app.fetch(request, { exchange });
      } catch (error) {
        platform.logger.error({ err: error }, 'a call failed outside the table of routes');
        if (!exchange.answered) answerProblem(exchange, toProblem(error), headers);
      }
    },
  };
}
