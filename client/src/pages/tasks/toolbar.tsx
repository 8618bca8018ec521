import type { ProjectSummary } from '@concord/core/protocol/resources';
import Download from 'lucide-solid/icons/download';
import Search from 'lucide-solid/icons/search';
import X from 'lucide-solid/icons/x';
import { createEffect, createSignal, on, onCleanup, onMount, Show } from 'solid-js';
import { addressOf } from '../../api/index.ts';
import { shortCount } from '../../lib/format.ts';
import { isTyping } from '../../lib/keyboard.ts';
import { modalityLook } from '../../lib/modality-look.ts';
import type { TaskFilter } from '../../reads/index.ts';
import { iMay } from '../../shell/session.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Input, Segments } from '../../ui/field.tsx';
import { Menu, MenuItem, MenuLabel } from '../../ui/menu.tsx';
import { Select } from '../../ui/select.tsx';

type Change = (patch: Partial<Record<keyof TaskFilter, string | null>>) => void;

/** A search starts this long after the last key. */
const searchAfterMs = 250;
const exports = [
  { format: 'json', label: 'JSON' },
  { format: 'jsonl', label: 'JSON lines' },
  { format: 'label-studio', label: 'Label Studio JSON' },
] as const;

/** Filters of the task table. They live in the address, so that a view can be sent to somebody. */
export function Toolbar(props: { filter: TaskFilter; summary: ProjectSummary; onChange: Change }) {
  const states = () => [
    { value: '', label: `All ${shortCount(props.summary.tasks)}` },
    { value: 'open', label: `Open ${shortCount(props.summary.open)}` },
    { value: 'disputed', label: `Disputed ${shortCount(props.summary.disputed)}` },
    { value: 'finalized', label: `Settled ${shortCount(props.summary.finalized)}` },
  ];
  const schema = () => props.summary.project.schema;
  const byClass = () => modalityLook(schema().modality).oneClass === true;
  const answers = () => [
    { value: '', label: 'Any answer' },
    ...schema().classes.map((c) => ({ value: c.name, label: c.title ?? c.name })),
  ];
  return (
    <div class="mb-3 flex flex-wrap items-center gap-2">
      <SearchBox value={props.filter.q ?? ''} onChange={(q) => props.onChange({ q })} />
      <div class="max-w-full overflow-x-auto">
        <Segments
          label="State"
          value={props.filter.state ?? ''}
          choices={states()}
          onChange={(state) => props.onChange({ state: state || null })}
        />
      </div>
      <Show when={byClass()}>
        <Select
          class="w-auto! min-w-36"
          label="Answer"
          value={props.filter.answer ?? ''}
          options={answers()}
          onChange={(answer) => props.onChange({ answer: answer || null })}
        />
      </Show>
      <Show when={!byClass() && props.filter.answer}>
        {(answer) => (
          <button
            type="button"
            class="inline-flex h-8.5 items-center gap-1.5 rounded-md bg-accent-soft px-2.5 text-sm font-medium text-accent-ink"
            onClick={() => props.onChange({ answer: null })}
          >
            Answer: {answer()}
            <X size={14} aria-label="Remove this filter" />
          </button>
        )}
      </Show>
      <span class="flex-1" />
      <GoTo value={props.filter.from} onChange={(from) => props.onChange({ from })} />
      <Show when={iMay('export-tasks')}>
        <Menu
          label="Export all answers"
          triggerClass={buttonClass('secondary', 'md')}
          trigger={
            <>
              <Download size={15} aria-hidden="true" />
              Export
            </>
          }
        >
          <MenuLabel>All tasks, settled or not, with everybody’s answers</MenuLabel>
          {exports.map((e) => (
            <MenuItem
              onSelect={() =>
                location.assign(
                  addressOf('exports.tasks', { project: props.summary.project.id }, { format: e.format }).url,
                )
              }
            >
              {e.label}
            </MenuItem>
          ))}
        </Menu>
      </Show>
    </div>
  );
}

function SearchBox(props: { value: string; onChange: (q: string | null) => void }) {
  const [text, setText] = createSignal(props.value);
  let input!: HTMLInputElement;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // The address may change by itself (back, "show all"); what is being typed stays.
  createEffect(
    on(
      () => props.value,
      (value) => document.activeElement !== input && setText(value),
      { defer: true },
    ),
  );
  onMount(() => {
    const focus = (event: KeyboardEvent): void => {
      if (event.key !== '/' || isTyping(event)) return;
      event.preventDefault();
      input.focus();
    };
    document.addEventListener('keydown', focus);
    onCleanup(() => {
      document.removeEventListener('keydown', focus);
      clearTimeout(timer);
    });
  });
  return (
    <div class="relative w-full sm:w-60">
      <Search
        size={15}
        class="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-3"
        aria-hidden="true"
      />
      <Input
        ref={(element) => {
          input = element;
        }}
        type="search"
        class="pl-8!"
        placeholder={matchMedia('(pointer: coarse)').matches ? 'Search' : 'Search  ( / )'}
        aria-label="Search in texts and file names"
        value={text()}
        onInput={(e) => {
          const q = e.currentTarget.value;
          setText(q);
          clearTimeout(timer);
          timer = setTimeout(() => props.onChange(q.trim() || null), searchAfterMs);
        }}
      />
    </div>
  );
}

function GoTo(props: { value: number | undefined; onChange: (from: string | null) => void }) {
  return (
    <form
      class="flex items-center gap-1.5 text-sm text-ink-3 max-sm:hidden"
      onSubmit={(e) => {
        e.preventDefault();
        const seq = Number(new FormData(e.currentTarget).get('seq'));
        props.onChange(Number.isInteger(seq) && seq > 1 ? String(seq - 1) : null);
      }}
    >
      <label for="go-to">Go to #</label>
      <Input
        id="go-to"
        name="seq"
        inputmode="numeric"
        class="w-20!"
        value={props.value === undefined ? '' : String(props.value + 1)}
      />
    </form>
  );
}
