import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], timeoutMs: number) => ({
  test: { name, include, testTimeout: timeoutMs, hookTimeout: timeoutMs, environment: 'node' as const },
});

/**
 * Five heights: unit (beside the code), contract (every adapter, real servers), sim (the whole on a virtual clock, with
 * faults), system (processes and sockets), e2e (a real browser).
 */
export default defineConfig({
  test: {
    reporters: process.env['CONCORD_REPORTER'] ? [process.env['CONCORD_REPORTER']] : ['default'],
    projects: [
      project('unit', ['*/src/**/*.unit.test.ts', 'shared/*/src/**/*.unit.test.ts'], 20_000),
      project('contract', ['*/src/**/*.contract.test.ts', 'shared/*/src/**/*.contract.test.ts'], 60_000),
      project('sim', ['server/sim/**/*.sim.test.ts'], 60_000),
      project(
        'system',
        ['{server/src,server/processes,*-worker/src,load-tests/src}/**/*.system.test.ts'],
        120_000,
      ),
      project('e2e', ['client/e2e/**/*.e2e.test.ts'], 180_000),
    ],
  },
});
