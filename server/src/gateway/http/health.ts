import { toProblem } from '@concord/core/errors/concord-error';
import type { Metrics } from '@concord/platform/observability/metrics';
import type { Hono } from 'hono';
import type { People } from '../../people/index.ts';
import type { Platform } from '../../platform.ts';
import { authorise, identify, isLocal } from '../auth/index.ts';
import type { Headers } from '../engine/index.ts';
import type { Env } from './http.ts';
import { answered, answerJson, answerProblem } from './respond.ts';

/** Where it is tried whether writes are possible, and how much: a full disk often still has room for a little. */
const trialRoom = 'ready';
const trialCharacters = 1 << 20;
/** How long such a write may take, in ms: whoever asks wants an answer now. */
const patienceMs = 2_000;

/** `/healthz`: the process answers. `/readyz`: so do store and bus, and it is not going down. `/metrics`: Prometheus. */
export function mountHealth(
  app: Hono<Env>,
  platform: Platform,
  people: People,
  metrics: Metrics,
  headers: Headers,
): { drain(): void } {
  let draining = false;
  app.get('/healthz', (c) => {
    answerJson(c.env.exchange, 200, { status: 'ok' }, headers);
    return answered;
  });

  app.get('/readyz', async (c) => {
    const checks = await Promise.all([
      works('store', () => storeWrites(platform)),
      works('bus', () => platform.bus.last()),
    ]);
    const problems = [...checks.filter((c) => c !== null), ...(draining ? ['shutting down'] : [])];
    const ready = problems.length === 0;
    const body = { status: ready ? 'ready' : 'not ready', problems };
    answerJson(c.env.exchange, ready ? 200 : 503, body, headers);
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

  async function works(name: string, check: () => Promise<unknown>): Promise<string | null> {
    try {
      await check();
      return null;
    } catch (error) {
      platform.logger.warn({ err: error }, `${name} does not answer`);
      return `${name} does not answer`;
    }
  }

  return {
    drain() {
      draining = true;
    },
  };
}

/** Reads, and where the latest write did not get through, tries another: what was full or away may be well again. */
async function storeWrites({ store, clock }: Pick<Platform, 'store' | 'clock'>): Promise<void> {
  await store.counters([trialRoom]);
  if (store.health().state === 'ok') return;
  let cancel: () => void = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(patienceMs, () => reject(new Error(store.health().detail ?? 'does not answer')));
  });
  try {
    await Promise.race([store.log.putSnapshot(trialRoom, 1, 'x'.repeat(trialCharacters)), late]);
    await Promise.race([store.log.putSnapshot(trialRoom, 1, ''), late]);
  } finally {
    cancel();
  }
}
