import { ConcordError } from '@concord/core/errors/concord-error';
import type { BlobRef } from '@concord/core/records/asset';
import type { Blobs } from '@concord/platform/ports/blobs';
import { imageType } from './rows.ts';

const MOST_BYTES = 100 * 1024 * 1024;
const MOST_PIXELS = 400_000_000;

/** Stores a picture and reads its size as it is shown (turned as its EXIF data says). Throws for what is not a picture. */
export async function readImage(
  blobs: Blobs,
  name: string,
  body: AsyncIterable<Uint8Array>,
): Promise<BlobRef> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new ConcordError('input.too_large', 'A picture is at most 100 MB.');
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const mime = imageType(bytes);
  if (mime === null) throw new ConcordError('input.invalid', 'is not a PNG, JPEG or WebP picture');
  const { default: sharp } = await import('sharp');
  const meta = await sharp(bytes, { limitInputPixels: MOST_PIXELS }).metadata();
  const turned = (meta.orientation ?? 1) >= 5;
  const width = turned ? meta.height : meta.width;
  const height = turned ? meta.width : meta.height;
  return {
    hash: await blobs.put(bytes),
    bytes: bytes.length,
    mime,
    name: name.split('/').at(-1)!.slice(0, 300),
    width,
    height,
  };
}
