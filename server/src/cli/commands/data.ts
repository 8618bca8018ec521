import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Problem } from '@concord/core/errors/concord-error';
import { ConcordError } from '@concord/core/errors/concord-error';
import { exportFormat } from '@concord/core/protocol/routes';
import { encoding, type ImportError, type ImportJob } from '@concord/core/records/import';
import { type Command, Option } from 'commander';
import { ProblemError } from '../api-client.ts';
import { type Connection, type ConnectionOptions, connect, withConnection } from '../connection.ts';
import { exitCodes } from '../exit-codes.ts';

interface ImportOptions extends ConnectionOptions {
  readonly project: string;
  readonly mapping?: string;
  readonly encoding: string;
}

interface ExportOptions extends ConnectionOptions {
  readonly project: string;
  readonly format: string;
  readonly at: string;
  readonly out?: string;
  readonly tasks: boolean;
}

const NOTED_ERRORS = 20;

/** "data.csv row 3: text: is missing. Give a column …" */
function inWords({ file, row, until, path, message, remedy }: ImportError): string {
  const place = row === 0 ? '' : `row ${until === undefined ? row : `${row}–${until}`}`;
  const where = [file, place].filter((part) => part !== undefined && part !== '').join(' ');
  return `${where}: ${path === '(row)' ? '' : `${path}: `}${message}. ${remedy ?? ''}`.trimEnd();
}

export function dataCommands(program: Command): void {
  withConnection(program.command('import'))
    .argument('<file>', 'CSV, TSV, JSON, JSONL, text, PNG, JPEG, WebP, a zip of them, or Label Studio JSON')
    .requiredOption('--project <id>')
    .option('--mapping <json>', 'data field -> column, as JSON: {"text":"body"}')
    .addOption(
      new Option('--encoding <encoding>', 'what its bytes mean, where no byte order mark says it')
        .choices(encoding.options)
        .default('utf-8'),
    )
    .description(
      'import a file and wait until it is in; exits with 2 when rows were refused and nothing came in',
    )
    .action(async (file: string, options: ImportOptions) => {
      const connection = connect(options);
      const job = await upload(connection, file, options);
      const words = `${job.added} added, ${job.duplicates} there already, ${job.labelled} with labels, ${job.errorCount} refused`;
      connection.output.result(job, words);
      for (const error of job.errors.slice(0, NOTED_ERRORS)) connection.output.note(`  ${inWords(error)}`);
      if (job.errors.length > NOTED_ERRORS)
        connection.output.note(`  … all of them: GET /api/v1/imports/${job.id}/errors`);
      if (job.status === 'failed')
        throw new ConcordError('input.invalid', job.failure ?? 'The import failed.');
      if (job.errorCount > 0 && job.added + job.duplicates + job.labelled === 0)
        process.exitCode = exitCodes.usage;
    });

  addExportOptions(withConnection(program.command('export')))
    .option('--tasks', 'all tasks with everybody’s standing submissions, settled or not', false)
    .description('write a dataset version, or all tasks, as a file')
    .action((options: ExportOptions) => exportTo(options));
}

/** `--project`, `--format`, `--at`, `--out`: the same for `export` and `dataset export`. */
export function addExportOptions(command: Command): Command {
  return command
    .requiredOption('--project <id>')
    .addOption(new Option('--format <format>').choices(exportFormat.options).default('jsonl'))
    .option('--at <branch or commit>', 'which version', 'main')
    .option('-o, --out <file>', 'where to write it; standard output when left out');
}

export async function exportTo(options: ExportOptions): Promise<void> {
  const connection = connect(options);
  const path = options.tasks
    ? `/projects/${options.project}/export?format=${options.format}`
    : `/datasets/${options.project}/export?format=${options.format}&at=${encodeURIComponent(options.at)}`;
  const response = await connection.api.raw('GET', path);
  if (!response.ok || !response.body)
    throw new ProblemError((await response.json()) as Problem, `GET ${path}`);
  const source = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  if (options.out === undefined) {
    await pipeline(source, process.stdout, { end: false });
    return;
  }
  await pipeline(source, createWriteStream(options.out));
  const { size } = await stat(options.out);
  connection.output.result({ file: options.out, bytes: size }, `${options.out}: ${size} bytes`);
}

async function upload(connection: Connection, file: string, options: ImportOptions): Promise<ImportJob> {
  const found = await stat(file);
  if (found.isDirectory())
    throw new ConcordError('input.invalid', `${file} is a folder. Import its files, or a zip of them.`);
  const { size } = found;
  const query = new URLSearchParams({
    name: basename(file),
    encoding: options.encoding,
    ...(options.mapping === undefined ? {} : { mapping: options.mapping }),
  });
  const path = `/projects/${options.project}/imports?${query}`;
  const response = await connection.api.raw('POST', path, {
    bytes: Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(size) },
  });
  const body: unknown = await response.json();
  if (!response.ok) throw new ProblemError(body as Problem, `POST ${path}`);
  return body as ImportJob;
}
