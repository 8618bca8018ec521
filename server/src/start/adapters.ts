import { modalities } from '@concord/core/modalities/registry';
import { createFileBlobs } from '@concord/platform/adapters/blobs-files/blobs-files';
import { createNatsBus } from '@concord/platform/adapters/bus-nats/bus-nats';
import { createSqliteBus } from '@concord/platform/adapters/bus-sqlite/bus-sqlite';
import { systemClock, systemRandomness } from '@concord/platform/adapters/clock-system/clock-system';
import { createLocalFanout } from '@concord/platform/adapters/fanout-local/fanout-local';
import { createRedisFanout } from '@concord/platform/adapters/fanout-redis/fanout-redis';
import { createMongoStore } from '@concord/platform/adapters/store-mongodb/store-mongodb';
import { createSqliteStore } from '@concord/platform/adapters/store-sqlite/store-sqlite';
import { type Config, dataFiles } from '@concord/platform/config/config';
import type { Logger } from '@concord/platform/observability/logger';
import type { Bus } from '@concord/platform/ports/bus';
import { createLive } from '../live.ts';
import type { Platform } from '../platform.ts';

export type Places = Pick<Config, 'data' | 'store' | 'bus' | 'fanout'>;

/**
 * Opens the adapters that the settings name. Throws with one line for people when a place cannot be used.
 * `onBroken`: the disk failed under the store, which refuses every write from then on.
 */
export async function openPlatform(
  places: Places,
  logger: Logger,
  onBroken: (error: Error) => void = () => {},
): Promise<Platform> {
  const files = dataFiles(places.data);
  const clock = systemClock;
  const store =
    places.store.kind === 'mongodb'
      ? await createMongoStore({ url: places.store.url, clock, random: systemRandomness, logger })
      : createSqliteStore({ file: files.store, logger, onBroken });
  const bus = await openBus(places, logger).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const blobs = createFileBlobs({ folder: files.blobs });
  const fanout =
    places.fanout.kind === 'redis'
      ? createRedisFanout({ url: places.fanout.url, clock, random: systemRandomness, logger })
      : createLocalFanout();
  return {
    store,
    bus,
    blobs,
    fanout,
    clock,
    random: systemRandomness,
    modalities,
    logger,
    live: createLive(fanout),
  };
}

async function openBus(places: Places, logger: Logger): Promise<Bus> {
  return places.bus.kind === 'nats'
    ? createNatsBus({ url: places.bus.url, clock: systemClock, random: systemRandomness, logger })
    : createSqliteBus({ file: dataFiles(places.data).bus, clock: systemClock, logger });
}

/** Closes them, the store last. */
export async function closePlatform(platform: Platform): Promise<void> {
  platform.live.close();
  await platform.fanout.close();
  await platform.bus.close();
  await platform.blobs.close();
  await platform.store.close();
}
