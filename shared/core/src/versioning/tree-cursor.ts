import { ConcordError } from '../errors/concord-error.ts';
import type { NodeSource, TreeNode } from './node.ts';

/** Walks the nodes of one level from left to right, reading nothing but them and what leads to them. */
export interface LevelCursor {
  /** Moves to the node that holds `key` or would take it in. */
  seek(key: string): Promise<void>;
  node(): TreeNode;
  /** The node's hash. */
  hash(): string;
  /** The level ends with this node; known without reading. */
  isLast(): boolean;
  /** Moves to the next node. Only where `isLast()` is false. */
  next(): Promise<void>;
}

interface Step {
  readonly node: TreeNode;
  index: number;
}

const atEnd = (step: Step) => step.index >= step.node.entries.length - 1;

/** Index of the first entry with key >= `key`; the last entry when all are smaller. */
export function childIndex(node: TreeNode, key: string): number {
  let low = 0;
  let high = node.entries.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((node.entries[middle]?.key ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return Math.max(low, 0);
}

export function levelCursor(
  source: NodeSource,
  rootHash: string,
  root: TreeNode,
  level: number,
): LevelCursor {
  let path: Step[] = [];
  let here = { hash: rootHash, node: root };

  /** From the node at the end of `path` down to `level`, choosing children by `pick`. */
  async function descend(pick: (node: TreeNode) => number): Promise<void> {
    const top = path.at(-1);
    let hash = top === undefined ? rootHash : (top.node.entries[top.index]?.value as string);
    let node = top === undefined ? root : await source.read(hash);
    while (node.level > level) {
      const index = pick(node);
      path.push({ node, index });
      hash = node.entries[index]?.value as string;
      node = await source.read(hash);
    }
    here = { hash, node };
  }

  return {
    async seek(key) {
      path = [];
      await descend((node) => childIndex(node, key));
    },
    node: () => here.node,
    hash: () => here.hash,
    isLast: () => path.every(atEnd),
    async next() {
      while (path.length > 0 && atEnd(path.at(-1) as Step)) path.pop();
      const turn = path.at(-1);
      if (turn === undefined) throw new ConcordError('internal', 'moved past the last node of a level');
      turn.index += 1;
      await descend(() => 0);
    },
  };
}

/** The same source with a memory: each node is read once while it lives. */
export function rememberNodes(source: NodeSource): NodeSource {
  const known = new Map<string, Promise<TreeNode>>();
  const read = (hash: string) => {
    const found = known.get(hash) ?? source.read(hash);
    known.set(hash, found);
    return found;
  };
  return { read, readMany: (hashes) => Promise.all(hashes.map(read)) };
}
