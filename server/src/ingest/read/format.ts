import { ConcordError } from '@concord/core/errors/concord-error';
import type { Encoding, ImportJob } from '@concord/core/records/import';
import { headText, holdsZeros } from './decode.ts';

export type Format = ImportJob['format'];
/** What has rows. */
export type Table = Exclude<Format, 'zip' | 'image' | 'label-studio'>;

const byExtension: ReadonlyMap<string, Table> = new Map([
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['json', 'json'],
  ['txt', 'text'],
  ['md', 'text'],
  ['text', 'text'],
  ['eml', 'text'],
]);

const pictures: ReadonlySet<string> = new Set(['png', 'jpg', 'jpeg', 'webp']);

/** Whether a file of this name holds rows. */
export const isTableName = (name: string): boolean => byExtension.has(extensionOf(name));

const extensionOf = (name: string): string => name.split('.').at(-1)?.toLowerCase() ?? '';

/** Files that systems leave beside others. Nobody means to import them. */
export function isLeftover(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  return path.startsWith('__MACOSX/') || name.startsWith('.') || /^(thumbs\.db|desktop\.ini)$/i.test(name);
}

/** What a file is, by its first bytes and its name. Throws `input.invalid` for one that cannot be read, or is not the text it should be. */
export function detect(name: string, head: Uint8Array, encoding: Encoding): Format {
  if (head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5)) return 'zip';
  if (imageType(head) !== null) return 'image';
  if (pictures.has(extensionOf(name)))
    throw refused(
      `${name} is no picture.`,
      'does not begin as a picture does',
      name,
      'Save it again as PNG, JPEG or WebP.',
    );
  const format = byExtension.get(extensionOf(name));
  if (format === undefined)
    throw refused(
      `${name} cannot be read.`,
      'is of no kind that can be imported',
      name,
      'Give CSV, TSV, JSON, JSONL, TXT, PNG, JPEG, WebP, or a zip of them.',
    );
  if (holdsZeros(head, encoding))
    throw refused(
      `${name} holds zero bytes: it is UTF-16, or no text.`,
      'holds zero bytes',
      name,
      'Choose the encoding UTF-16, or save it as UTF-8.',
    );
  if (format !== 'json' && format !== 'jsonl') return format;
  const text = headText(head, encoding).trimStart();
  if (text.startsWith('[')) return 'json';
  return format === 'jsonl' || hasLines(text) ? 'jsonl' : 'json';
}

/** Whether a file that begins with an object has one on its first line, and more after it. */
function hasLines(text: string): boolean {
  const end = text.indexOf('\n');
  if (end < 0 || text.slice(end).trim() === '') return false;
  try {
    JSON.parse(text.slice(0, end));
    return true;
  } catch {
    return false;
  }
}

function refused(sentence: string, message: string, value: string, remedy: string): ConcordError {
  return new ConcordError('input.invalid', sentence, [{ path: 'name', message, value, remedy }]);
}

export function imageType(head: Uint8Array): string | null {
  if (head[0] === 0x89 && head[1] === 0x50 && head[2] === 0x4e && head[3] === 0x47) return 'image/png';
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'image/jpeg';
  const letters = (from: number, to: number) => Buffer.from(head.subarray(from, to)).toString('latin1');
  if (letters(0, 4) === 'RIFF' && letters(8, 12) === 'WEBP') return 'image/webp';
  return null;
}
