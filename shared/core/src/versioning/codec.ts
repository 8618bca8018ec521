/** What versioning needs of its host and core does not have: hashing, UTF-8 and compression. All synchronous. */
export interface Codec {
  /** SHA-256, in hex, of the text's UTF-8. */
  digest(text: string): string;
  utf8(text: string): Uint8Array;
  text(bytes: Uint8Array): string;
  /** The same bytes for the same text, always: packs are content-addressed. */
  deflate(text: string): Uint8Array;
  inflate(bytes: Uint8Array): string;
}

/** Where objects lie: the part of the Blobs port that versioning uses, with the port's promises. */
export interface ObjectStore {
  put(bytes: Uint8Array): Promise<string>;
  get(hash: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array | null>;
  remove(hash: string): Promise<void>;
  getRef(name: string): Promise<{ readonly value: string; readonly version: string } | null>;
  putRef(name: string, value: string, expect: string | 'absent'): Promise<void>;
  listRefs(prefix: string): Promise<readonly string[]>;
}
