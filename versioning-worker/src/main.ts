import { createFileBlobs } from '@concord/platform/adapters/blobs-files/blobs-files';
import { systemClock, systemRandomness } from '@concord/platform/adapters/clock-system/clock-system';
import { dataFiles, loadWorkerConfig } from '@concord/platform/config/config';
import { nodeCodec } from '@concord/platform/datasets/node-codec';
import { createLogger } from '@concord/platform/observability/logger';
import { createVersioner } from './versioner.ts';

const config = loadWorkerConfig(process.argv.slice(2));
const logger = createLogger({ level: config.logLevel }).child({ part: 'versioning-worker' });
const files = dataFiles(config.data);
const clock = systemClock;
// Only the bus that is used is loaded: this process should be small.
const bus =
  config.bus.kind === 'nats'
    ? await (await import('@concord/platform/adapters/bus-nats/bus-nats')).createNatsBus({
        url: config.bus.url,
        clock,
        random: systemRandomness,
        logger,
      })
    : (await import('@concord/platform/adapters/bus-sqlite/bus-sqlite')).createSqliteBus({
        file: files.bus,
        clock,
        logger,
      });
const blobs = createFileBlobs({ folder: files.blobs });
const versioner = createVersioner({ bus, blobs, codec: nodeCodec, clock, logger });

async function stop(): Promise<void> {
  await versioner.stop();
  await bus.close();
  process.exit(0);
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
// Started by the server: end with it. What was not acknowledged comes again.
process.once('disconnect', () => process.exit(0));

await versioner.start();
logger.info('versioning worker follows the bus');
