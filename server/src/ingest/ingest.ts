import { ConcordError } from '@concord/core/errors/concord-error';
import { makeEvent } from '@concord/core/events/event';
import type { Modality } from '@concord/core/modalities/modality';
import type { NodeId, ProjectId, UserId } from '@concord/core/records/ids';
import type { ImportError, ImportJob } from '@concord/core/records/import';
import type { Json } from '@concord/core/records/json';
import type { Project } from '@concord/core/records/project';
import type { Nodes } from '../cluster/index.ts';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import { modalityOf, type Projects } from '../projects/index.ts';
import type { NewAsset, Tasks } from '../tasks/index.ts';
import { readImage } from './image.ts';
import { type Brought, createAuthors, isLabelStudio, labelledTogether, labelsOf } from './labels.ts';
import { guessMapping, type Mapping, mapRow, parseMapping } from './mapping.ts';
import { type BringSuggestions, bringPredictions, type Prediction, predictionsOf } from './predictions.ts';
import { detect, type Format, type Row, rowsOf } from './rows.ts';
import { zipEntries } from './zip.ts';

/**
 * Rows a transaction: many enough that a page of an index is written once for several rows, few enough that rooms wait
 * some ten milliseconds at most.
 */
const BATCH = 2000;
/** Batches on their way to the disk while the next is read. */
const WRITING_MOST = 2;
const SHOWN_ERRORS = 200;
const KEPT_ERRORS = 100_000;
const PROGRESS_MS = 250;

type Progress = { -readonly [K in keyof ImportJob]: ImportJob[K] };

export interface IngestParts {
  readonly projects: Projects;
  readonly tasks: Tasks;
  readonly people: People;
  readonly nodes: Nodes;
  /** Events were written to the outbox. */
  readonly poke: () => void;
  readonly bringSuggestions: BringSuggestions;
}

export interface ImportInput {
  readonly projectId: ProjectId;
  readonly userId: UserId;
  readonly name: string;
  readonly mapping: string | undefined;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly total: number | null;
}

export interface Ingest {
  /** Reads the file's beginning and starts; `done` resolves with the finished job. Throws before that for a file of no known kind. */
  start(input: ImportInput): Promise<{ readonly job: ImportJob; readonly done: Promise<ImportJob> }>;
  /** Marks jobs whose node runs no more. What they brought in stays; the same file again brings the rest. */
  recover(runs: (node: NodeId) => boolean): Promise<void>;
}

/** Files become assets and tasks, some hundred rows at a time; a bad row is named and the rest goes on. */
export function createIngest(platform: Platform, parts: IngestParts): Ingest {
  const { store, blobs, clock, live, random, modalities, logger } = platform;
  const authors = createAuthors(parts.people);

  async function save(job: ImportJob): Promise<void> {
    await store.commit({ writes: [{ put: 'imports', record: job, expect: 'any' }] });
    live.publish({ topic: `imports:${job.projectId}`, kind: 'import', job });
  }

  async function run(
    first: ImportJob,
    project: Project,
    modality: Modality,
    mapping: Mapping | null,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<ImportJob> {
    const job: Progress = { ...first };
    const errors: ImportError[] = [];
    let savedAt = clock.now();
    let batch: NewAsset[] = [];
    let brought = new Map<number, readonly Brought[]>();
    let predicted = new Map<number, readonly Prediction[]>();
    const writing: Promise<void>[] = [];

    function refuse(error: ImportError): void {
      if (errors.length < KEPT_ERRORS) errors.push(error);
      job.errorCount += 1;
      if (errors.length <= SHOWN_ERRORS) job.errors = [...errors];
    }

    /** Hands the gathered rows over; the next ones are read and prepared while these are written. */
    async function flush(): Promise<void> {
      if (writing.length >= WRITING_MOST) await writing.shift();
      const written = write(batch, brought, predicted);
      // Heard by whoever awaits it next.
      written.catch(() => {});
      writing.push(written);
      batch = [];
      brought = new Map();
      predicted = new Map();
    }

    async function write(
      assets: readonly NewAsset[],
      labels: ReadonlyMap<number, readonly Brought[]>,
      predictions: ReadonlyMap<number, readonly Prediction[]>,
    ): Promise<void> {
      if (assets.length > 0) {
        const { fresh, duplicates } = await parts.tasks.add(
          project.id,
          assets,
          labels.size > 0 ? { together: labelledTogether(platform, project, modality, authors, labels) } : {},
        );
        const labelled = fresh.filter((f) => labels.has(f.index) || predictions.has(f.index)).length;
        job.added += fresh.length;
        job.duplicates += duplicates.length;
        job.labelled += labelled;
        if (labels.size > 0) parts.poke();
        const { refused } = await bringPredictions(
          project,
          job.createdBy,
          fresh,
          predictions,
          parts.bringSuggestions,
        );
        if (refused > 0)
          refuse({
            row: job.rows,
            path: 'predictions',
            message: `${refused} predictions were not taken: their items moved on meanwhile`,
            remedy: 'The items themselves are in.',
          });
      }
      if (clock.now() - savedAt >= PROGRESS_MS) {
        savedAt = clock.now();
        await save({ ...job });
      }
      // Rooms go first: an import never holds the process for longer than a batch.
      await new Promise((done) => setImmediate(done));
    }

    async function takeRow(row: Row, file: string | undefined): Promise<void> {
      job.rows += 1;
      if ('error' in row) return refuse({ ...row.error, ...(file ? { file } : {}) });
      const shaped = isLabelStudio(row.values);
      const values = shaped ? (row.values['data'] as Record<string, Json>) : row.values;
      if (modality.asset !== 'inline') {
        return refuse({
          row: row.row,
          ...(file ? { file } : {}),
          path: '(row)',
          message: `${modality.title} takes pictures`,
          remedy: 'Import PNG, JPEG or WebP files, or a zip of them.',
        });
      }
      const mapped = mapRow(
        modality,
        mapping ?? guessMapping(modality, Object.keys(values)),
        row.row,
        values,
      );
      if ('error' in mapped) return refuse({ ...mapped.error, ...(file ? { file } : {}) });
      if (shaped) {
        const reportOn = (path: string) => (message: string) =>
          refuse({
            row: row.row,
            ...(file ? { file } : {}),
            path,
            message,
            remedy: 'The item itself is in.',
          });
        const facts = { data: mapped.data };
        const labels = labelsOf(row.values, modality, project, facts, reportOn('annotations'));
        if (labels.length > 0) brought.set(batch.length, labels);
        const predictions = predictionsOf(row.values, modality, project, facts, reportOn('predictions'));
        if (predictions.length > 0) predicted.set(batch.length, predictions);
      }
      batch.push(mapped);
      if (batch.length >= BATCH) await flush();
    }

    async function takeFile(name: string, format: Format, body: AsyncIterable<Uint8Array>): Promise<void> {
      if (format === 'image') {
        job.rows += 1;
        if (modality.asset !== 'image') {
          return refuse({
            row: job.rows,
            file: name,
            path: 'file',
            message: `${modality.title} takes texts, not pictures`,
            remedy: 'Import CSV, JSON or text files.',
          });
        }
        const blob = await readImage(blobs, name, body).catch((error: unknown) => {
          refuse({
            row: job.rows,
            file: name,
            path: 'file',
            message: (error as Error).message,
            remedy: 'Save it again as PNG, JPEG or WebP.',
          });
          return null;
        });
        if (blob !== null) batch.push({ data: {}, blob, meta: { file: name } });
        if (batch.length >= 50) await flush();
        return;
      }
      for await (const row of rowsOf(format, body))
        await takeRow(row, name === first.file ? undefined : name);
    }

    async function* counted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        job.bytesRead += chunk.length;
        yield chunk;
      }
    }

    try {
      if (job.format !== 'zip') await takeFile(job.file, job.format, counted(bytes));
      else {
        for await (const entry of zipEntries(counted(bytes))) {
          try {
            const { head, all } = await peek(await entry.open());
            await takeFile(entry.name, detect(entry.name, head), all);
          } catch (error) {
            if (!(error instanceof ConcordError)) throw error;
            refuse({
              row: 0,
              file: entry.name,
              path: 'file',
              message: error.message,
              remedy: error.errors[0]?.remedy ?? '',
            });
          }
        }
      }
      await flush();
      await Promise.all(writing);
      Object.assign(job, { status: 'done', endedAt: clock.now() });
    } catch (error) {
      if (!(error instanceof ConcordError)) logger.error({ err: error, import: job.id }, 'an import failed');
      await flush()
        .then(() => Promise.all(writing))
        .catch(() => {});
      const failure =
        error instanceof ConcordError
          ? error.message
          : 'The file could not be read to its end. What came before is in.';
      Object.assign(job, { status: 'failed', failure, endedAt: clock.now() });
    }
    if (errors.length > 0) {
      const hash = await blobs.put(Buffer.from(`${errors.map((e) => JSON.stringify(e)).join('\n')}\n`));
      await blobs.putRef(`imports/${job.id}`, hash, 'absent');
    }
    await store.commit({
      writes: [{ put: 'imports', record: job, expect: 'any' }],
      outbox: [
        makeEvent(
          'concord.asset.imported.v1',
          job.id,
          { projectId: project.id, importId: job.id, added: job.added, at: clock.now() },
          clock.now(),
        ),
      ],
    });
    parts.poke();
    live.publish({ topic: `imports:${job.projectId}`, kind: 'import', job });
    return job;
  }

  return {
    async start({ projectId, userId, name, mapping, bytes, total }) {
      const { record: project } = await parts.projects.get(projectId);
      const modality = modalityOf(modalities, project.schema);
      const columns = parseMapping(mapping, modality);
      const { head, all } = await peek(bytes);
      if (head.length === 0)
        throw new ConcordError('input.invalid', `${name} is empty.`, [
          { path: 'file', message: 'is empty', value: name, remedy: 'Choose another file.' },
        ]);
      const job: ImportJob = {
        id: `imp_${random.token(9)}`,
        projectId,
        file: name,
        format: detect(name, head),
        status: 'running',
        bytesRead: 0,
        bytesTotal: total,
        rows: 0,
        added: 0,
        duplicates: 0,
        labelled: 0,
        errorCount: 0,
        errors: [],
        failure: null,
        createdBy: userId,
        startedAt: clock.now(),
        endedAt: null,
        node: parts.nodes.self.id,
      };
      await save(job);
      return { job, done: run(job, project, modality, columns, all) };
    },
    async recover(runs) {
      let after: string | undefined;
      do {
        const page = await store.page('projects', { index: 'created', after, limit: 200 });
        for (const { record: project } of page.items) {
          const jobs = await store.page('imports', {
            index: 'project',
            where: { projectId: project.id },
            descending: true,
            limit: 20,
          });
          for (const { record: job } of jobs.items) {
            if (job.status === 'running' && (job.node === undefined || !runs(job.node)))
              await save({
                ...job,
                status: 'interrupted',
                failure:
                  'The server was stopped meanwhile. Import the file again: what is in already is not doubled.',
                endedAt: clock.now(),
              });
          }
        }
        after = page.next ?? undefined;
      } while (after !== undefined);
    },
  };
}

/** The first bytes of a stream, and the whole of it again. */
async function peek(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const source = bytes[Symbol.asyncIterator]();
  const first = await source.next();
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (first.done) return;
    yield first.value;
    for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
  }
  return { head: first.done ? new Uint8Array() : first.value, all: whole() };
}
