import type { Entry, NodeSource, TreeNode } from './node.ts';

/** A record that differs: canonical JSON before and after; null where it was not there. */
export interface RecordDiff {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface Step {
  readonly node: TreeNode;
  index: number;
}

/** Points at an entry of a tree: a subtree not yet read (level > 0) or a record (level 0). */
interface Pointer {
  current(): { readonly entry: Entry; readonly level: number } | null;
  /** Past the entry and all below it. */
  skip(): void;
  /** Into the subtree. */
  enter(): Promise<void>;
}

function pointer(source: NodeSource, root: TreeNode): Pointer {
  const path: Step[] = [{ node: root, index: 0 }];
  const settle = () => {
    for (
      let top = path.at(-1);
      top !== undefined && top.index >= top.node.entries.length;
      top = path.at(-1)
    ) {
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) parent.index += 1;
    }
  };
  settle();
  return {
    current() {
      const top = path.at(-1);
      const entry = top?.node.entries[top.index];
      return top === undefined || entry === undefined ? null : { entry, level: top.node.level };
    },
    skip() {
      const top = path.at(-1);
      if (top !== undefined) top.index += 1;
      settle();
    },
    async enter() {
      const top = path.at(-1) as Step;
      const child = await source.read(top.node.entries[top.index]?.value as string);
      path.push({ node: child, index: 0 });
      settle();
    },
  };
}

/** A tree and where to read it. */
export interface TreeAt {
  readonly root: string;
  readonly nodes: NodeSource;
}

/** What differs between two trees, in order of keys. Subtrees that are equal are passed over unread. */
export async function* diffTrees(before: TreeAt, after: TreeAt): AsyncGenerator<RecordDiff> {
  if (before.root === after.root) return;
  const a = pointer(before.nodes, await before.nodes.read(before.root));
  const b = pointer(after.nodes, await after.nodes.read(after.root));
  for (;;) {
    const left = a.current();
    const right = b.current();
    if (left === null && right === null) return;
    if (left !== null && right !== null && left.level > 0 && left.level === right.level) {
      if (left.entry.value === right.entry.value) {
        a.skip();
        b.skip();
      } else {
        await a.enter();
        await b.enter();
      }
    } else if (left !== null && left.level > (right?.level ?? 0)) await a.enter();
    else if (right !== null && right.level > (left?.level ?? 0)) await b.enter();
    else if (right === null || (left !== null && left.entry.key < right.entry.key)) {
      yield { key: left?.entry.key as string, before: left?.entry.value as string, after: null };
      a.skip();
    } else if (left === null || right.entry.key < left.entry.key) {
      yield { key: right.entry.key, before: null, after: right.entry.value };
      b.skip();
    } else {
      if (left.entry.value !== right.entry.value)
        yield { key: left.entry.key, before: left.entry.value, after: right.entry.value };
      a.skip();
      b.skip();
    }
  }
}
