import { ConcordError } from '@concord/core/errors/concord-error';
import type { ProjectId } from '@concord/core/records/ids';
import type { ImportJob } from '@concord/core/records/import';
import type { Json } from '@concord/core/records/json';
import { Answer, type Handlers } from '../gateway/http/handler.ts';
import type { Platform } from '../platform.ts';
import { modalityOf, type Projects } from '../projects/index.ts';
import type { Ingest } from './ingest.ts';
import { isLabelStudio } from './labels.ts';
import { guessMapping } from './mapping.ts';
import { detect, rowsOf } from './rows.ts';
import type { Samples } from './samples.ts';

const PREVIEW_ROWS = 20;

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
  const { store, blobs, modalities, logger } = platform;

  async function jobOf(id: string): Promise<ImportJob> {
    const stored = await store.get('imports', id);
    if (stored === null) throw new ConcordError('not_found', `There is no import ${id}.`);
    return stored.record;
  }

  return {
    'imports.create': async ({ user, params, query, bytes, length }) => {
      const { done } = await ingest.start({
        projectId: params.project as ProjectId,
        userId: user.id,
        name: query.name,
        mapping: query.mapping,
        bytes,
        total: length,
      });
      // The body is read while the import runs, so the answer comes when it is through; `wait` is kept for callers that say so.
      return done.catch((error: unknown) => {
        logger.error({ err: error }, 'an import failed');
        throw error;
      });
    },
    'imports.list': async ({ params, query }) => {
      const page = await store.page('imports', {
        index: 'project',
        where: { projectId: params.project },
        descending: true,
        after: query.after,
        limit: query.limit,
      });
      return { items: page.items.map(({ record }) => record), next: page.next };
    },
    'imports.get': ({ params }) => jobOf(params.import),
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
      const modality = modalityOf(modalities, project.schema);
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      const format = detect(query.name, whole);
      const none = { format, columns: [], rows: [], mapping: {}, problems: [] as string[] };
      if (format === 'zip' || format === 'image') return none;
      const rows: Record<string, Json>[] = [];
      const problems: string[] = [];
      for await (const row of rowsOf(format, once(whole))) {
        // The file was cut for the preview: what is wrong with its last row means nothing.
        if ('error' in row) problems.push(`row ${row.error.row}: ${row.error.message}`);
        else
          rows.push(
            isLabelStudio(row.values) ? (row.values['data'] as Record<string, Json>) : { ...row.values },
          );
        if (rows.length >= PREVIEW_ROWS) break;
      }
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
      return {
        format,
        columns,
        rows,
        mapping: { ...guessMapping(modality, columns) },
        problems: rows.length === 0 ? problems : problems.slice(0, -1),
      };
    },
    'samples.list': async () => ({ items: await samples.list() }),
    'samples.add': async ({ user, params }) => samples.add(params.sample, user.id),
  };
}

async function* empty(): AsyncGenerator<Uint8Array> {}
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
