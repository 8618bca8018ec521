import { isConcordError } from '@concord/core/errors/concord-error';
import type { Codec } from '@concord/core/versioning/codec';
import { createRepository } from '@concord/core/versioning/repository';
import type { Logger } from '@concord/platform/observability/logger';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus, Consumer, Positioned } from '@concord/platform/ports/bus';
import type { Clock } from '@concord/platform/ports/clock';
import { announce } from './announce.ts';
import { commitBatch, groupByProject, MAIN, type ProjectBatch } from './apply-batch.ts';

/** Name of the durable consumer: any number of workers under it share its place in the stream. */
export const CONSUMER = 'versioner';
const TYPES = ['concord.item.finalized.v1'] as const;
const BATCH = 500;
const MAX_WAIT_MS = 300;
/** A batch is never given up for being refused by a store that is down; an event that itself is broken ends as a dead letter. */
const MAX_DELIVERIES = 1000;
const RETRIES_ON_CONFLICT = 10;
const LAG_EVERY_MS = 60_000;

export interface VersionerParts {
  readonly bus: Bus;
  readonly blobs: Blobs;
  readonly codec: Codec;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface Versioner {
  /** Announces what an earlier life left unannounced, then consumes. */
  start(): Promise<void>;
  /** Finishes the batch in hand; what was not acknowledged comes again at the next start. */
  stop(): Promise<void>;
}

/** Turns finalized items into versions of their projects' datasets, each exactly once [VC14] [VC15]. */
export function createVersioner(parts: VersionerParts): Versioner {
  const { bus, blobs, clock, logger } = parts;
  const repository = createRepository(blobs, parts.codec);
  let consumer: Consumer | null = null;
  let cancelLag: () => void = () => {};
  let stopped = false;

  async function announceBranch(project: string, branch: string): Promise<void> {
    try {
      await announce({ bus, blobs, repository }, project, branch);
    } catch (error) {
      // Another worker announced the same commits at the same moment.
      if (!isConcordError(error, 'conflict')) throw error;
    }
  }

  async function commitProject(batch: ProjectBatch): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const version = await commitBatch({ blobs, codec: parts.codec, repository, clock }, batch);
        if (version !== null) {
          const { number, stats } = version.commit;
          logger.info(
            { project: batch.project, commit: version.id, number, ...stats },
            'committed a version',
          );
        }
        return;
      } catch (error) {
        if (!isConcordError(error, 'conflict') || attempt >= RETRIES_ON_CONFLICT) throw error;
      }
    }
  }

  async function handle(batch: readonly Positioned[]): Promise<void> {
    try {
      for (const group of groupByProject(batch)) {
        await commitProject(group);
        await announceBranch(group.project, MAIN);
      }
    } catch (error) {
      const { position: from } = batch[0] ?? { position: 0 };
      logger.error(
        { err: error, from, events: batch.length },
        'a batch could not be committed; it comes again',
      );
      throw error;
    }
  }

  function watchLag(): void {
    cancelLag = clock.after(LAG_EVERY_MS, () => {
      bus
        .lag(CONSUMER, { types: TYPES })
        .then(({ acknowledged, waiting }) => {
          if (waiting > 0) logger.info({ acknowledged, waiting }, 'finalized items wait for a version');
        })
        .catch((error: unknown) => logger.warn({ err: error }, 'the bus does not answer'))
        .finally(() => {
          if (!stopped) watchLag();
        });
    });
  }

  return {
    async start() {
      for (const name of await blobs.listRefs('datasets/')) {
        const [, project, ...rest] = name.split('/');
        if (project !== undefined) await announceBranch(project, rest.join('/'));
      }
      consumer = await bus.consume(
        {
          name: CONSUMER,
          types: TYPES,
          batch: BATCH,
          maxWaitMs: MAX_WAIT_MS,
          maxDeliveries: MAX_DELIVERIES,
        },
        handle,
      );
      watchLag();
    },
    async stop() {
      stopped = true;
      cancelLag();
      await consumer?.stop();
    },
  };
}
