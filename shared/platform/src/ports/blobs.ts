/** Immutable bytes by content hash, and a few named references moved by compare-and-set. */
export interface Blobs {
  /** Idempotent: the same bytes are stored once. Durable when it returns the SHA-256 in hex; leaves nothing when it throws. */
  put(bytes: Uint8Array): Promise<string>;
  /** Streams into storage without holding it in memory. Throws `input.too_large` past `maxBytes` and keeps nothing. */
  putStream(
    chunks: AsyncIterable<Uint8Array>,
    maxBytes: number,
  ): Promise<{ readonly hash: string; readonly bytes: number }>;
  /** Null when there is no such content. `range` is inclusive, as in HTTP. */
  get(hash: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array | null>;
  /** Holds nothing open before it is read, nor after it was read to its end or left. Failures come from reading it. */
  stream(hash: string): Promise<AsyncIterable<Uint8Array> | null>;
  size(hash: string): Promise<number | null>;
  /** Forgets content; nothing happens when there is none. Only for content that nothing refers to any more. */
  remove(hash: string): Promise<void>;
  /** A reference's value and its version; null when it was never set. */
  getRef(name: string): Promise<{ readonly value: string; readonly version: string } | null>;
  /** Sets a reference only if its version is still `expect` (or it is absent). Throws `conflict` otherwise. Durable when it returns. */
  putRef(name: string, value: string, expect: string | 'absent'): Promise<void>;
  /** Names of references that start with `prefix`, sorted. */
  listRefs(prefix: string): Promise<readonly string[]>;
  close(): Promise<void>;
}
