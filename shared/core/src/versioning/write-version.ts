import type { Codec, ObjectStore } from './codec.ts';
import { type Commit, encodeCommit } from './commit.ts';
import { emptyNode, encodeNode, type NodeSource } from './node.ts';
import { encodePack, type PackedNode, type PackRef, unpackNodes } from './pack.ts';
import { encodeHead, type Head, headRef } from './repository.ts';
import { type NewNodes } from './tree-build.ts';
import { getRecord } from './tree-read.ts';
import { type RecordChange, updateTree } from './tree-update.ts';

/** Packs up to this size are joined with newer ones; larger ones stay as they are. */
const JOIN_BYTES = 8 << 20;

export interface VersionDraft {
  readonly project: string;
  readonly branch: string;
  /** What the changes are made to; null for the first version. */
  readonly base: { readonly head: Head; readonly commit: Commit; readonly nodes: NodeSource } | null;
  readonly changes: readonly RecordChange[];
  readonly author: string;
  readonly at: number;
  readonly message: (stats: Commit['stats']) => string;
  readonly source: Commit['source'];
  readonly schemaVersion: number;
}

/** The empty tree, from which a first version is made. */
export function emptyTree(codec: Pick<Codec, 'digest'>): {
  readonly root: string;
  readonly nodes: NodeSource;
} {
  const root = codec.digest(encodeNode(emptyNode));
  return { root, nodes: { read: async () => emptyNode, readMany: async () => [emptyNode] } };
}

/**
 * Makes a version and moves the branch to it: pack, then commit, then the reference by compare-and-set. A crash before the
 * last step leaves unused objects and the branch as it was. Answers null, having written nothing, when nothing would change.
 * Throws `conflict` when somebody else moved the branch meanwhile.
 */
export async function writeVersion(
  objects: ObjectStore,
  codec: Codec,
  draft: VersionDraft,
): Promise<{ readonly id: string; readonly commit: Commit } | null> {
  const { base, project } = draft;
  const empty = emptyTree(codec);
  const nodes = base?.nodes ?? empty.nodes;
  const root = base?.commit.root ?? empty.root;
  const tree = await updateTree(codec, nodes, root, draft.changes);
  if (tree.root === root) return null;
  const stats = { ...(await countChanges(nodes, root, draft.changes)), total: tree.total };
  const packs = await writePack(objects, codec, base?.head.packs ?? [], tree.nodes);
  const commit: Commit = {
    format: 1,
    project: project as Commit['project'],
    number: (base?.commit.number ?? 0) + 1,
    parents: base === null ? [] : [base.head.commit],
    root: tree.root,
    author: draft.author,
    at: draft.at,
    message: draft.message(stats),
    stats,
    source: draft.source,
    schemaVersion: draft.schemaVersion,
  };
  const id = await objects.put(codec.utf8(encodeCommit(commit)));
  await objects.putRef(headRef(project, draft.branch), encodeHead(id, packs), base?.head.version ?? 'absent');
  return { id, commit };
}

async function countChanges(nodes: NodeSource, root: string, changes: readonly RecordChange[]) {
  let added = 0;
  let changed = 0;
  let removed = 0;
  for (const { key, value } of new Map(changes.map((change) => [change.key, change])).values()) {
    const before = await getRecord(nodes, root, key);
    if (before === value) continue;
    if (before === null) added += 1;
    else if (value === null) removed += 1;
    else changed += 1;
  }
  return { added, changed, removed };
}

/**
 * Writes the new nodes as one pack and answers with the branch's packs, oldest first. Older packs no larger than twice the
 * new one are joined into it, again and again, so that n commits leave about log n packs and copy each node about log n times.
 */
async function writePack(
  objects: ObjectStore,
  codec: Codec,
  packs: readonly PackRef[],
  nodes: NewNodes,
): Promise<PackRef[]> {
  const parts: PackedNode[][] = [[...nodes].map(([hash, text]) => ({ hash, body: codec.deflate(text) }))];
  const kept = [...packs];
  let bytes = (parts[0] ?? []).reduce((sum, node) => sum + node.body.length, 0);
  for (let last = kept.at(-1); last !== undefined; last = kept.at(-1)) {
    if (last.bytes > 2 * bytes || last.bytes + bytes > JOIN_BYTES) break;
    const pack = await objects.get(last.hash);
    if (pack === null) break;
    parts.unshift(unpackNodes(codec, pack, last.nodes));
    bytes += last.bytes;
    kept.pop();
  }
  const unique = new Map(parts.flat().map((node) => [node.hash, node]));
  if (unique.size === 0) return kept;
  const pack = encodePack(codec, [...unique.values()]);
  return [...kept, { hash: await objects.put(pack), bytes: pack.length, nodes: unique.size }];
}
