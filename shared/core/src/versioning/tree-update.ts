import { createChunker } from './boundary.ts';
import type { Codec } from './codec.ts';
import {
  decodeNode,
  type Entry,
  emptyNode,
  lastKey,
  type NodeSource,
  recordCount,
  type TreeNode,
} from './node.ts';
import { type BuiltTree, type NewNodes, writeNode } from './tree-build.ts';
import { type LevelCursor, levelCursor, rememberNodes } from './tree-cursor.ts';

/** A record to put (canonical JSON) or to take out (null). */
export interface RecordChange {
  readonly key: string;
  readonly value: string | null;
}

/** An entry to put at a level, or (null) to take out. `was`: the hash that stood under this key, where it was a node's. */
interface Edit {
  readonly key: string;
  readonly entry: Entry | null;
  readonly was?: string | undefined;
}

/**
 * The tree with these changes, level by level. Rewriting the nodes of one level gives the edits of the level above:
 * old last keys go, new ones come. Only nodes on the changed paths, and their right neighbours until the cuts
 * coincide again, are read. Of several changes of one key the last one counts. `nodes` holds the new nodes only.
 */
export async function updateTree(
  codec: Pick<Codec, 'digest'>,
  source: NodeSource,
  root: string,
  changes: readonly RecordChange[],
): Promise<BuiltTree> {
  const nodes: NewNodes = new Map();
  const known = rememberNodes(source);
  const rootNode = await known.read(root);
  let edits = sortedEdits(changes);
  for (let level = 0; edits.length > 0; level++) {
    const write = (node: TreeNode) => writeNode(codec, nodes, node);
    if (level < rootNode.level) {
      edits = withoutUnchanged(
        await rewriteLevel(levelCursor(known, root, rootNode, level), level, edits, write),
        nodes,
      );
      continue;
    }
    const all =
      level === rootNode.level
        ? puts(await rewriteLevel(levelCursor(known, root, rootNode, level), level, edits, write))
        : cutLevel(level, edits, write);
    if (all.length > 1) {
      edits = all.map((entry) => ({ key: entry.key, entry }));
      continue;
    }
    const top = all[0] ?? write(emptyNode);
    const lowest = await lowestRoot(known, top.value, nodes);
    nodes.delete(root);
    return { root: lowest, total: top.count, nodes };
  }
  return { root, total: recordCount(rootNode), nodes: new Map() };
}

function sortedEdits(changes: readonly RecordChange[]): Edit[] {
  const last = new Map<string, RecordChange>();
  for (const change of changes) last.set(change.key, change);
  return [...last.values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, value }) => ({ key, entry: value === null ? null : { key, value, count: 1 } }));
}

const puts = (edits: readonly Edit[]): Entry[] =>
  edits.flatMap(({ entry }) => (entry === null ? [] : [entry]));

/** A level that did not exist before. */
function cutLevel(level: number, edits: readonly Edit[], write: (node: TreeNode) => Entry): Entry[] {
  const above: Entry[] = [];
  const chunker = createChunker(level, (node) => above.push(write(node)));
  for (const entry of puts(edits)) chunker.add(entry);
  chunker.finish();
  return above;
}

/** Applies edits to one level of the old tree; answers with the edits of the level above, sorted. */
async function rewriteLevel(
  cursor: LevelCursor,
  level: number,
  edits: readonly Edit[],
  write: (node: TreeNode) => Entry,
): Promise<Edit[]> {
  const above = new Map<string, Edit>();
  const chunker = createChunker(level, (node) => {
    const entry = write(node);
    above.set(entry.key, { key: entry.key, entry, was: above.get(entry.key)?.was });
  });
  let next = 0;
  while (next < edits.length) {
    await cursor.seek(edits[next]?.key as string);
    for (;;) {
      const node = cursor.node();
      const last = lastKey(node);
      above.set(last, { key: last, entry: null, was: cursor.hash() });
      next = merge(node.entries, edits, next, cursor.isLast() ? null : last, chunker.add);
      if (cursor.isLast()) chunker.finish();
      // Where the cuts coincide again nothing further right can differ; the next edit seeks its own place.
      if (chunker.atBoundary()) break;
      await cursor.next();
    }
  }
  return [...above.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Adds old entries and edits in order of keys, edits winning, up to key `last` (null: all). Answers with the next edit's index. */
function merge(
  entries: readonly Entry[],
  edits: readonly Edit[],
  from: number,
  last: string | null,
  add: (entry: Entry) => void,
): number {
  let next = from;
  const addEditsBefore = (key: string | null) => {
    for (let edit = edits[next]; edit !== undefined && (key === null || edit.key < key); edit = edits[next]) {
      if (edit.entry !== null) add(edit.entry);
      next += 1;
    }
  };
  for (const old of entries) {
    addEditsBefore(old.key);
    const edit = edits[next];
    if (edit?.key !== old.key) add(old);
    else {
      if (edit.entry !== null) add(edit.entry);
      next += 1;
    }
  }
  if (last === null) addEditsBefore(null);
  return next;
}

/** Nodes that came out as they were are no edit for the level above, and need not be stored again. */
function withoutUnchanged(edits: readonly Edit[], nodes: NewNodes): Edit[] {
  return edits.filter(({ entry, was }) => {
    if (entry === null || entry.value !== was) return true;
    nodes.delete(was);
    return false;
  });
}

/** A root with one child is no root: built from nothing, the tree would have ended one level lower. */
async function lowestRoot(source: NodeSource, root: string, nodes: NewNodes): Promise<string> {
  let hash = root;
  for (;;) {
    const text = nodes.get(hash);
    const node = text === undefined ? await source.read(hash) : decodeNode(text);
    const only = node.entries[0];
    if (node.level === 0 || node.entries.length !== 1 || only === undefined) return hash;
    nodes.delete(hash);
    hash = only.value;
  }
}
