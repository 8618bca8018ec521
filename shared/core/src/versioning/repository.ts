import { z } from 'zod';
import { ConcordError } from '../errors/concord-error.ts';
import { instant } from '../records/ids.ts';
import type { Codec, ObjectStore } from './codec.ts';
import { type Commit, decodeCommit } from './commit.ts';
import type { NodeSource } from './node.ts';
import { createNodeStore, createPackIndexes, type NodeStore } from './node-store.ts';
import type { PackRef } from './pack.ts';

/** A pack that a branch needs no more, and since when: whoever began to read before may still want it. */
const retiredPack = z.strictObject({ hash: z.string(), at: instant });
export type RetiredPack = z.infer<typeof retiredPack>;

/** What a branch's reference holds: the newest commit, and the packs in which all nodes of the branch's versions lie. */
const headValue = z.strictObject({
  commit: z.string().regex(/^[0-9a-f]{64}$/),
  packs: z.array(z.strictObject({ hash: z.string(), bytes: z.number().int(), nodes: z.number().int() })),
  retired: z.array(retiredPack).default([]),
});

export interface Head {
  readonly commit: string;
  readonly packs: readonly PackRef[];
  readonly retired: readonly RetiredPack[];
  /** For compare-and-set. */
  readonly version: string;
}

/** One version, open for reading. */
export interface Version {
  readonly id: string;
  readonly commit: Commit;
  readonly nodes: NodeSource;
}

export const headRef = (project: string, branch: string): string => `datasets/${project}/${branch}`;
export const encodeHead = ({ commit, packs, retired }: Omit<Head, 'version'>): string =>
  JSON.stringify({ commit, packs, retired });

/** Reads datasets. Any number of readers may run beside the one who writes: what they read never changes. */
export interface Repository {
  /** Null while nothing was ever committed there. */
  head(project: string, branch: string): Promise<Head | null>;
  /** Null when there is no such commit of this project. */
  commit(project: string, id: string): Promise<Commit | null>;
  /** `at`: a branch's name or a commit's id. Null when there is neither. */
  open(project: string, at: string): Promise<Version | null>;
  /** From `from` back to the first commit, newest first, along first parents. */
  log(project: string, from: string): AsyncGenerator<{ readonly id: string; readonly commit: Commit }>;
  /** Names of a project's branches, sorted. */
  branches(project: string): Promise<readonly string[]>;
  /** Nodes of a branch's packs, for as long as somebody reads: packs that are joined meanwhile are followed. */
  nodes(project: string, branch: string, head: Head): NodeStore;
}

const COMMITS_KEPT = 1000;

export function createRepository(objects: ObjectStore, codec: Codec): Repository {
  const indexes = createPackIndexes(objects, codec);
  const commits = new Map<string, Commit>();
  const isCommitId = (at: string) => /^[0-9a-f]{64}$/.test(at);

  async function head(project: string, branch: string): Promise<Head | null> {
    const ref = await objects.getRef(headRef(project, branch));
    if (ref === null) return null;
    return { ...headValue.parse(JSON.parse(ref.value)), version: ref.version };
  }

  async function commit(project: string, id: string): Promise<Commit | null> {
    if (!isCommitId(id)) return null;
    let found = commits.get(id) ?? null;
    if (found === null) {
      const bytes = await objects.get(id);
      found = bytes === null ? null : decodeCommit(codec.text(bytes));
      if (found === null) return null;
      if (commits.size >= COMMITS_KEPT) commits.clear();
      commits.set(id, found);
    }
    // Ids are no secrets: a commit of another project is none of this one's.
    return found.project === project ? found : null;
  }

  async function branches(project: string): Promise<readonly string[]> {
    const prefix = headRef(project, '');
    return (await objects.listRefs(prefix)).map((name) => name.slice(prefix.length));
  }

  const nodes = (project: string, branch: string, { packs }: Head) =>
    createNodeStore(objects, codec, indexes, packs, async () => (await head(project, branch))?.packs ?? []);

  return {
    head,
    commit,
    branches,
    nodes,
    async open(project, at) {
      if (!isCommitId(at)) {
        const tip = await head(project, at);
        if (tip === null) return null;
        const found = await commit(project, tip.commit);
        if (found === null) throw new ConcordError('internal', `commit ${tip.commit} of ${at} is missing`);
        return { id: tip.commit, commit: found, nodes: nodes(project, at, tip) };
      }
      const found = await commit(project, at);
      if (found === null) return null;
      for (const branch of await branches(project)) {
        const tip = await head(project, branch);
        if (tip === null) continue;
        const source = nodes(project, branch, tip);
        // A commit whose writer died before the branch moved has no nodes in any branch's packs.
        if (await source.has(found.root)) return { id: at, commit: found, nodes: source };
      }
      return null;
    },
    async *log(project, from) {
      for (let id: string | undefined = from; id !== undefined; ) {
        const found: Commit | null = await commit(project, id);
        if (found === null) throw new ConcordError('not_found', `There is no commit ${id} in this dataset.`);
        yield { id, commit: found };
        id = found.parents[0];
      }
    },
  };
}
