import type { Node } from '@concord/core/records/node';
import type { Write } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import { ownerAmong } from './rendezvous.ts';

/** Every node writes that it lives, and looks for the others, this often. */
const LOOK_MS = 500;
/** Who did not move for so many looks is dead. Looks are counted, not time: a stopped clock or process judges nobody. */
const SILENT_LOOKS = 4;
/** Records of dead nodes without an address are of no use after so many looks. */
const FORGET_LOOKS = 60;
/** Addresses of dead nodes that are kept: pages that were loaded from there may still be open. */
const KEPT_ADDRESSES = 100;

export type NodeFacts = Pick<Node, 'id' | 'url' | 'state' | 'reaching'>;

/** The server processes on this store, as this one sees them. A hint: what must be right is held by the store. */
export interface Nodes {
  readonly self: NodeFacts;
  /** Whether other processes may be on the same store. */
  readonly shared: boolean;
  /** Those that live besides this one, draining ones too. */
  others(): readonly NodeFacts[];
  /** Whether a node is known not to live (any more). This takes a few looks. */
  isGone(id: string): boolean;
  /** Who is to hold a room, among those that live and stay; null when there are none. */
  ownerOf(room: string): NodeFacts | null;
  /** Whether messages get through between all of them. */
  reaching(): boolean;
  /** Every address by which a node was reached lately, this one's too. */
  addresses(): readonly string[];
  /** Called after every look at the others; `moved` when one came, went or began to drain. */
  onLook(listener: (moved: boolean) => void): () => void;
  /** Takes part from now on. */
  start(): Promise<void>;
  /** From now on this node is nobody's owner, which the others see with their next look. */
  drain(): Promise<void>;
  /** `abrupt` writes nothing, as a killed process would. */
  stop(how?: 'clean' | 'abrupt'): Promise<void>;
}

export interface NodesOptions {
  /** Where clients reach this process and no other; null when there is no such address. */
  readonly url: string | null;
  /** Whether other processes may be on the same store. */
  readonly shared: boolean;
}

interface Seen {
  readonly record: Node;
  /** Looks since its beat moved; null until it was seen moving. */
  readonly silent: number;
  readonly moved: boolean;
}

export function createNodes(platform: Platform, options: NodesOptions): Nodes {
  const { store, clock, random, fanout } = platform;
  const logger = platform.logger.child({ part: 'cluster' });
  const seen = new Map<string, Seen>();
  const listeners = new Set<(moved: boolean) => void>();
  let own: Node = {
    id: `nod_${random.token(9)}`,
    url: options.url,
    state: 'serving',
    reaching: false,
    beat: 0,
    startedAt: clock.now(),
  };
  let cancel: () => void = () => {};
  let looking: Promise<void> = Promise.resolve();
  let looks = 0;
  let stopped = false;

  const isLive = ({ record, silent, moved }: Seen) =>
    moved && silent < SILENT_LOOKS && record.state !== 'gone';
  const others = () => [...seen.values()].filter(isLive).map(({ record }) => record);

  async function beat(): Promise<void> {
    own = { ...own, beat: own.beat + 1, reaching: fanout.status().reaching };
    await store.commit({ writes: [{ put: 'nodes', record: own, expect: 'any' }] });
  }

  async function look(): Promise<void> {
    const before = summary();
    const page = await store.page('nodes', { index: 'started', limit: 500 });
    const records = page.items.filter(({ record }) => record.id !== own.id);
    const present = new Set(records.map(({ record }) => record.id as string));
    for (const id of seen.keys()) if (!present.has(id)) seen.delete(id);
    for (const { record } of records) {
      const known = seen.get(record.id);
      const moves = known !== undefined && known.record.beat !== record.beat;
      seen.set(record.id, {
        record,
        silent: moves ? 0 : (known?.silent ?? -1) + 1,
        moved: moves || (known?.moved ?? false),
      });
    }
    looks += 1;
    const moved = summary() !== before;
    if (moved) logger.info({ self: own.id, others: others() }, 'other nodes came or went');
    for (const listener of [...listeners]) listener(moved);
    await forget(records.map(({ record, rev }) => ({ record, rev })));
  }

  const summary = () =>
    others()
      .map(({ id, state }) => `${id} ${state}`)
      .sort()
      .join();

  /** Takes away records of the dead that nobody needs any more. One that comes back writes itself anew. */
  async function forget(records: readonly { readonly record: Node; readonly rev: number }[]): Promise<void> {
    const inUse = new Set([own, ...others()].map(({ url }) => url));
    const dead = records.filter(({ record }) => (seen.get(record.id)?.silent ?? 0) >= FORGET_LOOKS);
    const kept = dead.filter(({ record }) => record.url !== null && !inUse.has(record.url));
    const gone = dead.filter((one) => !kept.slice(-KEPT_ADDRESSES).includes(one));
    if (gone.length === 0) return;
    const writes: Write[] = gone.map(({ record, rev }) => ({ remove: 'nodes', id: record.id, expect: rev }));
    await store.commit({ writes }).catch(() => {});
  }

  function round(): void {
    looking = beat()
      .then(look)
      .catch((err: unknown) =>
        logger.debug({ err }, 'the store did not answer; the others are taken to be as they were'),
      )
      .finally(() => {
        if (!stopped) cancel = clock.after(LOOK_MS, round);
      });
  }

  return {
    get self() {
      return own;
    },
    shared: options.shared,
    others,
    isGone(id) {
      if (id === own.id) return false;
      const one = seen.get(id);
      if (one === undefined) return looks > SILENT_LOOKS;
      return one.record.state === 'gone' || one.silent >= SILENT_LOOKS;
    },
    ownerOf: (room) =>
      ownerAmong(
        [own, ...others()].filter(({ state }) => state === 'serving'),
        room,
      ),
    reaching: () => fanout.status().reaching && others().every(({ reaching }) => reaching),
    addresses: () =>
      [own, ...[...seen.values()].map(({ record }) => record)].flatMap(({ url }) =>
        url === null ? [] : [url],
      ),
    onLook(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async start() {
      if (!options.shared) return;
      await beat();
      await look();
      cancel = clock.after(LOOK_MS, round);
    },
    async drain() {
      own = { ...own, state: 'draining' };
      if (options.shared) await beat();
    },
    async stop(how = 'clean') {
      if (stopped) return;
      stopped = true;
      cancel();
      await looking;
      if (!options.shared || own.beat === 0 || how === 'abrupt') return;
      own = { ...own, state: 'gone' };
      await beat().catch((err: unknown) => logger.debug({ err }, 'nobody was told that this node stopped'));
    },
  };
}
