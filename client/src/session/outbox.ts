import type { QueueItem } from './queue.ts';

/** Whose queue for which room: one per person, task and client id. */
export interface OutboxKey {
  readonly user: string;
  readonly task: string;
  readonly client: string;
}

/** A refused op is kept with the reason until its author decides what to do with it. */
export interface Draft {
  readonly item: QueueItem;
  readonly reason: string;
}

/** What an outbox holds. `mode` says how the room was entered, so that a return enters it in the same way. */
export interface OutboxRecord {
  readonly key: OutboxKey;
  readonly mode: 'annotate' | 'review';
  readonly queue: readonly QueueItem[];
  readonly drafts: readonly Draft[];
}

/**
 * Where unsent work survives a reload. `save` replaces what is held under the key; an empty record is removed.
 * When the device refuses to store, `save` rejects and the work lives on in memory only.
 */
export interface Outbox {
  load(key: OutboxKey): Promise<OutboxRecord | undefined>;
  save(record: OutboxRecord): Promise<void>;
  /** Everything this person left unsent, on this device. */
  of(user: string): Promise<readonly OutboxRecord[]>;
}

export function keyText(key: OutboxKey): string {
  return `${key.user}|${key.task}|${key.client}`;
}

/** For tests, and for browsers without storage: lives as long as the page. */
export function createMemoryOutbox(): Outbox {
  const records = new Map<string, OutboxRecord>();
  return {
    load: async (key) => records.get(keyText(key)),
    save: async (record) => {
      const text = keyText(record.key);
      if (record.queue.length === 0 && record.drafts.length === 0) records.delete(text);
      else records.set(text, structuredClone(record));
    },
    of: async (user) => [...records.values()].filter((r) => r.key.user === user),
  };
}
