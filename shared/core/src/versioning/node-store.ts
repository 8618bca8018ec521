import { ConcordError } from '../errors/concord-error.ts';
import type { Codec, ObjectStore } from './codec.ts';
import { decodeNode, type NodeSource, type TreeNode } from './node.ts';
import { decodeIndex, indexBytes, type PackRef, type Place } from './pack.ts';

/** Neighbours in a pack are fetched together up to this many bytes. */
const RUN_BYTES = 1 << 20;

interface Located extends Place {
  readonly pack: string;
  readonly hash: string;
}

/** A pack is not there: its nodes have been joined into another one, or it was lost. */
class PackGone extends ConcordError {
  constructor(hash: string) {
    super('internal', `pack ${hash} is missing from the blobs`);
  }
}

/** Pack indexes, shared by all who read: packs never change, so one is read once. */
export interface PackIndexes {
  of(pack: PackRef): Promise<ReadonlyMap<string, Place>>;
}

/** Keeps the indexes of the `keep` most lately used packs. */
export function createPackIndexes(objects: Pick<ObjectStore, 'get'>, codec: Codec, keep = 64): PackIndexes {
  const known = new Map<string, Promise<ReadonlyMap<string, Place>>>();
  const load = async (pack: PackRef) => {
    const bytes = await objects.get(pack.hash, { start: 0, end: indexBytes(pack.nodes) - 1 });
    if (bytes === null) throw new PackGone(pack.hash);
    return decodeIndex(codec, bytes);
  };
  return {
    of(pack) {
      const found = known.get(pack.hash) ?? load(pack);
      known.delete(pack.hash);
      known.set(pack.hash, found);
      found.catch(() => known.delete(pack.hash));
      for (const oldest of known.keys()) {
        if (known.size <= keep) break;
        known.delete(oldest);
      }
      return found;
    },
  };
}

export interface NodeStore extends NodeSource {
  /** Whether the node is in one of the packs. */
  has(hash: string): Promise<boolean>;
}

/**
 * Reads nodes out of packs, newest pack first, and checks each against its hash. `newest` says where they are now: asked
 * when a pack is gone, so that a reader may take any time while packs are joined.
 */
export function createNodeStore(
  objects: Pick<ObjectStore, 'get'>,
  codec: Codec,
  indexes: PackIndexes,
  packs: readonly PackRef[],
  newest: () => Promise<readonly PackRef[]>,
): NodeStore {
  let current = packs;

  async function following<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PackGone)) throw error;
      current = await newest();
      return work();
    }
  }

  async function find(hash: string): Promise<Located | null> {
    for (const pack of current.toReversed()) {
      const place = (await indexes.of(pack)).get(hash);
      if (place !== undefined) return { ...place, pack: pack.hash, hash };
    }
    return null;
  }

  async function locate(hash: string): Promise<Located> {
    const found = await find(hash);
    if (found !== null) return found;
    throw new ConcordError(
      'internal',
      `tree node ${hash} is in none of the version's ${current.length} packs`,
    );
  }

  function open(hash: string, body: Uint8Array): TreeNode {
    let text: string;
    try {
      text = codec.inflate(body);
    } catch (cause) {
      throw new ConcordError('internal', `tree node ${hash} is damaged`, [], { cause });
    }
    if (codec.digest(text) !== hash) throw new ConcordError('internal', `tree node ${hash} is damaged`);
    return decodeNode(text);
  }

  /** One ranged read for nodes that lie one after the other in one pack. */
  async function fetchRun(run: readonly Located[]): Promise<TreeNode[]> {
    const first = run[0] as Located;
    const last = run.at(-1) as Located;
    const end = last.start + last.length;
    const bytes = await objects.get(first.pack, { start: first.start, end: end - 1 });
    if (bytes === null) throw new PackGone(first.pack);
    if (bytes.length !== end - first.start)
      throw new ConcordError('internal', `pack ${first.pack} is cut short`);
    return run.map((node) => {
      const at = node.start - first.start;
      return open(node.hash, bytes.subarray(at, at + node.length));
    });
  }

  async function readMany(hashes: readonly string[]): Promise<TreeNode[]> {
    const runs: Located[][] = [];
    for (const hash of hashes) {
      const node = await locate(hash);
      const run = runs.at(-1);
      const before = run?.at(-1);
      const joins =
        before?.pack === node.pack &&
        before.start + before.length === node.start &&
        node.start + node.length - (run?.[0]?.start ?? 0) <= RUN_BYTES;
      if (joins) run?.push(node);
      else runs.push([node]);
    }
    const nodes: TreeNode[] = [];
    for (const run of runs) nodes.push(...(await fetchRun(run)));
    return nodes;
  }

  return {
    has: (hash) => following(async () => (await find(hash)) !== null),
    read: (hash) => following(async () => (await fetchRun([await locate(hash)]))[0] as TreeNode),
    readMany: (hashes) => following(() => readMany(hashes)),
  };
}
