import type { Entry, TreeNode } from './node.ts';

/** Entries in one node: at least `min`, `max` at most, about `min + one` on average; the last node of a level may be smaller. */
interface Sizes {
  readonly min: number;
  readonly one: number;
  readonly max: number;
}
/** Records are one to a few kB each, so leaves hold few; inner entries are some 150 bytes. Changing these changes every root. */
const leafSizes: Sizes = { min: 4, one: 16, max: 64 };
const innerSizes: Sizes = { min: 8, one: 64, max: 256 };

/** 32 well-mixed bits of key and level (FNV-1a, then murmur3's finish). Not for secrets: it only spreads boundaries. */
function spread(level: number, key: string): number {
  let h = 0x811c9dc5 ^ level;
  h = Math.imul(h, 0x01000193);
  for (let i = 0; i < key.length; i++) {
    h ^= key.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Whether a node ends after its `count`th entry, which has this key. The value has no say: editing a record moves no boundary. */
export function endsNode(level: number, key: string, count: number): boolean {
  const sizes = level === 0 ? leafSizes : innerSizes;
  return count >= sizes.max || (count >= sizes.min && spread(level, key) % sizes.one === 0);
}

/** Cuts one level's entries, given in order, into nodes. Its state is empty after each node: that is where edits resynchronise. */
export interface Chunker {
  add(entry: Entry): void;
  /** Nothing is pending: the next entry begins a node. */
  atBoundary(): boolean;
  /** Ends the level. */
  finish(): void;
}

export function createChunker(level: number, emit: (node: TreeNode) => void): Chunker {
  let pending: Entry[] = [];
  const cut = () => {
    emit({ level, entries: pending });
    pending = [];
  };
  return {
    add(entry) {
      pending.push(entry);
      if (endsNode(level, entry.key, pending.length)) cut();
    },
    atBoundary: () => pending.length === 0,
    finish() {
      if (pending.length > 0) cut();
    },
  };
}
