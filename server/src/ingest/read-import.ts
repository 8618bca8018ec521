import { ConcordError } from '@concord/core/errors/concord-error';
import type { Modality } from '@concord/core/modalities/modality';
import type { Encoding, ImportError } from '@concord/core/records/import';
import type { Json } from '@concord/core/records/json';
import type { Project } from '@concord/core/records/project';
import { factsOf } from '../finalize/index.ts';
import type { Platform } from '../platform.ts';
import { idsOf } from '../tasks/index.ts';
import { readImage } from './image.ts';
import type { Item } from './item.ts';
import { isLabelStudio, labelsOf, MOST_LABELS } from './labels.ts';
import { guessMapping, type Mapping, mapRow } from './mapping.ts';
import { peek } from './peek.ts';
import { createPictures } from './pictures.ts';
import { predictionsOf } from './predictions.ts';
import { detect, type Format, isTableName } from './read/format.ts';
import type { Row } from './read/row.ts';
import { rowsOf } from './read/rows.ts';
import { type Report, rowsIn } from './report.ts';
import { openZip, type ZipEntry } from './zip.ts';

/** What is read, and how. */
export interface Source {
  readonly project: Project;
  readonly modality: Modality;
  readonly mapping: Mapping | null;
  readonly encoding: Encoding;
}

/** Where items go. */
export interface Sink {
  push(item: Item): Promise<void>;
  /** Resolves when everything pushed is written. */
  settle(): Promise<void>;
}

type Values = Readonly<Record<string, Json>>;
type At = Pick<ImportError, 'row' | 'file'>;

/** Reads a file, which may be an archive of files, into items; what cannot be taken is named in the report and the rest goes on. */
export function createReadImport(platform: Platform, source: Source, sink: Sink, report: Report) {
  const { project, modality, mapping, encoding } = source;
  const { job } = report;
  const pictures = createPictures(platform, project.id);

  const refuse = (at: At, path: string, message: string, remedy: string) =>
    report.refuse({ ...at, path, message, remedy });

  /** What a row in Label Studio's form says about its item, or null where that is more than an item can have. */
  function said(values: Values, at: At, facts: Parameters<typeof labelsOf>[3]) {
    /** Reads with somebody who hears what was left out, and says each thing once. */
    function heard<T>(path: string, read: (report: (message: string) => void) => T): T {
      const times = new Map<string, number>();
      const result = read((message) => times.set(message, (times.get(message) ?? 0) + 1));
      for (const [message, n] of times)
        refuse(at, path, n === 1 ? message : `${message} (${n} times)`, 'The item itself is in.');
      return result;
    }
    const labels = heard('annotations', (report) => labelsOf(values, modality, project, facts, report));
    const predictions = heard('predictions', (report) =>
      predictionsOf(values, modality, project, facts, report),
    );
    if (labels.labels.length <= MOST_LABELS) return { ...labels, predictions };
    const message = `has ${labels.labels.length} labels; an item has at most ${MOST_LABELS}`;
    refuse(at, 'annotations', message, 'Leave some out.');
    return null;
  }

  async function takeRow(row: Row, file: string | undefined): Promise<void> {
    const named = file === undefined ? {} : { file };
    if ('error' in row) {
      job.rows += rowsIn(row.error);
      return report.refuse({ ...row.error, ...named });
    }
    job.rows += 1;
    const at: At = { row: row.row, ...named };
    const shaped = isLabelStudio(row.values);
    if (shaped && file === undefined) job.format = 'label-studio';
    if (modality.asset === 'image') return takeImageRow(row.values, shaped, at);
    const values = shaped ? (row.values['data'] as Values) : row.values;
    const mapped = mapRow(modality, mapping ?? guessMapping(modality, Object.keys(values)), row.row, values);
    if ('error' in mapped) return report.refuse({ ...mapped.error, ...named });
    const plain = { labels: [], settled: null, predictions: [] };
    const more = shaped ? said(row.values, at, { data: mapped.data }) : plain;
    if (more !== null) await sink.push({ at, of: { asset: mapped }, ...more });
  }

  /** Lists bring no pictures, but labels for pictures that are here. */
  async function takeImageRow(values: Values, shaped: boolean, at: At): Promise<void> {
    if (!shaped)
      return refuse(
        at,
        '(row)',
        `${modality.title} takes pictures`,
        'Import PNG, JPEG or WebP files, a zip of them, or Label Studio JSON about them.',
      );
    const found = await pictures.find(values);
    if ('asset' in found) {
      const more = said(values, at, factsOf(found.asset));
      const { taskId } = idsOf(project.id, found.asset.hash);
      if (more !== null) await sink.push({ at, of: { taskId }, ...more });
      return;
    }
    if (found.missing === null)
      return refuse(at, 'data', 'names no picture', 'Give its file name as data.image.');
    const message = found.several
      ? `several pictures here are called ${found.missing}`
      : `no picture here is called ${found.missing}`;
    const remedy = found.several
      ? 'Give them names of their own.'
      : 'Import the pictures first, or put them into one zip with this file.';
    refuse(at, 'data', message, remedy);
  }

  async function takePicture(name: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    job.rows += 1;
    const at: At = { row: job.rows, file: name };
    if (modality.asset !== 'image')
      return refuse(
        at,
        'file',
        `${modality.title} takes texts, not pictures`,
        'Import CSV, JSON or text files.',
      );
    try {
      const blob = await readImage(platform.blobs, name, body);
      pictures.add(name, blob.hash);
      await sink.push({
        at,
        of: { asset: { data: {}, blob, meta: { file: name } } },
        labels: [],
        settled: null,
        predictions: [],
      });
    } catch (error) {
      if (!(error instanceof ConcordError)) throw error;
      refuse(at, 'file', error.message, 'Save it again as PNG, JPEG or WebP.');
    }
  }

  async function takeFile(name: string, format: Format, body: AsyncIterable<Uint8Array>, inside: boolean) {
    if (format === 'image') return takePicture(name, body);
    if (format === 'zip' || format === 'label-studio')
      return refuse({ row: 0, file: name }, 'file', 'is an archive in an archive', 'Unpack it first.');
    // A list may speak of pictures that came before it.
    if (modality.asset === 'image') await sink.settle();
    let first = true;
    for await (const row of rowsOf(format, body, encoding)) {
      if (first && 'values' in row && (format === 'csv' || format === 'tsv')) checkColumns(row.values);
      first = false;
      await takeRow(row, inside ? name : undefined);
    }
  }

  /** A table whose header lacks what every row needs is refused once, not row by row. */
  function checkColumns(values: Values): void {
    const columns = Object.keys(values);
    const used = mapping ?? guessMapping(modality, columns);
    const lacking = modality.fields.filter(
      ({ key, required }) => required && !columns.includes(used[key] ?? ''),
    );
    if (lacking.length === 0) return;
    const names = lacking.map(({ key }) => key).join(' and ');
    throw new ConcordError(
      'input.invalid',
      `No column holds ${names} (found: ${columns.slice(0, 12).join(', ')}).`,
      [
        {
          path: 'mapping',
          message: `names no column for ${names}`,
          value: columns,
          remedy: `Name it so, or say which column it is: mapping={"${lacking[0]?.key}":"column"}.`,
        },
      ],
    );
  }

  async function takeEntry(entry: ZipEntry): Promise<void> {
    const at: At = { row: 0, file: entry.name };
    if (entry.refused !== null)
      return refuse(at, 'file', `was not opened: ${entry.refused}`, 'Pack it anew without that.');
    try {
      const { head, all } = await peek(entry.open());
      if (head.length === 0) return refuse(at, 'file', 'is empty', 'Leave it out.');
      await takeFile(entry.name, detect(entry.name, head, encoding), all, true);
    } catch (error) {
      if (!(error instanceof ConcordError) || error.code !== 'input.invalid') throw error;
      refuse(at, 'file', error.message, error.errors[0]?.remedy ?? 'Pack it anew.');
    }
  }

  async function takeZip(name: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const zip = await openZip(name, body);
    try {
      // Lists after the pictures they may speak of, wherever they stand in the archive.
      const late = (entry: ZipEntry) => modality.asset === 'image' && isTableName(entry.name);
      for (const entry of zip.entries) if (!late(entry)) await takeEntry(entry);
      for (const entry of zip.entries) if (late(entry)) await takeEntry(entry);
      if (zip.broken !== null)
        throw new ConcordError(
          'input.invalid',
          `${name} breaks off after ${zip.entries.length} files: ${zip.broken}. What came before is in.`,
        );
    } finally {
      await zip.close();
    }
  }

  return (name: string, format: Format, body: AsyncIterable<Uint8Array>): Promise<void> =>
    format === 'zip' ? takeZip(name, body) : takeFile(name, format, body, false);
}
