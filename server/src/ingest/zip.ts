import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConcordError } from '@concord/core/errors/concord-error';
import yauzl from 'yauzl';

/** The promise calls of yauzl 3, which its published types do not have yet. */
interface Archive {
  eachEntry(): AsyncIterable<yauzl.Entry>;
  openReadStreamPromise(entry: yauzl.Entry): Promise<AsyncIterable<Uint8Array>>;
  close(): void;
}
const open = (
  yauzl as unknown as { openPromise(file: string, options: { autoClose: boolean }): Promise<Archive> }
).openPromise;

const MOST_ENTRIES = 100_000;
const MOST_BYTES = 20 * 1024 ** 3;
const MOST_RATIO = 1000;

export interface ZipEntry {
  readonly name: string;
  readonly bytes: number;
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** The files of a zip archive, one after the other. The archive is kept in a temporary file while it is read. Throws on zip bombs and broken archives. */
export async function* zipEntries(body: AsyncIterable<Uint8Array>): AsyncGenerator<ZipEntry> {
  const dir = await mkdtemp(join(tmpdir(), 'concord-zip-'));
  try {
    const file = join(dir, 'archive.zip');
    await pipeline(Readable.from(body), createWriteStream(file));
    const archive = await open(file, { autoClose: false }).catch((cause: unknown) => {
      throw new ConcordError(
        'input.invalid',
        `The zip file cannot be read: ${(cause as Error).message}`,
        [],
        { cause },
      );
    });
    let entries = 0;
    let total = 0;
    try {
      for await (const entry of archive.eachEntry()) {
        if (
          entry.fileName.endsWith('/') ||
          entry.fileName.startsWith('__MACOSX/') ||
          entry.fileName.split('/').at(-1)?.startsWith('.')
        )
          continue;
        entries += 1;
        total += entry.uncompressedSize;
        const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
        if (
          entries > MOST_ENTRIES ||
          total > MOST_BYTES ||
          (ratio > MOST_RATIO && entry.uncompressedSize > 10_000_000)
        ) {
          throw new ConcordError(
            'input.too_large',
            `The zip file holds too much (${entry.fileName}). Split it.`,
          );
        }
        yield {
          name: entry.fileName,
          bytes: entry.uncompressedSize,
          open: () => archive.openReadStreamPromise(entry),
        };
      }
    } finally {
      archive.close();
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
