/** One file of an archive to be. Names are made unique by the caller. */
export interface Packed {
  readonly name: string;
  readonly bytes: Blob;
}

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** CRC-32 as zip uses it. */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (let i = 0; i < bytes.length; i += 1) c = table[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** Bytes from [size in bytes, value] pairs, little-endian. */
function fields(...parts: readonly (readonly [1 | 2 | 4, number])[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of parts) for (let i = 0; i < size; i += 1) out[at++] = (value >>> (8 * i)) & 0xff;
  return out;
}

const utf8Names = 0x0800;
/** 1980-01-01, the earliest date a zip can say. */
const someDate = 0x0021;

/**
 * Files in one zip, stored as they are (pictures do not get smaller). Reads one file at a time; the archive
 * only refers to them, so many pictures do not have to fit in memory. Below 65,535 files and 4 GB in all;
 * throws RangeError beyond.
 */
export async function zipStore(files: readonly Packed[]): Promise<Blob> {
  const size = files.reduce((sum, f) => sum + f.bytes.size, 0);
  if (files.length >= 0xffff || size >= 0xf0000000)
    throw new RangeError('too many or too large files for one archive');
  const parts: BlobPart[] = [];
  const directory: BlobPart[] = [];
  let at = 0;
  let directorySize = 0;
  for (const file of files) {
    const name = new TextEncoder().encode(file.name);
    const crc = crc32(new Uint8Array(await file.bytes.arrayBuffer()));
    const common = fields(
      [2, utf8Names],
      [2, 0],
      [2, 0],
      [2, someDate],
      [4, crc],
      [4, file.bytes.size],
      [4, file.bytes.size],
      [2, name.length],
      [2, 0],
    );
    const head = [fields([4, 0x04034b50], [2, 20]), common, name];
    parts.push(...head, file.bytes);
    const entry = [
      fields([4, 0x02014b50], [2, 20], [2, 20]),
      common,
      fields([2, 0], [2, 0], [2, 0], [4, 0], [4, at]),
      name,
    ];
    directory.push(...entry);
    directorySize += entry.reduce((sum, p) => sum + p.length, 0);
    at += head.reduce((sum, p) => sum + p.length, 0) + file.bytes.size;
  }
  const end = fields(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, files.length],
    [2, files.length],
    [4, directorySize],
    [4, at],
    [2, 0],
  );
  return new Blob([...parts, ...directory, end], { type: 'application/zip' });
}

/** The same names, with "-2", "-3", … before the ending where one comes again. */
export function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return n === 1 ? name : name.replace(/(\.[^.]*)?$/, (end) => `-${n}${end}`);
  });
}
