import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConcordError } from '@concord/core/errors/concord-error';
import yauzl from 'yauzl';
import { isLeftover } from './read/format.ts';

/** What yauzl 3 has and its published types do not have yet. Names come as bytes, so that a bad one spoils only its own file. */
type RawEntry = Omit<yauzl.Entry, 'fileName'> & { readonly fileNameRaw: Buffer };
interface Archive {
  eachEntry(): AsyncIterable<RawEntry>;
  openReadStreamPromise(entry: RawEntry): Promise<AsyncIterable<Uint8Array>>;
  close(): void;
}
const { openPromise, getFileNameLowLevel } = yauzl as unknown as {
  openPromise(file: string, options: { autoClose: boolean; decodeStrings: boolean }): Promise<Archive>;
  getFileNameLowLevel(flags: number, raw: Buffer, extra: RawEntry['extraFields'], strict: boolean): string;
};

const MOST_ENTRIES = 100_000;
const MOST_BYTES = 20 * 1024 ** 3;
const MOST_RATIO = 1000;
/** A small file may shrink as far as it likes. */
const RATIO_FROM_BYTES = 10_000_000;

export interface ZipEntry {
  readonly name: string;
  /** Why it is not to be opened, or null. */
  readonly refused: string | null;
  /** Its bytes; throws `input.invalid` where they cannot be read. */
  open(): AsyncIterable<Uint8Array>;
}

export interface Zip {
  readonly entries: readonly ZipEntry[];
  /** Why the list of files ends before its end, or null. */
  readonly broken: string | null;
  close(): Promise<void>;
}

/**
 * Takes a zip archive over into a temporary file and reads its list of files, leaving out folders and what systems leave
 * beside files. Throws `input.invalid` for what is no archive (any more), `input.too_large` for one that holds too much.
 */
export async function openZip(name: string, body: AsyncIterable<Uint8Array>): Promise<Zip> {
  const dir = await mkdtemp(join(tmpdir(), 'concord-zip-'));
  let archive: Archive | null = null;
  async function close(): Promise<void> {
    archive?.close();
    await rm(dir, { recursive: true, force: true });
  }
  try {
    const file = join(dir, 'archive.zip');
    await pipeline(Readable.from(body), createWriteStream(file));
    archive = await openPromise(file, { autoClose: false, decodeStrings: false }).catch((cause: unknown) => {
      throw new ConcordError(
        'input.invalid',
        `${name} is no whole zip archive: its list of files, which stands at its end, cannot be read. Was it sent to its end?`,
        [],
        { cause },
      );
    });
    return { ...(await list(name, archive)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function list(name: string, archive: Archive): Promise<Pick<Zip, 'entries' | 'broken'>> {
  const entries: ZipEntry[] = [];
  let total = 0;
  try {
    for await (const raw of archive.eachEntry()) {
      const path = getFileNameLowLevel(raw.generalPurposeBitFlag, raw.fileNameRaw, raw.extraFields, false);
      if (path.endsWith('/') || isLeftover(path)) continue;
      total += raw.uncompressedSize;
      if (entries.length >= MOST_ENTRIES || total > MOST_BYTES)
        throw new ConcordError('input.too_large', `${name} holds too much (from ${path} on). Split it.`);
      entries.push({ name: path, refused: whyRefused(path, raw), open: () => read(archive, raw) });
    }
  } catch (error) {
    if (error instanceof ConcordError) throw error;
    return { entries, broken: (error as Error).message };
  }
  return { entries, broken: null };
}

function whyRefused(path: string, { uncompressedSize, compressedSize, generalPurposeBitFlag }: RawEntry) {
  if (/^([a-z]:|\/)/i.test(path) || path.split('/').includes('..'))
    return 'its name leads out of the archive';
  if ((generalPurposeBitFlag & 1) !== 0) return 'it is encrypted';
  if (uncompressedSize > RATIO_FROM_BYTES && uncompressedSize > compressedSize * MOST_RATIO)
    return `it would grow to more than ${MOST_RATIO} times its size`;
  return null;
}

async function* read(archive: Archive, entry: RawEntry): AsyncGenerator<Uint8Array> {
  try {
    yield* await archive.openReadStreamPromise(entry);
  } catch (cause) {
    throw new ConcordError('input.invalid', `cannot be unpacked: ${(cause as Error).message}`, [], { cause });
  }
}
