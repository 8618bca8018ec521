import type { Modalities } from '@concord/core/modalities/modality';
import type { exportFormat } from '@concord/core/protocol/routes';
import type { Project } from '@concord/core/records/project';
import type { Version } from '@concord/core/versioning/repository';
import { scanTree } from '@concord/core/versioning/tree-read';
import type { z } from 'zod';
import { Answer } from '../../gateway/http/handler.ts';
import { writeCsv } from './csv.ts';
import { writeJson, writeJsonLines } from './json.ts';
import { writeLabelStudio } from './label-studio.ts';
import { writeParquet } from './parquet.ts';

export type ExportFormat = z.infer<typeof exportFormat>;

/** A version being exported. `batches` may be called again, for formats that need two passes. */
export interface ExportSource {
  readonly project: Project;
  readonly version: Version;
  readonly modalities: Modalities;
  /** Canonical JSON of the records, in order of their numbers, some at a time. */
  batches(): AsyncIterable<readonly string[]>;
}

interface Format {
  readonly extension: string;
  readonly mime: string;
  write(source: ExportSource): AsyncIterable<Uint8Array | string>;
}

/** One format a file. Every writer streams, and gives the same bytes for the same commit, always. */
const formats: Readonly<Record<ExportFormat, Format>> = {
  jsonl: { extension: 'jsonl', mime: 'application/x-ndjson', write: writeJsonLines },
  json: { extension: 'json', mime: 'application/json', write: writeJson },
  csv: { extension: 'csv', mime: 'text/csv; charset=utf-8; header=present', write: writeCsv },
  parquet: { extension: 'parquet', mime: 'application/vnd.apache.parquet', write: writeParquet },
  'label-studio': { extension: 'label-studio.json', mime: 'application/json', write: writeLabelStudio },
};

export function exportVersion(
  version: Version,
  project: Project,
  name: ExportFormat,
  modalities: Modalities,
): Answer {
  const format = formats[name];
  async function* batches() {
    for await (const entries of scanTree(version.nodes, version.commit.root))
      yield entries.map((e) => e.value);
  }
  return new Answer({
    headers: {
      'content-type': format.mime,
      'content-disposition': `attachment; filename="${fileName(project.name, version.id, format.extension)}"`,
      'x-concord-commit': version.id,
      etag: `"${version.id}.${name}"`,
      'cache-control': 'private, no-cache',
    },
    stream: format.write({ project, version, modalities, batches }),
  });
}

/** `<project>-<first 12 of the commit>.<extension>`, in characters every file system takes. */
export function fileName(project: string, commit: string, extension: string): string {
  const plain = project
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return `${plain || 'dataset'}-${commit.slice(0, 12)}.${extension}`;
}
