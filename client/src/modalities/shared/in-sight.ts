import type { Asset } from '@concord/core/records/asset';
import type { Viewport } from '@concord/core/rooms/presence';

/** How much of a text's characters are in sight; `x` and `width` are offsets. */
export function textInSight({ x, width }: Viewport, asset: Asset): string {
  const length = Object.values(asset.data).reduce<number>(
    (sum, part) => sum + (typeof part === 'string' ? part.length : 0),
    0,
  );
  if (length === 0) return '';
  const share = (offset: number) => Math.round(Math.min(1, Math.max(0, offset / length)) * 100);
  const [from, to] = [share(x), share(x + width)];
  return from <= 2 && to >= 98 ? 'sees the whole text' : `reads ${from}–${to}%`;
}

/** How much of a picture is in sight. */
export function pictureInSight({ x, y, width, height }: Viewport, asset: Asset): string {
  const [w, h] = [asset.blob?.width ?? 0, asset.blob?.height ?? 0];
  if (w === 0 || h === 0) return '';
  const across = Math.max(0, Math.min(x + width, w) - Math.max(x, 0)) / w;
  const down = Math.max(0, Math.min(y + height, h) - Math.max(y, 0)) / h;
  const share = across * down;
  if (share >= 0.97) return 'sees the whole picture';
  return `sees ${Math.max(1, Math.round(share * 100))}% of the picture`;
}
