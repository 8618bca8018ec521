import type { Entry, NodeSource, TreeNode } from './node.ts';
import { childIndex } from './tree-cursor.ts';

/** Children fetched in one go while scanning: some hundred kB to a few MB, so that memory stays flat. */
const WINDOW = 32;

/** The record's canonical JSON under this key, or null. Reads one path. */
export async function getRecord(source: NodeSource, root: string, key: string): Promise<string | null> {
  let node = await source.read(root);
  for (;;) {
    const entry = node.entries[childIndex(node, key)];
    if (entry === undefined || entry.key < key) return null;
    if (node.level === 0) return entry.key === key ? entry.value : null;
    node = await source.read(entry.value);
  }
}

/** Leaves in order of keys, from the one that holds the first key > `after`. The first may begin with keys <= `after`. */
async function* leavesFrom(source: NodeSource, node: TreeNode, after: string): AsyncGenerator<TreeNode> {
  if (node.level === 0) {
    yield node;
    return;
  }
  const start = after === '' ? 0 : node.entries.findIndex((entry) => entry.key > after);
  if (start < 0) return;
  for (let at = start; at < node.entries.length; at += WINDOW) {
    const window = node.entries.slice(at, at + WINDOW);
    if (node.level > 1) {
      for (const entry of window) yield* leavesFrom(source, await source.read(entry.value), after);
    } else yield* await source.readMany(window.map((entry) => entry.value));
  }
}

/** All records after `after` (all, when ''), in order of keys, in batches of one leaf each. */
export async function* scanTree(
  source: NodeSource,
  root: string,
  after = '',
): AsyncGenerator<readonly Entry[]> {
  for await (const leaf of leavesFrom(source, await source.read(root), after)) {
    const entries = after === '' ? leaf.entries : leaf.entries.filter((entry) => entry.key > after);
    if (entries.length > 0) yield entries;
  }
}
