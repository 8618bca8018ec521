// `npm run check`: what must hold before every commit, in under two minutes and without other servers.
import { requireNode } from './lib/node-version.mjs';

requireNode();
const from = performance.now();
const { install } = await import('./lib/install.mjs');
await install();
const { add, finish, runChecks, staticChecks } = await import('./lib/steps.mjs');
const { runLane } = await import('./lib/vitest.mjs');

const total = { passed: 0, failed: 0, notes: [] };
add(total, await runChecks(staticChecks));
add(total, await runLane('unit'));
add(total, await runLane('contract', { filters: ['store-sqlite', 'bus-sqlite', 'blobs-files'] }));
finish(total, from);
