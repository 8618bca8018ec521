import { toProblem } from '@concord/core/errors/concord-error';
import type { AdapterHealth } from '@concord/platform/observability/adapter-health';
import type { Metrics } from '@concord/platform/observability/metrics';
import type { Hono } from 'hono';
import type { People } from '../../people/index.ts';
import { authorise, identify, isLocal } from '../auth/index.ts';
import type { Headers } from '../engine/index.ts';
import type { Env } from './http.ts';
import { answered, answerJson, answerProblem } from './respond.ts';

/**
 * `/healthz`: the process answers. `/readyz`: so does the store, and it is not going down; without its other adapters the
 * server is degraded but ready, since what they would do waits or goes another way. `/metrics`: Prometheus.
 */
export function mountHealth(
  app: Hono<Env>,
  health: AdapterHealth,
  people: People,
  metrics: Metrics,
  headers: Headers,
): { drain(): void } {
  let draining = false;
  app.get('/healthz', (c) => {
    answerJson(c.env.exchange, 200, { status: 'ok' }, headers);
    return answered;
  });

  app.get('/readyz', (c) => {
    const { exchange } = c.env;
    // Errors name hosts; whoever asks from outside is told states only (the API tells admins).
    const open = isLocal(exchange);
    const adapters = health.reports().map((one) => (open ? one : { ...one, error: null }));
    const ill = adapters.filter(({ state }) => state !== 'ok');
    const ready = !draining && ill.every(({ adapter }) => adapter !== 'store');
    const problems = [
      ...ill.map(
        ({ adapter, state, error }) => `${adapter} is ${state}${error === null ? '' : `: ${error}`}`,
      ),
      ...(draining ? ['shutting down'] : []),
    ];
    const status = ready ? (ill.length === 0 ? 'ready' : 'degraded') : 'not ready';
    answerJson(exchange, ready ? 200 : 503, { status, problems, adapters }, headers);
    return answered;
  });

  app.get('/metrics', async (c) => {
    const { exchange } = c.env;
    try {
      if (!isLocal(exchange)) {
        const caller = await identify(people, exchange);
        authorise(['lead', 'consumer'], caller.user, caller.apiKey !== null || caller.sessionToken !== null);
      }
      const text = await metrics.render();
      exchange.answer(200, { ...headers, 'content-type': metrics.contentType }, text);
    } catch (error) {
      answerProblem(exchange, toProblem(error), headers);
    }
    return answered;
  });

  return {
    drain() {
      draining = true;
    },
  };
}
