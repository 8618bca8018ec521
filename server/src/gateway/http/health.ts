import { toProblem } from '@concord/core/errors/concord-error';
import type { AdapterHealth } from '@concord/platform/observability/adapter-health';
import type { Metrics } from '@concord/platform/observability/metrics';
import type { Hono } from 'hono';
import type { People } from '../../people/index.ts';
import { authorise, identify, isLocal } from '../auth/index.ts';
import type { Env } from './http.ts';
import { jsonResponse, problemResponse } from './respond.ts';

/**
 * `/healthz`: the process answers. `/readyz`: so does the store, and it is not going down; without its other adapters the
 * server is degraded but ready, since what they would do waits or goes another way. `/metrics`: Prometheus.
 */
export function mountHealth(
  app: Hono<Env>,
  health: AdapterHealth,
  people: People,
  metrics: Metrics,
  headers: Readonly<Record<string, string>>,
): { drain(): void } {
  let draining = false;
  app.get('/healthz', () => jsonResponse({ status: 'ok' }, 200, headers));

  app.get('/readyz', (c) => {
    // Errors name hosts; whoever asks from outside is told states only (the API tells admins).
    const open = isLocal(c.env.incoming);
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
    return jsonResponse({ status, problems, adapters }, ready ? 200 : 503, headers);
  });

  app.get('/metrics', async (c) => {
    try {
      if (!isLocal(c.env.incoming)) {
        const caller = await identify(people, c.env.incoming.headers);
        authorise(['lead', 'consumer'], caller.user, caller.apiKey !== null || caller.sessionToken !== null);
      }
      const text = await metrics.render();
      return new Response(text, { headers: { ...headers, 'content-type': metrics.contentType } });
    } catch (error) {
      return problemResponse(toProblem(error), headers);
    }
  });

  return {
    drain() {
      draining = true;
    },
  };
}
