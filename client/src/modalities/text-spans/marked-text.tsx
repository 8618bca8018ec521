import { createMemo, For } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import type { Mark } from './marks.ts';
import { type Block, type Run, runsOf } from './runs.ts';

/** One block of the text with its marks. Only redrawn when a mark that touches it changes. */
export function MarkedBlock(props: { block: Block; marks: readonly Mark[]; selected: string | null }) {
  const here = createMemo(
    () => props.marks.filter((m) => m.start < props.block.end && m.end > props.block.start),
    [],
    { equals: (a, b) => a.length === b.length && a.every((m, i) => sameMark(m, b[i]!)) },
  );
  const runs = createMemo(() => runsOf(props.block, here()));
  return (
    <div class="[content-visibility:auto] [contain-intrinsic-size:auto_1.9rem]">
      <For each={runs()}>
        {(run) => <MarkedRun run={run} text={textOf(props.block, run)} selected={props.selected} />}
      </For>
    </div>
  );
}

function sameMark(a: Mark, b: Mark): boolean {
  return (
    a.id === b.id &&
    a.start === b.start &&
    a.end === b.end &&
    a.color === b.color &&
    a.tag === b.tag &&
    a.differs === b.differs &&
    a.chosenBy?.userId === b.chosenBy?.userId &&
    a.chosenBy?.busy === b.chosenBy?.busy
  );
}
function textOf(block: Block, run: Run<Mark>): string {
  return block.text.slice(run.start - block.start, run.end - block.start);
}

function MarkedRun(props: { run: Run<Mark>; text: string; selected: string | null }) {
  const top = () => props.run.marks.findLast((m) => m.kind !== 'other');
  const tag = () =>
    props.run.ending
      .filter((m) => m.tag !== '')
      .map((m) => m.tag)
      .join(' · ');
  const chosen = () => props.run.marks.find((m) => m.chosenBy !== null);
  const isSelected = () => props.run.marks.some((m) => m.id === props.selected);
  return (
    <span
      data-o={props.run.start}
      data-marks={props.run.marks.length === 0 ? undefined : props.run.marks.map((m) => m.id).join(' ')}
      data-tag={tag() === '' ? undefined : tag()}
      title={props.run.marks.length === 0 ? undefined : props.run.marks.map((m) => m.title).join('\n')}
      data-chosen-by={chosen()?.chosenBy?.userId}
      style={styleOf(props.run, top())}
      class={cx(
        props.run.marks.length > 0 &&
          'cursor-pointer [-webkit-box-decoration-break:clone] [box-decoration-break:clone]',
        top() && 'rounded-[3px] bg-[color-mix(in_srgb,var(--c)_24%,transparent)] py-px',
        top()?.kind === 'suggestion' &&
          'bg-transparent outline-1 outline-dashed outline-[color-mix(in_srgb,var(--c)_80%,var(--ink))]',
        chosen() && 'outline-2 outline-offset-1 outline-[var(--who)] [outline-style:dashed]',
        chosen()?.chosenBy?.busy && '[outline-style:solid]',
        isSelected() && 'bg-[color-mix(in_srgb,var(--c,var(--accent))_42%,transparent)]',
        tag() !== '' &&
          'after:ml-1 after:rounded-[3px] after:px-1 after:align-[0.12em] after:text-2xs after:font-semibold after:text-[color-mix(in_srgb,var(--c,var(--o))_62%,var(--ink))] after:content-[attr(data-tag)]',
      )}
    >
      {props.text}
    </span>
  );
}

/** One line below the text for each of the others, in their colours; a broader one where they differ. */
function styleOf(run: Run<Mark>, top: Mark | undefined): Record<string, string> {
  const style: Record<string, string> = {};
  const lines: string[] = [];
  if (top !== undefined) style['--c'] = top.color;
  const who = run.marks.find((m) => m.chosenBy !== null)?.chosenBy;
  if (who) style['--who'] = who.color;
  for (const own of run.marks.filter((m) => m.kind === 'own').reverse())
    lines.push(`0 ${lines.length * 3 + 2}px 0 0 ${own.color}`);
  const others = run.marks.filter((m) => m.kind === 'other');
  for (const other of others) {
    style['--o'] = other.color;
    lines.push(`0 ${lines.length * 3 + 2}px 0 0 ${other.color}`);
  }
  if (lines.length > 0) style['box-shadow'] = lines.join(', ');
  if (top === undefined && others.some((m) => m.differs))
    style['background'] = 'color-mix(in srgb, var(--warn) 18%, transparent)';
  return style;
}
