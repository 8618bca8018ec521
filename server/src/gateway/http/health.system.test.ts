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
  const [status, problems] = await ready();
  expect(status).toBe(503);
  expect(problems).toContain('store');
  full = false;
  expect(await ready()).toEqual([200, '']);
  expect(await ready()).toEqual([200, '']);
  expect(tries).toBe(3);
});

test('a store that waits for its server does not keep whoever asks waiting', async () => {
  await withStore(
    () => ({ state: 'retrying', since: 1, detail: 'no server answers' }),
    () => new Promise(() => {}),
  );
  const from = performance.now();
  expect((await ready())[0]).toBe(503);
  expect(performance.now() - from).toBeLessThan(5_000);
});
