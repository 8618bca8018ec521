import { setTimeout as sleep } from 'node:timers/promises';
import type { Store, StoreHealth } from '@concord/platform/ports/store';
import { afterEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../../testing/server.ts';

let server: TestServer;
afterEach(() => server.close());

/** A server whose store tells what the test says. */
async function withStore(health: () => StoreHealth, write: () => Promise<void>): Promise<void> {
  server = await startTestServer();
  const { store } = server.platform;
  Object.assign(store, { health, log: { ...store.log, putSnapshot: write } } satisfies Partial<Store>);
}
const ready = async () => {
  const response = await fetch(`${server.url}/readyz`);
  return [response.status, ((await response.json()) as { problems: string[] }).problems.join()];
};

/** Whoever asks is told what was found last: it is looked after every second. */
const soon = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 15_000, interval: 50 });

test('not ready while writes are refused; asking tries one, so that it is ready again by itself', async () => {
  let full = true;
  let trouble: string | null = 'database or disk is full';
  let tries = 0;
  await withStore(
    () => ({ state: trouble === null ? 'ok' : 'down', since: null, detail: trouble }),
    async () => {
      tries += 1;
      if (full) throw new Error('database or disk is full');
      trouble = null;
    },
  );
  await soon(ready).toEqual([503, 'store is retrying: database or disk is full']);
  full = false;
  await soon(ready).toEqual([200, '']);
  const made = tries;
  await sleep(2_500);
  expect(tries).toBe(made);
});

test('a store that waits for its server does not keep whoever asks waiting', async () => {
  await withStore(
    () => ({ state: 'retrying', since: 1, detail: 'no server answers' }),
    () => new Promise(() => {}),
  );
  await soon(ready).toEqual([503, 'store is retrying: does not answer']);
  const from = performance.now();
  await ready();
  expect(performance.now() - from).toBeLessThan(1_000);
});
