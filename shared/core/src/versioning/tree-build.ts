import { createChunker } from './boundary.ts';
import type { Codec } from './codec.ts';
import { type Entry, emptyNode, encodeNode, lastKey, recordCount, type TreeNode } from './node.ts';

/** One record to put into a tree: its key and its canonical JSON. */
export interface KeyedRecord {
  readonly key: string;
  readonly value: string;
}

/** New nodes by hash, as text, in the order they were written (neighbours stand together). */
export type NewNodes = Map<string, string>;

/** A tree: its root's hash, how many records it holds, and the nodes that had to be written for it. */
export interface BuiltTree {
  readonly root: string;
  readonly total: number;
  readonly nodes: NewNodes;
}

/** Encodes a node into `nodes` and gives the entry that its parent keeps for it. */
export function writeNode(codec: Pick<Codec, 'digest'>, nodes: NewNodes, node: TreeNode): Entry {
  const text = encodeNode(node);
  const hash = codec.digest(text);
  nodes.set(hash, text);
  return { key: lastKey(node), value: hash, count: recordCount(node) };
}

/** The tree over these records, bottom up in one pass. Keys must be unique; any order will do. */
export function buildTree(codec: Pick<Codec, 'digest'>, records: readonly KeyedRecord[]): BuiltTree {
  const nodes: NewNodes = new Map();
  let entries: Entry[] = [...records]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => ({ key, value, count: 1 }));
  if (entries.length === 0) return { root: writeNode(codec, nodes, emptyNode).value, total: 0, nodes };
  for (let level = 0; ; level++) {
    const above: Entry[] = [];
    const chunker = createChunker(level, (node) => above.push(writeNode(codec, nodes, node)));
    for (const entry of entries) chunker.add(entry);
    chunker.finish();
    const [only] = above;
    if (above.length === 1 && only !== undefined) return { root: only.value, total: only.count, nodes };
    entries = above;
  }
}
