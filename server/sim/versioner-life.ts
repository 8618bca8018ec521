import { nodeCodec } from '@concord/platform/datasets/node-codec';
import type { Logger } from '@concord/platform/observability/logger';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Bus, Positioned } from '@concord/platform/ports/bus';
import type { Clock } from '@concord/platform/ports/clock';
import { createVersioner } from '../../versioning-worker/src/versioner.ts';
import type { Chance } from './chance.ts';
import { createLife, within } from './life.ts';
import type { Trace } from './trace.ts';

/** Probabilities, 0..1. */
export interface VersionerTrouble {
  /** A delivery fails before the worker sees it. */
  lost: number;
  /** A batch comes again after the one that followed it. */
  doubled: number;
  /** The worker dies after it moved a branch, before the bus hears so. */
  crashAfterCommit: number;
  /** The worker dies around the writing of a reference. */
  crashAtRef: number;
}

export interface VersionerOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly bus: Bus;
  readonly blobs: Blobs;
  readonly trace: Trace;
  readonly logger: Logger;
  readonly trouble: VersionerTrouble;
  readonly onCrash: () => void;
}

/** One life of the versioning worker on a bus and blobs that outlive it. */
export async function startVersioner(options: VersionerOptions): Promise<{ kill(): void }> {
  const { chance, trouble, trace } = options;
  const life = createLife(options.clock);
  let stopConsuming: () => void = () => {};

  function crash(what: string): void {
    trace.fault(what);
    life.end();
    stopConsuming();
    options.onCrash();
  }

  const blobs = within(life, options.blobs, {
    putRef: (name, value, expect) =>
      life.through(async () => {
        const dies = chance.hits(trouble.crashAtRef);
        if (dies && chance.hits(0.5)) return crash('versioner crash before a reference moves');
        await options.blobs.putRef(name, value, expect);
        if (dies) crash('versioner crash after a reference moved');
      }),
  });
  let before: readonly Positioned[] = [];
  const bus = within(life, options.bus, {
    watch: (onNews) => options.bus.watch(() => life.alive() && onNews()),
    async consume(consumeOptions, handler) {
      const consumer = await options.bus.consume(consumeOptions, (batch, setAside) =>
        life.through(async () => {
          trace.say(`bus delivers ${batch.map(({ event }) => event.id).join(' ')}`);
          if (chance.hits(trouble.lost)) {
            trace.fault('bus delivery lost');
            throw new Error('the delivery was lost');
          }
          await handler(batch, setAside);
          if (before.length > 0 && chance.hits(trouble.doubled)) {
            trace.fault('bus delivery doubled');
            await handler(before, setAside);
          }
          before = batch;
          if (chance.hits(trouble.crashAfterCommit))
            crash('versioner crash between commit and acknowledgement');
        }),
      );
      // A killed worker is not waited for: its handler never answers.
      stopConsuming = () => void consumer.stop();
      if (!life.alive()) stopConsuming();
      return consumer;
    },
  });

  const versioner = createVersioner({
    bus,
    blobs,
    codec: nodeCodec,
    clock: life.clock,
    logger: options.logger,
  });
  void versioner.start();
  return {
    kill() {
      life.end();
      stopConsuming();
    },
  };
}
