import { ConcordError } from '@concord/core/errors/concord-error';
import type { BlobRef } from '@concord/core/records/asset';
import type { Blobs } from '@concord/platform/ports/blobs';
import { imageType } from './read/format.ts';

const MOST_BYTES = 100 * 1024 * 1024;
const MOST_PIXELS = 400_000_000;
/** What a picture is made small to when it is read through. */
const SMALL = 64;

/**
 * Stores a picture and reads its size as it is shown (turned as its EXIF data says). It is read through, not only its
 * head: throws `input.invalid` for what is not a picture, or not a whole one, `input.too_large` past 100 MB.
 */
export async function readImage(
  blobs: Blobs,
  name: string,
  body: AsyncIterable<Uint8Array>,
): Promise<BlobRef> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new ConcordError('input.too_large', 'is larger than 100 MB');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const mime = imageType(bytes);
  if (mime === null) throw new ConcordError('input.invalid', 'is not a PNG, JPEG or WebP picture');
  const { width, height } = await sizeOf(bytes);
  return {
    hash: await blobs.put(bytes),
    bytes: bytes.length,
    mime,
    name: name.split('/').at(-1)!.slice(0, 300),
    width,
    height,
  };
}

async function sizeOf(bytes: Buffer): Promise<{ width: number; height: number }> {
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(bytes, { limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true });
    const { width, height, orientation = 1 } = await image.metadata();
    await image.resize(SMALL, SMALL, { fit: 'inside' }).raw().toBuffer();
    return orientation >= 5 ? { width: height, height: width } : { width, height };
  } catch (cause) {
    const [why] = (cause as Error).message.split('\n');
    throw new ConcordError('input.invalid', `is damaged or not whole (${why})`, [], { cause });
  }
}
