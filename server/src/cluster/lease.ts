import { isConcordError } from '@concord/core/errors/concord-error';
import type { Platform } from '../platform.ts';
import type { Nodes } from './nodes.ts';

/** Work that one node at a time does: whoever holds the lease, until it drains or dies. */
export interface Lease {
  /** Looks after every look at the other nodes; `onHeld` is called when the lease comes to this node, or is lost. */
  start(onHeld: (held: boolean) => void): void;
  /** Gives it to whoever is next. */
  stop(): Promise<void>;
}

export function createLease(name: string, platform: Pick<Platform, 'store' | 'logger'>, nodes: Nodes): Lease {
  const { store } = platform;
  const logger = platform.logger.child({ part: 'cluster', lease: name });
  let held = false;
  let stopped = false;
  let looking: Promise<void> = Promise.resolve();
  let unsubscribe: () => void = () => {};
  let tell: (held: boolean) => void = () => {};

  function set(next: boolean): void {
    if (next === held) return;
    held = next;
    logger.info({ held }, held ? 'this node does the work' : 'another node does the work');
    tell(held);
  }

  async function look(): Promise<void> {
    const stored = await store.get('leases', name);
    const holder = stored?.record.node;
    const stays = nodes.self.state === 'serving' && !stopped;
    if (holder === nodes.self.id && !stays) {
      set(false);
      await store.commit({ writes: [{ remove: 'leases', id: name, expect: stored?.rev ?? 'any' }] });
      return;
    }
    const free = holder === undefined || nodes.isGone(holder);
    if (free && stays) {
      const record = { id: name, node: nodes.self.id };
      await store.commit({ writes: [{ put: 'leases', record, expect: stored?.rev ?? 'absent' }] });
      set(true);
    } else set(holder === nodes.self.id);
  }

  function round(): void {
    looking = looking.then(look).catch((err: unknown) => {
      // Another was faster, or the store is away; the next look tells.
      if (!isConcordError(err, 'conflict')) logger.debug({ err }, 'the lease could not be looked at');
    });
  }

  return {
    start(onHeld) {
      tell = onHeld;
      unsubscribe = nodes.onLook(round);
    },
    async stop() {
      stopped = true;
      unsubscribe();
      round();
      await looking;
    },
  };
}
