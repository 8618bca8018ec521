import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modalities } from '@concord/core/modalities/registry';
import { createSqliteStore } from '@concord/platform/adapters/store-sqlite/store-sqlite';
import { silentLogger } from '@concord/platform/observability/logger';
import { createVirtualClock, type VirtualClock } from '@concord/platform/testing/clock-virtual';
import { createFanoutHub } from '@concord/platform/testing/fanout-hub';
import { createSeededRandomness } from '@concord/platform/testing/random-seeded';
import { createLive } from '../live.ts';
import type { Platform } from '../platform.ts';

/** A real store in a folder of its own, a clock that stands still, seeded randomness; no bus and no blobs. */
export interface UnitPlatform extends Platform {
  readonly clock: VirtualClock;
  /** The same store as another node sees it: its messages arrive here and ours there. */
  node(): Platform;
  dispose(): Promise<void>;
}

/** A port this kind of test does not touch; touching it fails the test. */
function untouched<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get() {
      throw new Error(`${name} is not part of this test`);
    },
  });
}

export function createUnitPlatform(): UnitPlatform {
  const folder = mkdtempSync(join(tmpdir(), 'concord-unit-'));
  const store = createSqliteStore({ file: join(folder, 'concord.db'), writes: 'inline' });
  const hub = createFanoutHub();
  const fanout = hub();
  const platform = {
    store,
    clock: createVirtualClock(),
    random: createSeededRandomness(11),
    bus: untouched<Platform['bus']>('the bus'),
    blobs: untouched<Platform['blobs']>('the blobs'),
    fanout,
    modalities,
    logger: silentLogger,
    live: createLive(fanout),
  };
  return {
    ...platform,
    node() {
      const other = hub();
      return { ...platform, fanout: other, live: createLive(other) };
    },
    async dispose() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
