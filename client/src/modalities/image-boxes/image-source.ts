import { apiBase } from '../../api/index.ts';
import type { Size } from './camera.ts';

/** Longest side that every WebGL machine holds as one texture. */
const longestSide = 8192;
const cached = new Map<string, Promise<ImageBitmap>>();
/** Pictures kept in memory: the one on the stage, the next, the one before. */
const keep = 3;

/** Fetches and decodes a picture off the main thread. Made smaller when no texture could hold it. Rejects with a sentence for people. */
export function loadImage(asset: string, size: Size): Promise<ImageBitmap> {
  const known = cached.get(asset);
  if (known !== undefined) return known;
  const made = read(asset, size);
  cached.set(asset, made);
  made.catch(() => cached.delete(asset));
  for (const [old, bitmap] of cached) {
    if (cached.size <= keep) break;
    cached.delete(old);
    void bitmap.then((b) => b.close()).catch(() => {});
  }
  return made;
}

async function read(asset: string, size: Size): Promise<ImageBitmap> {
  const response = await fetch(`${apiBase}/assets/${asset}/content`, { credentials: 'same-origin' }).catch(
    () => {
      throw new Error('The picture could not be fetched. Check the connection.');
    },
  );
  if (!response.ok) throw new Error(`The picture could not be fetched (status ${response.status}).`);
  const blob = await response.blob();
  const shrink = Math.min(1, longestSide / Math.max(size.width, size.height));
  try {
    return shrink === 1
      ? await createImageBitmap(blob)
      : await createImageBitmap(blob, {
          resizeWidth: Math.round(size.width * shrink),
          resizeHeight: Math.round(size.height * shrink),
          resizeQuality: 'high',
        });
  } catch {
    throw new Error('This browser cannot read the picture.');
  }
}
