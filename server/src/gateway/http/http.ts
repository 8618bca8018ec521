import { createServer, type Server } from 'node:http';
import { toProblem } from '@concord/core/errors/concord-error';
import type { AdapterHealth } from '@concord/platform/observability/adapter-health';
import type { Metrics } from '@concord/platform/observability/metrics';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import type { People } from '../../people/index.ts';
import type { Platform } from '../../platform.ts';
import { mountApi } from './api.ts';
import { mountDocs } from './docs-page.ts';
import type { Handlers } from './handler.ts';
import { mountHealth } from './health.ts';
import { problemResponse } from './respond.ts';
import { securityHeaders } from './security-headers.ts';
import { mountClient } from './static-files.ts';

/** Hono's context with Node's request and response in `env`. */
export type Env = { Bindings: HttpBindings };
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
  /** Not listening yet; the socket gateway attaches to it before it does. */
  readonly server: Server;
  /** From now on `/readyz` says no, so that a balancer sends nobody here any more. */
  drain(): void;
}

/** The HTTP side: the table of routes as a server. Throws when a route has no handler. */
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
  mountClient(app, options.clientDir, headers, addresses);

  app.onError((error) => {
    platform.logger.error({ err: error }, 'a call failed outside the table of routes');
    return problemResponse(toProblem(error), headers);
  });

  const server = createServer(
    { keepAliveTimeout: 65_000, headersTimeout: 66_000, requestTimeout: 3_600_000, noDelay: true },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  );
  return { server, drain: health.drain };
}
