import { ConcordError } from '@concord/core/errors/concord-error';
import type { RouteQuery, RouteResponse } from '@concord/core/protocol/routes';
import type { Codec } from '@concord/core/versioning/codec';
import { decodeRecord } from '@concord/core/versioning/record';
import type { Repository, Version } from '@concord/core/versioning/repository';
import { diffTrees, type RecordDiff, type TreeAt } from '@concord/core/versioning/tree-diff';
import { emptyTree } from '@concord/core/versioning/write-version';
import { changedFields } from './changed-fields.ts';

/** Stands for the version before the first commit. */
const EMPTY = 'empty';

/** Throws `not_found` when there is no such branch or commit. */
export async function openVersion(repository: Repository, project: string, at: string): Promise<Version> {
  const version = await repository.open(project, at);
  if (version !== null) return version;
  const reason =
    at === 'main' ? 'Nothing is settled in this project yet.' : `This dataset has no branch or commit ${at}.`;
  throw new ConcordError('not_found', reason);
}

/** Counts all that differs; lists the first `limit` records, with the fields that differ. */
export async function diffVersions(
  repository: Repository,
  codec: Codec,
  project: string,
  query: RouteQuery<'diffs.get'>,
): Promise<RouteResponse<'diffs.get'>> {
  const treeAt = async (at: string): Promise<TreeAt> => {
    if (at === EMPTY) return emptyTree(codec);
    const { commit, nodes } = await openVersion(repository, project, at);
    return { root: commit.root, nodes };
  };
  const counts = { added: 0, changed: 0, removed: 0 };
  const records: RouteResponse<'diffs.get'>['records'] = [];
  for await (const diff of diffTrees(await treeAt(query.from), await treeAt(query.to))) {
    const change = diff.before === null ? 'added' : diff.after === null ? 'removed' : 'changed';
    counts[change] += 1;
    if (records.length < query.limit) records.push(describe(diff, change));
  }
  return { ...counts, records };
}

function describe(diff: RecordDiff, change: 'added' | 'changed' | 'removed') {
  const before = diff.before === null ? null : decodeRecord(diff.before);
  const after = diff.after === null ? null : decodeRecord(diff.after);
  const fields = change === 'changed' ? changedFields(before, after) : [];
  return { key: diff.key, change, fields, before, after };
}
