import type { Stretch } from './offsets.ts';

/** A block of text that is laid out on its own, so that a change far away costs nothing. */
export interface Block extends Stretch {
  readonly text: string;
}

/** Longest block, in code units: a text without line breaks is cut at a space near this. */
const longest = 3000;

/** The text cut at its line breaks; a break belongs to the block it ends. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let start = 0;
  while (start < text.length) {
    const line = text.indexOf('\n', start);
    let end = line < 0 ? text.length : line + 1;
    if (end - start > longest) {
      const space = text.lastIndexOf(' ', start + longest);
      end = space > start ? space + 1 : start + longest;
      // Never between the halves of one character.
      if (/[\uD800-\uDBFF]/.test(text[end - 1]!)) end += 1;
    }
    blocks.push({ start, end, text: text.slice(start, end) });
    start = end;
  }
  return blocks.length === 0 ? [{ start: 0, end: 0, text: '' }] : blocks;
}

/** A stretch of text under the same marks throughout. */
export interface Run<M> extends Stretch {
  readonly marks: readonly M[];
  /** Marks that end with this run: where their label stands. */
  readonly ending: readonly M[];
}

/** Cuts a block at every place where a mark begins or ends. Marks keep their order. */
export function runsOf<M extends Stretch>(block: Stretch, marks: readonly M[]): Run<M>[] {
  const here = marks.filter((m) => m.start < block.end && m.end > block.start);
  const cuts = new Set([block.start, block.end]);
  for (const mark of here) {
    if (mark.start > block.start) cuts.add(mark.start);
    if (mark.end < block.end) cuts.add(mark.end);
  }
  const edges = [...cuts].sort((a, b) => a - b);
  const runs: Run<M>[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const start = edges[i]!;
    const end = edges[i + 1]!;
    const over = here.filter((m) => m.start < end && m.end > start);
    runs.push({ start, end, marks: over, ending: over.filter((m) => m.end === end) });
  }
  return runs;
}
