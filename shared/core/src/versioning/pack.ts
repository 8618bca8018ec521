import { ConcordError } from '../errors/concord-error.ts';
import type { Codec } from './codec.ts';

/**
 * A pack: many nodes in one object. First a line with the number of nodes, then the index (one line of fixed width a node:
 * hash, offset, length), then what it was written for, then the deflated nodes, in the order they were written. Fixed
 * widths let a reader fetch the whole index in one ranged read, knowing only the number of nodes.
 */
export interface PackRef {
  /** SHA-256 of the pack's bytes, its name among the blobs. */
  readonly hash: string;
  readonly bytes: number;
  readonly nodes: number;
}

/** Where a node's deflated bytes lie in its pack, counted from the pack's first byte. */
export interface Place {
  readonly start: number;
  readonly length: number;
}

const HEAD = 'concord-pack 1 ';
const HEAD_BYTES = HEAD.length + 11;
const LINE_BYTES = 64 + 1 + 10 + 1 + 10 + 1;

export const indexBytes = (nodes: number): number => HEAD_BYTES + nodes * LINE_BYTES;

const fixed = (n: number): string => String(n).padStart(10, '0');

/** A node ready to be packed. */
export interface PackedNode {
  readonly hash: string;
  readonly body: Uint8Array;
}

/** `origin`, between index and nodes, is read by nobody: it makes packs that were written for different commits differ. */
export function encodePack(
  codec: Pick<Codec, 'utf8'>,
  nodes: readonly PackedNode[],
  origin: string,
): Uint8Array {
  const made = codec.utf8(`${origin}\n`);
  let at = indexBytes(nodes.length) + made.length;
  let index = `${HEAD}${fixed(nodes.length)}\n`;
  for (const { hash, body } of nodes) {
    index += `${hash} ${fixed(at)} ${fixed(body.length)}\n`;
    at += body.length;
  }
  const bytes = new Uint8Array(at);
  at = 0;
  for (const part of [codec.utf8(index), made, ...nodes.map(({ body }) => body)]) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The index of a pack from its first `indexBytes(nodes)` bytes. Throws `internal` when they are not one. */
export function decodeIndex(codec: Pick<Codec, 'text'>, bytes: Uint8Array): Map<string, Place> {
  const lines = codec.text(bytes).split('\n');
  const head = lines[0] ?? '';
  const nodes = Number(head.slice(HEAD.length));
  if (!head.startsWith(HEAD) || lines.length < nodes + 1)
    throw new ConcordError('internal', `not a pack: ${head.slice(0, 40)}`);
  const places = new Map<string, Place>();
  for (let i = 1; i <= nodes; i++) {
    const line = lines[i] as string;
    places.set(line.slice(0, 64), { start: Number(line.slice(65, 75)), length: Number(line.slice(76, 86)) });
  }
  return places;
}

/** The nodes of a whole pack, still deflated, in order. */
export function unpackNodes(codec: Pick<Codec, 'text'>, pack: Uint8Array, nodes: number): PackedNode[] {
  const index = decodeIndex(codec, pack.subarray(0, indexBytes(nodes)));
  return [...index].map(([hash, { start, length }]) => ({
    hash,
    body: pack.subarray(start, start + length),
  }));
}
