// `npm test`: installs what the tests need (packages, MongoDB, NATS, Redis, Chromium), runs everything, ends with "N passed, N failed".
import { requireNode } from './lib/node-version.mjs';

requireNode();
const from = performance.now();
const { install } = await import('./lib/install.mjs');
await install();
const { add, finish, runChecks, staticChecks } = await import('./lib/steps.mjs');
const { runLane } = await import('./lib/vitest.mjs');
const { buildAll } = await import('./build.mjs');
const { ensure } = await import('./servers.mjs');

const total = { passed: 0, failed: 0, notes: [] };
const found = await ensure(['mongo', 'nats', 'redis', 'chromium']);
const env = {
  CONCORD_TEST_MONGOD_BIN: found.mongo.path,
  CONCORD_TEST_NATS_BIN: found.nats.path,
  CONCORD_TEST_REDIS_BIN: found.redis.path,
  CONCORD_TEST_CHROMIUM: found.chromium.path,
};

add(
  total,
  await runChecks([
    ...staticChecks,
    {
      name: 'build',
      run: () =>
        buildAll().then(
          () => ({ code: 0 }),
          (error) => {
            console.error(error.message);
            return { code: 1 };
          },
        ),
    },
  ]),
);
// One lane after the other: two cores carry one set of real servers at a time.
for (const lane of ['unit', 'contract', 'sim', 'system', 'e2e']) {
  console.log(`\n== ${lane}`);
  add(total, await runLane(lane, { env }));
}
finish(total, from);
