import type { Modality } from '@concord/core/modalities/modality';
import type { RouteResponse } from '@concord/core/protocol/routes';
import type { Encoding } from '@concord/core/records/import';
import type { Json } from '@concord/core/records/json';
import { isLabelStudio } from './labels.ts';
import { guessMapping } from './mapping.ts';
import { detect } from './read/format.ts';
import { rowsOf } from './read/rows.ts';

const PREVIEW_ROWS = 20;
const PREVIEW_PROBLEMS = 20;
/** How much of a file is looked at; what follows is not read. */
export const PREVIEW_BYTES = 256 * 1024;

export type Preview = RouteResponse<'imports.preview'>;

/** The beginning of a body, at most as much as a preview looks at. */
export async function beginning(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk.subarray(0, PREVIEW_BYTES - size));
    size += chunk.length;
    if (size >= PREVIEW_BYTES) break;
  }
  return Buffer.concat(chunks);
}

/** What a file's beginning looks like, and what will be wrong with it. Throws `input.invalid` for a file that cannot be read. */
export async function previewOf(
  name: string,
  head: Uint8Array,
  modality: Modality,
  encoding: Encoding,
): Promise<Preview> {
  const format = detect(name, head, encoding);
  const none: Preview = { format, columns: [], rows: [], mapping: {}, problems: [] };
  if (format === 'zip') return none;
  if (format === 'image')
    return modality.asset === 'image'
      ? none
      : { ...none, problems: [`${modality.title} takes texts, not pictures.`] };
  const rows: Record<string, Json>[] = [];
  const problems: string[] = [];
  let labelStudio = false;
  for await (const row of rowsOf(format as Exclude<typeof format, 'label-studio'>, once(head), encoding)) {
    if ('error' in row) problems.push(`Row ${row.error.row} ${row.error.message}. ${row.error.remedy}`);
    else {
      labelStudio ||= isLabelStudio(row.values);
      rows.push(isLabelStudio(row.values) ? (row.values['data'] as Record<string, Json>) : { ...row.values });
    }
    if (rows.length >= PREVIEW_ROWS || problems.length >= PREVIEW_PROBLEMS) break;
  }
  // The file was cut for the preview: what is wrong with its last row means nothing.
  if (head.length >= PREVIEW_BYTES && problems.length < PREVIEW_PROBLEMS) problems.pop();
  if (rows.length === 0 && problems.length === 0) problems.push('No rows found.');
  if (rows.length > 0 && modality.asset === 'image' && !labelStudio)
    problems.unshift(`${modality.title} takes pictures, or Label Studio JSON about them.`);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    format: labelStudio ? 'label-studio' : format,
    columns,
    rows,
    mapping: { ...guessMapping(modality, columns) },
    problems,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
