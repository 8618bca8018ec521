import { ConcordError } from '@concord/core/errors/concord-error';
import type { ProjectId } from '@concord/core/records/ids';
import type { ImportJob } from '@concord/core/records/import';
import { Answer, type Handlers } from '../gateway/http/handler.ts';
import type { Platform } from '../platform.ts';
import { modalityOf, type Projects } from '../projects/index.ts';
import type { Ingest } from './ingest.ts';
import { beginning, previewOf } from './preview.ts';
import type { Samples } from './samples.ts';

type IngestHandlers = Pick<
  Handlers,
  | 'imports.create'
  | 'imports.list'
  | 'imports.get'
  | 'imports.errors'
  | 'imports.preview'
  | 'samples.list'
  | 'samples.add'
>;

export function ingestHandlers(
  platform: Platform,
  projects: Projects,
  ingest: Ingest,
  samples: Samples,
): IngestHandlers {
  const { store, blobs, modalities } = platform;

  async function jobOf(id: string): Promise<ImportJob> {
    const stored = await store.get('imports', id);
    if (stored === null) throw new ConcordError('not_found', `There is no import ${id}.`);
    return stored.record;
  }

  return {
    'imports.create': async ({ user, params, query, bytes, length }) => {
      const { job, done } = await ingest.start({
        projectId: params.project as ProjectId,
        userId: user.id,
        name: query.name,
        mapping: query.mapping,
        encoding: query.encoding,
        bytes,
        total: length,
        takeOver: !query.wait,
      });
      return query.wait ? done : job;
    },
    'imports.list': async ({ params, query }) => {
      const page = await store.page('imports', {
        index: 'project',
        where: { projectId: params.project },
        descending: true,
        after: query.after,
        limit: query.limit,
      });
      return { items: page.items.map(({ record }) => ingest.asItIs(record)), next: page.next };
    },
    'imports.get': async ({ params }) => ingest.asItIs(await jobOf(params.import)),
    'imports.errors': async ({ params }) => {
      const job = await jobOf(params.import);
      const ref = await blobs.getRef(`imports/${job.id}`);
      const stream = ref === null ? empty() : ((await blobs.stream(ref.value)) ?? empty());
      return new Answer({
        stream,
        headers: {
          'content-type': 'application/x-ndjson',
          'content-disposition': `attachment; filename="${job.id}-errors.jsonl"`,
        },
      });
    },
    'imports.preview': async ({ params, query, bytes }) => {
      const { record: project } = await projects.get(params.project as ProjectId);
      const head = await beginning(bytes);
      return previewOf(query.name, head, modalityOf(modalities, project.schema), query.encoding);
    },
    'samples.list': async () => ({ items: await samples.list() }),
    'samples.add': async ({ user, params }) => samples.add(params.sample, user.id),
  };
}

async function* empty(): AsyncGenerator<Uint8Array> {}
