import type { PackRef } from './pack.ts';

/** So many packs of one size class become one. */
const RUN = 16;
/** Packs of this size stay as they are … */
const LARGE_BYTES = 8 << 20;
/** … and fewer than a run are joined when they come to this. */
const MOST_BYTES = 32 << 20;

/** Size classes are sixteen wide, so that a joined run is one class up. */
const sizeClass = (bytes: number): number => Math.floor(Math.log2(bytes) / Math.log2(RUN));

/**
 * How many of the newest packs to write together with new nodes of so many bytes. A node is copied once a size class: of n
 * commits of one size each is copied about log16 n times, and at most 15 packs of a class are left.
 */
export function packsToJoin(packs: readonly Pick<PackRef, 'bytes'>[], newBytes: number): number {
  let joined = 0;
  let bytes = newBytes;
  while (bytes < LARGE_BYTES) {
    let count = 0;
    let sum = bytes;
    for (const pack of packs.slice(0, packs.length - joined).toReversed()) {
      if (pack.bytes >= LARGE_BYTES || sizeClass(pack.bytes) > sizeClass(bytes)) break;
      count += 1;
      sum += pack.bytes;
    }
    if (count === 0 || (count + 1 < RUN && sum < MOST_BYTES)) break;
    joined += count;
    bytes = sum;
  }
  return joined;
}
