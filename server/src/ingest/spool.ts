import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConcordError } from '@concord/core/errors/concord-error';

/** Takes a stream over into a temporary file, which goes when it has been read (or left). */
export async function spool(bytes: AsyncIterable<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  const dir = await mkdtemp(join(tmpdir(), 'concord-import-'));
  const file = join(dir, 'body');
  const forget = () => rm(dir, { recursive: true, force: true });
  try {
    await pipeline(Readable.from(bytes), createWriteStream(file));
  } catch (error) {
    await forget();
    if ((error as { code?: unknown }).code !== 'ENOSPC') throw error;
    throw new ConcordError('overloaded', 'No space is left on the server to take the file over.', [], {
      cause: error,
    });
  }
  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      yield* createReadStream(file) as AsyncIterable<Uint8Array>;
    } finally {
      await forget();
    }
  }
  return read();
}
