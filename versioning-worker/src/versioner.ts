import { isConcordError } from '@concord/core/errors/concord-error';
import type { Codec } from '@concord/core/versioning/codec';
import { collectPacks } from '@concord/core/versioning/collect';
import { createRepository } from '@concord/core/versioning/repository';
import type { Logger } from '@concord/platform/observability/logger';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus, Consumer, Positioned, SetAside } from '@concord/platform/ports/bus';
import type { Clock } from '@concord/platform/ports/clock';
import { announce } from './announce.ts';
import { commitBatch, groupByProject, MAIN, type ProjectBatch } from './apply-batch.ts';

/** Name of the durable consumer: any number of workers under it share its place in the stream. */
export const CONSUMER = 'versioner';
const TYPES = ['concord.item.finalized.v1'] as const;
const BATCH = 500;
const MAX_WAIT_MS = 300;
const RETRIES_ON_CONFLICT = 10;
const LAG_EVERY_MS = 60_000;
/** Packs that were joined are removed after this; whoever reads a version meanwhile and is cut off can begin again. */
const GRACE_MS = 3_600_000;
const COLLECT_EVERY_MS = 600_000;

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
  let cancelCollect: () => void = () => {};
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

  /** Every project gets its turn: one whose dataset cannot be written holds up the next batch, not this one's others. */
  async function handle(batch: readonly Positioned[], setAside: SetAside): Promise<void> {
    let failure: unknown = null;
    for (const group of groupByProject(batch, setAside)) {
      try {
        await commitProject(group);
        await announceBranch(group.project, MAIN);
      } catch (error) {
        logger.error(
          { err: error, project: group.project, from: group.from, to: group.to },
          'settled items could not be committed; they come again',
        );
        failure = error;
      }
    }
    if (failure !== null) throw failure;
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

  async function everyBranch(work: (project: string, branch: string) => Promise<void>): Promise<void> {
    for (const name of await blobs.listRefs('datasets/')) {
      const [, project, ...rest] = name.split('/');
      if (project === undefined) continue;
      await work(project, rest.join('/')).catch((error: unknown) =>
        logger.error({ err: error, branch: name }, 'a branch could not be looked after; later again'),
      );
    }
  }

  async function collect(project: string, branch: string): Promise<void> {
    const removed = await collectPacks(blobs, repository, { project, branch }, clock.now(), GRACE_MS);
    if (removed > 0) logger.info({ project, branch, removed }, 'removed packs that were joined');
  }

  function collectNowAndThen(): void {
    everyBranch(collect)
      .catch((error: unknown) => logger.error({ err: error }, 'the branches could not be listed'))
      .finally(() => {
        if (!stopped) cancelCollect = clock.after(COLLECT_EVERY_MS, collectNowAndThen);
      });
  }

  return {
    async start() {
      await everyBranch(announceBranch);
      consumer = await bus.consume(
        {
          name: CONSUMER,
          types: TYPES,
          batch: BATCH,
          maxWaitMs: MAX_WAIT_MS,
        },
        handle,
      );
      watchLag();
      collectNowAndThen();
    },
    async stop() {
      stopped = true;
      cancelLag();
      cancelCollect();
      await consumer?.stop();
    },
  };
}
