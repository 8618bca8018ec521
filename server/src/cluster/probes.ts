import type { Platform } from '../platform.ts';

/** Where it is tried whether writes are possible, and how much: a full disk often still has room for a little. */
const trialRoom = 'ready';
const trialCharacters = 1 << 20;

/** A small question to each of what the server stands on. */
export function probesOf(platform: Platform): Record<string, () => Promise<unknown>> {
  const { bus, blobs, fanout } = platform;
  return {
    store: () => storeWrites(platform),
    bus: () => bus.last(),
    blobs: () => blobs.getRef('ready'),
    fanout: async () => {
      const { problem } = fanout.status();
      if (problem !== null) throw new Error(problem);
    },
  };
}

/** Reads, and where the latest write did not get through, tries another: what was full or away may be well again. */
async function storeWrites({ store }: Pick<Platform, 'store'>): Promise<void> {
  await store.counters([trialRoom]);
  if (store.health().state === 'ok') return;
  await store.log.putSnapshot(trialRoom, 1, 'x'.repeat(trialCharacters));
  await store.log.putSnapshot(trialRoom, 1, '');
}
