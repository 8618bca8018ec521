import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import { loadWorkerConfig } from '@concord/platform/config/config';
import { createLogger } from '@concord/platform/observability/logger';
import { createApi } from './participant/api.ts';
import { listen } from './participant/news.ts';
import { createParticipant } from './participant/participant.ts';
import { textClassifierKind } from './participant/text-classifier.ts';
import { textDetectorKind } from './participant/text-detector.ts';

const config = loadWorkerConfig(process.argv.slice(2));
const logger = createLogger({ level: config.logLevel }).child({ part: 'inference-worker' });
if (config.key === null) {
  logger.fatal(
    'The inference worker needs a key of a user with the role `model`: give CONCORD_KEY (concord user add NAME --role model --json prints one).',
  );
  process.exit(2);
}
const api = createApi(config.server, config.key);
const participant = createParticipant(
  api,
  [textClassifierKind(api, logger), textDetectorKind(api, logger)],
  systemClock,
  logger,
  listen,
);
logger.info({ server: config.server }, 'inference worker takes part');

async function stop(): Promise<void> {
  await participant.stop();
  process.exit(0);
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
// Started by the server: end with it.
process.once('disconnect', () => process.exit(0));
