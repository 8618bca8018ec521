import { ConcordError } from '@concord/core/errors/concord-error';
import type { Modality } from '@concord/core/modalities/modality';
import type { CommitSummary } from '@concord/core/protocol/resources';
import type { Finalization } from '@concord/core/records/finalization';
import type { ProjectId } from '@concord/core/records/ids';
import type { Commit } from '@concord/core/versioning/commit';
import { type DatasetRecord, decodeRecord } from '@concord/core/versioning/record';
import { createRepository } from '@concord/core/versioning/repository';
import { diffTrees } from '@concord/core/versioning/tree-diff';
import { scanTree } from '@concord/core/versioning/tree-read';
import { nodeCodec } from '@concord/platform/datasets/node-codec';
import { Answer, type Handlers } from '../gateway/http/handler.ts';
import type { Platform } from '../platform.ts';
import { modalityOf, type Projects } from '../projects/index.ts';
import { csv } from './formats/csv.ts';
import type { Formatter } from './formats/formatter.ts';
import { jsonArray, jsonLines } from './formats/json-lines.ts';
import { labelStudio } from './formats/label-studio.ts';
import { parquet } from './formats/parquet.ts';

const MAIN = 'main';
const formats: Readonly<Record<string, Formatter>> = {
  jsonl: jsonLines,
  json: jsonArray,
  csv,
  parquet,
  'label-studio': labelStudio,
};

const summaryOf = (id: string, { parents, message, author, at, root, stats }: Commit): CommitSummary => ({
  id,
  parents,
  message,
  author,
  at,
  root,
  stats,
});

/** Which top-level fields of two records differ. */
function fieldsOf(before: unknown, after: unknown): string[] {
  const a = (before ?? {}) as Record<string, unknown>;
  const b = (after ?? {}) as Record<string, unknown>;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]))
    .sort();
}

type CatalogHandlers = Pick<
  Handlers,
  'datasets.list' | 'commits.list' | 'diffs.get' | 'exports.get' | 'finalizations.list'
>;

/** Reads what the versioning worker writes. */
export function catalogHandlers(platform: Platform, projects: Projects): CatalogHandlers {
  const { store, blobs, modalities } = platform;
  const repository = createRepository(blobs, nodeCodec);

  async function open(project: string, at: string) {
    const version = await repository.open(project, at);
    if (version === null) {
      throw new ConcordError('not_found', `There is no version ${at} of this dataset yet.`, [
        {
          path: 'at',
          message: 'no such branch or commit',
          value: at,
          remedy: 'See GET /datasets/{project}/commits.',
        },
      ]);
    }
    return version;
  }

  async function* records(version: Awaited<ReturnType<typeof open>>): AsyncGenerator<DatasetRecord[]> {
    for await (const leaf of scanTree(version.nodes, version.commit.root))
      yield leaf.map((entry) => decodeRecord(entry.value));
  }

  return {
    'datasets.list': async () => {
      const items = [];
      for (const name of await blobs.listRefs('datasets/')) {
        const [, projectId, ...rest] = name.split('/');
        const branch = rest.join('/');
        const head = await repository.head(projectId!, branch);
        const found = head === null ? null : await repository.commit(projectId!, head.commit);
        const project = await projects.get(projectId as ProjectId).catch(() => null);
        if (found === null || project === null) continue;
        items.push({
          projectId: project.record.id,
          name: project.record.name,
          branch,
          head: head!.commit,
          records: found.stats.total,
          commits: found.number,
          updatedAt: found.at,
        });
      }
      return { items };
    },

    'commits.list': async ({ params, query }) => {
      await projects.get(params.project as ProjectId);
      const from = query.from ?? (await repository.head(params.project, query.branch))?.commit;
      const items: CommitSummary[] = [];
      if (from === undefined) return { items, next: null };
      for await (const { id, commit } of repository.log(params.project, from)) {
        if (items.length === query.limit) return { items, next: id };
        items.push(summaryOf(id, commit));
      }
      return { items, next: null };
    },

    'diffs.get': async ({ params, query }) => {
      const [before, after] = [await open(params.project, query.from), await open(params.project, query.to)];
      const tip = await open(params.project, MAIN);
      const counts = { added: 0, changed: 0, removed: 0 };
      const found = [];
      for await (const diff of diffTrees(tip.nodes, before.commit.root, after.commit.root)) {
        const change = diff.before === null ? 'added' : diff.after === null ? 'removed' : 'changed';
        counts[change] += 1;
        if (found.length >= query.limit) continue;
        const old: unknown = diff.before === null ? null : JSON.parse(diff.before);
        const now: unknown = diff.after === null ? null : JSON.parse(diff.after);
        found.push({ key: diff.key, change, fields: fieldsOf(old, now), before: old, after: now } as const);
      }
      return { ...counts, records: found };
    },

    'exports.get': async ({ params, query }) => {
      const { record: project } = await projects.get(params.project as ProjectId);
      const version = await open(project.id, query.at);
      const format = formats[query.format]!;
      const modality: Modality = modalityOf(modalities, project.schema);
      const name = `${project.name.replace(/[^A-Za-z0-9]+/g, '-').toLowerCase() || 'dataset'}-${version.id.slice(0, 10)}.${format.extension}`;
      return new Answer({
        stream: format.write(records(version), modality),
        headers: {
          'content-type': format.type,
          'content-disposition': `attachment; filename="${name}"`,
          etag: `"${version.id}-${query.format}"`,
        },
      });
    },

    'finalizations.list': async ({ params, query }) => {
      const { record: project } = await projects.get(params.project as ProjectId);
      const page = await store.page('finalizations', {
        index: 'time',
        where: { projectId: project.id },
        after: query.after,
        limit: query.limit,
      });
      const found = page.items.map(({ record }) => record);
      if (!query.assets) return { items: found, next: page.next };
      const assets = await store.getMany('assets', [...new Set(found.map((f) => f.assetId))]);
      const byId = new Map(assets.map(({ record }) => [record.id, record]));
      return {
        items: found.map((f: Finalization) => ({ ...f, asset: byId.get(f.assetId) })),
        next: page.next,
      };
    },
  };
}
