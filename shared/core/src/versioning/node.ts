import { ConcordError } from '../errors/concord-error.ts';

/**
 * One entry of a node. In a leaf (level 0) `value` is the record's canonical JSON and `count` is 1.
 * Above, `key` is the child's last key, `value` its hash, `count` the records below it.
 */
export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly count: number;
}

/** A node of the tree; entries are sorted by key, ascending, without doubles. */
export interface TreeNode {
  readonly level: number;
  readonly entries: readonly Entry[];
}

/** Reads nodes by hash. `readMany` may fetch neighbours in one go. Both throw `internal` when a node is missing or damaged. */
export interface NodeSource {
  read(hash: string): Promise<TreeNode>;
  readMany(hashes: readonly string[]): Promise<TreeNode[]>;
}

export const emptyNode: TreeNode = { level: 0, entries: [] };

export function recordCount(node: TreeNode): number {
  let sum = 0;
  for (const entry of node.entries) sum += entry.count;
  return sum;
}

export function lastKey(node: TreeNode): string {
  return node.entries.at(-1)?.key ?? '';
}

const HEAD = 'concord-node 1 ';

/** One line a node, one line an entry. Neither keys nor canonical JSON hold tabs or line ends, so nothing is escaped. */
export function encodeNode(node: TreeNode): string {
  const lines = [`${HEAD}${node.level}`];
  for (const { key, value, count } of node.entries) {
    lines.push(node.level === 0 ? `${key}\t${value}` : `${key}\t${value}\t${count}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Throws `internal` when the text is not a node. */
export function decodeNode(text: string): TreeNode {
  const lines = text.split('\n');
  const head = lines[0] ?? '';
  const level = head.startsWith(HEAD) ? Number(head.slice(HEAD.length)) : Number.NaN;
  if (!Number.isInteger(level)) throw new ConcordError('internal', `not a tree node: ${head.slice(0, 40)}`);
  const entries: Entry[] = [];
  for (let i = 1; i < lines.length - 1; i++) entries.push(decodeEntry(lines[i] as string, level));
  return { level, entries };
}

function decodeEntry(line: string, level: number): Entry {
  const tab = line.indexOf('\t');
  const key = line.slice(0, tab);
  if (level === 0) return { key, value: line.slice(tab + 1), count: 1 };
  const second = line.indexOf('\t', tab + 1);
  return { key, value: line.slice(tab + 1, second), count: Number(line.slice(second + 1)) };
}
