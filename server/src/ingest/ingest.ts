import { ConcordError } from '@concord/core/errors/concord-error';
import { makeEvent } from '@concord/core/events/event';
import type { NodeId, ProjectId, UserId } from '@concord/core/records/ids';
import type { Encoding, ImportJob } from '@concord/core/records/import';
import type { Write } from '@concord/platform/ports/store';
import type { Nodes } from '../cluster/index.ts';
import type { Platform } from '../platform.ts';
import { modalityOf, type Projects } from '../projects/index.ts';
import type { Item } from './item.ts';
import { parseMapping } from './mapping.ts';
import { peek } from './peek.ts';
import { detect } from './read/format.ts';
import { createReadImport, type Source } from './read-import.ts';
import { createReport, type Report } from './report.ts';
import { spool } from './spool.ts';
import { createWriteItems, type WriterParts } from './write-items.ts';

/**
 * Rows a transaction: many enough that a page of an index is written once for several rows, few enough that rooms wait
 * some ten milliseconds at most. Pictures come slower: they are shown as they come.
 */
const BATCH = { inline: 2000, image: 50 } as const;
/** Batches on their way to the disk while the next is read. */
const WRITING_MOST = 2;
const PROGRESS_MS = 250;
/** How long until an import's end that could not be written is written again, in ms. */
const AGAIN_MS = 5000;

export interface IngestParts extends WriterParts {
  readonly projects: Projects;
  readonly nodes: Nodes;
}

export interface ImportInput {
  readonly projectId: ProjectId;
  readonly userId: UserId;
  readonly name: string;
  readonly mapping: string | undefined;
  readonly encoding: Encoding;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly total: number | null;
  /** Take the whole body over before the import starts, so that whoever sent it need not wait for it. */
  readonly takeOver: boolean;
}

export interface Ingest {
  /**
   * Reads the file's beginning and starts. `done` resolves with the finished job, also when the import failed. Throws before
   * that for a file of no known kind.
   */
  start(input: ImportInput): Promise<{ readonly job: ImportJob; readonly done: Promise<ImportJob> }>;
  /** A stored job as it is now: its end may not have reached the store yet. */
  asItIs(job: ImportJob): ImportJob;
  /** Marks jobs whose node runs no more. What they brought in stays; the same file again brings the rest. */
  recover(runs: (node: NodeId) => boolean): Promise<void>;
  /** Takes no more rows. Running imports end as interrupted; `abrupt` leaves them as a killed process would. */
  stop(how: 'clean' | 'abrupt'): void;
  /** Resolves when no import runs any more. */
  stopped(): Promise<void>;
}

const stoppedMeanwhile =
  'The server was stopped meanwhile. Import the file again: what is in already is not doubled.';

class Interrupted extends Error {}

/** Files become assets and tasks, some hundred rows at a time; a bad row is named and the rest goes on. */
export function createIngest(platform: Platform, parts: IngestParts): Ingest {
  const { store, blobs, clock, live, random, modalities, logger } = platform;
  const running = new Set<Promise<ImportJob>>();
  /** Ends that the store has not taken yet. */
  const unwritten = new Map<string, { readonly job: ImportJob; readonly cancel: () => void }>();
  let stopping: 'clean' | 'abrupt' | null = null;

  const put = (job: ImportJob): Write => ({ put: 'imports', record: job, expect: 'any' });
  const tell = (job: ImportJob) => live.publish({ topic: `imports:${job.projectId}`, kind: 'import', job });

  async function save(job: ImportJob): Promise<void> {
    await store.commit({ writes: [put(job)] });
    tell(job);
  }

  /** Gathers items into batches and writes them; the next ones are read and prepared while these are written. */
  function createSink(source: Source, report: Report) {
    const { project, modality } = source;
    const writeItems = createWriteItems(platform, parts, project, modality, report);
    const writing: Promise<void>[] = [];
    let batch: Item[] = [];
    let savedAt = clock.now();

    async function write(items: readonly Item[]): Promise<void> {
      await writeItems(items);
      if (clock.now() - savedAt >= PROGRESS_MS) {
        savedAt = clock.now();
        await save({ ...report.job });
      }
      // Rooms go first: an import never holds the process for longer than a batch.
      await new Promise((done) => setImmediate(done));
    }
    async function flush(): Promise<void> {
      if (stopping !== null) throw new Interrupted();
      if (writing.length >= WRITING_MOST) await writing.shift();
      const written = write(batch);
      // Heard by whoever awaits it next.
      written.catch(() => {});
      writing.push(written);
      batch = [];
    }
    return {
      async push(item: Item) {
        batch.push(item);
        if (batch.length >= BATCH[modality.asset]) await flush();
      },
      async settle() {
        await flush();
        await Promise.all(writing);
      },
      /** Resolves when nothing is being written any more, whatever came of it. */
      async quiet() {
        await Promise.allSettled(writing);
      },
    };
  }

  async function run(first: ImportJob, source: Source, bytes: AsyncIterable<Uint8Array>): Promise<ImportJob> {
    const report = createReport(first);
    const { job } = report;
    const sink = createSink(source, report);
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const chunk of bytes) {
        job.bytesRead += chunk.length;
        yield chunk;
      }
    }
    try {
      await createReadImport(platform, source, sink, report)(job.file, first.format, counted());
      await sink.settle();
      job.status = 'done';
    } catch (error) {
      if (!(error instanceof ConcordError || error instanceof Interrupted))
        logger.error({ err: error, import: job.id }, 'an import failed');
      // What came before the failure is in, where it can be written.
      await sink.settle().catch(() => {});
      await sink.quiet();
      job.status = error instanceof Interrupted ? 'interrupted' : 'failed';
      job.failure = failureOf(error);
    }
    job.endedAt = clock.now();
    if (stopping !== 'abrupt') await end({ ...job }, report);
    return { ...job };
  }

  /** Writes how an import ended. Where that cannot be written now it is tried again: an import never stays running. */
  async function end(job: ImportJob, report: Report): Promise<void> {
    try {
      if (report.errors.length > 0) {
        const lines = report.errors.map((error) => `${JSON.stringify(error)}\n`).join('');
        const hash = await blobs.put(Buffer.from(lines));
        await blobs.putRef(`imports/${job.id}`, hash, 'absent');
      }
    } catch (err) {
      logger.error(
        { err, import: job.id },
        'the list of refused rows was not written; the first are in the job',
      );
    }
    await writeEnd(job);
  }

  async function writeEnd(job: ImportJob): Promise<void> {
    const { id: importId, projectId, added } = job;
    const at = clock.now();
    try {
      await store.commit({
        writes: [put(job)],
        outbox: [makeEvent('concord.asset.imported.v1', importId, { projectId, importId, added, at }, at)],
      });
      unwritten.delete(importId);
      parts.poke();
    } catch (err) {
      logger.error({ err, import: importId }, 'the end of an import was not written; it is tried again');
      if (stopping === null)
        unwritten.set(importId, { job, cancel: clock.after(AGAIN_MS, () => void writeEnd(job)) });
    }
    tell(job);
  }

  async function start(input: ImportInput) {
    const { projectId, userId, name, encoding } = input;
    const { record: project } = await parts.projects.get(projectId);
    const modality = modalityOf(modalities, project.schema);
    const mapping = parseMapping(input.mapping, modality);
    const { head, all } = await peek(input.bytes);
    if (head.length === 0)
      throw new ConcordError('input.invalid', `${name} is empty.`, [
        { path: 'file', message: 'is empty', value: name, remedy: 'Choose another file.' },
      ]);
    const job: ImportJob = {
      id: `imp_${random.token(9)}`,
      projectId,
      file: name,
      format: detect(name, head, encoding),
      status: 'running',
      bytesRead: 0,
      bytesTotal: input.total,
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
    };
    const bytes = input.takeOver ? await spool(all) : all;
    await save(job);
    const done = run(job, { project, modality, mapping, encoding }, bytes);
    running.add(done);
    void done.finally(() => running.delete(done));
    return { job, done };
  }

  return {
    start,
    asItIs: (job) => unwritten.get(job.id)?.job ?? job,
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
              await save({ ...job, status: 'interrupted', failure: stoppedMeanwhile, endedAt: clock.now() });
          }
        }
        after = page.next ?? undefined;
      } while (after !== undefined);
    },
    stop(how) {
      stopping = how;
      for (const { cancel } of unwritten.values()) cancel();
    },
    async stopped() {
      await Promise.allSettled(running);
    },
  };
}

/** Why an import ended early, for whoever sent the file. */
function failureOf(error: unknown): string {
  if (error instanceof Interrupted) return stoppedMeanwhile;
  if (error instanceof ConcordError && error.code !== 'internal')
    return [error.message, error.errors[0]?.remedy].filter((part) => part !== undefined).join(' ');
  if (
    /ENOSPC|SQLITE_FULL|disk is full/.test(
      `${(error as { code?: unknown }).code} ${(error as Error).message}`,
    )
  )
    return 'No space is left where the server keeps its data. What came before is in; the same file again brings the rest.';
  return 'The file could not be read to its end. What came before is in.';
}
