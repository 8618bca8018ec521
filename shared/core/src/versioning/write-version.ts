import type { Codec, ObjectStore } from './codec.ts';
import { type Commit, encodeCommit } from './commit.ts';
import { packsToJoin } from './join-packs.ts';
import { emptyNode, encodeNode, type NodeSource } from './node.ts';
import { encodePack, type PackedNode, type PackRef, unpackNodes } from './pack.ts';
import { encodeHead, type Head, headRef } from './repository.ts';
import { type NewNodes } from './tree-build.ts';
import { getRecord } from './tree-read.ts';
import { type RecordChange, updateTree } from './tree-update.ts';

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
  const origin = `${headRef(project, draft.branch)} ${base?.head.commit ?? ''}`;
  const { packs, joined } = await writePack(objects, codec, base?.head.packs ?? [], tree.nodes, origin);
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
  const retired = [...(base?.head.retired ?? []), ...joined.map(({ hash }) => ({ hash, at: draft.at }))];
  await objects.putRef(
    headRef(project, draft.branch),
    encodeHead({ commit: id, packs, retired }),
    base?.head.version ?? 'absent',
  );
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
 * Writes the new nodes as one pack, together with those of the newest packs where there are many small ones. Answers with
 * the branch's packs, oldest first, and those that it needs no more. The pack says what it was written for, so that one
 * that was retired, and may be removed at any moment, is never made and relied on again.
 */
async function writePack(
  objects: ObjectStore,
  codec: Codec,
  packs: readonly PackRef[],
  nodes: NewNodes,
  origin: string,
): Promise<{ readonly packs: readonly PackRef[]; readonly joined: readonly PackRef[] }> {
  const fresh: PackedNode[] = [...nodes].map(([hash, text]) => ({ hash, body: codec.deflate(text) }));
  if (fresh.length === 0) return { packs, joined: [] };
  const bytes = fresh.reduce((sum, node) => sum + node.body.length, 0);
  const parts = [fresh];
  const joined: PackRef[] = [];
  for (const ref of packs.slice(packs.length - packsToJoin(packs, bytes)).toReversed()) {
    const pack = await objects.get(ref.hash);
    // A lost pack is no reason to take in nothing any more; who reads what was in it is told.
    if (pack === null) break;
    parts.unshift(unpackNodes(codec, pack, ref.nodes));
    joined.unshift(ref);
  }
  const unique = new Map(parts.flat().map((node) => [node.hash, node]));
  const pack = encodePack(codec, [...unique.values()], origin);
  const written = { hash: await objects.put(pack), bytes: pack.length, nodes: unique.size };
  return { packs: [...packs.slice(0, packs.length - joined.length), written], joined };
}
