import type { LabelSchema } from '@concord/core/records/label-schema';
import type { Task } from '@concord/core/records/task';
import { A, useNavigate } from '@solidjs/router';
import ListStart from 'lucide-solid/icons/list-start';
import RotateCcwClock from 'lucide-solid/icons/rotate-ccw-clock';
import { createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { coefficient, percent } from '../../lib/format.ts';
import { isTyping } from '../../lib/keyboard.ts';
import { iMay } from '../../shell/session.ts';
import { ClassTag, StateBadge } from '../../ui/badge.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Table, Td, Th } from '../../ui/table.tsx';

/** Rows of tasks. J and K (or arrows) move, X chooses, Enter opens; Shift with a click chooses a stretch. */
export function TaskTable(props: {
  tasks: readonly Task[];
  schema: LabelSchema;
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
  onFilterAnswer: (answer: string) => void;
}) {
  const navigate = useNavigate();
  const [at, setAt] = createSignal(-1);
  let lastToggled = -1;
  let body!: HTMLDivElement;
  const mayOpen = iMay('review');
  const mayChoose = iMay('manage-projects');

  function toggle(index: number, stretch: boolean): void {
    const next = new Set(props.chosen);
    const on = !next.has(props.tasks[index]!.id);
    const from = stretch && lastToggled >= 0 ? Math.min(lastToggled, index) : index;
    const to = stretch && lastToggled >= 0 ? Math.max(lastToggled, index) : index;
    for (const task of props.tasks.slice(from, to + 1)) {
      if (on) next.add(task.id);
      else next.delete(task.id);
    }
    lastToggled = index;
    props.onChoose(next);
  }
  const chosenHere = () => props.tasks.filter((t) => props.chosen.has(t.id)).length;
  function toggleAll(on: boolean): void {
    const next = new Set(props.chosen);
    for (const task of props.tasks) {
      if (on) next.add(task.id);
      else next.delete(task.id);
    }
    props.onChoose(next);
  }
  function go(to: number): void {
    const index = Math.max(0, Math.min(props.tasks.length - 1, to));
    setAt(index);
    body.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus();
  }
  function onKey(event: KeyboardEvent): void {
    if (isTyping(event)) return;
    const arrows = event.target instanceof HTMLElement && event.target.closest('[data-row]') !== null;
    if (event.key === 'j' || (arrows && event.key === 'ArrowDown')) go(at() + 1);
    else if (event.key === 'k' || (arrows && event.key === 'ArrowUp')) go(at() - 1);
    else if (event.key.toLowerCase() === 'x' && at() >= 0 && mayChoose) toggle(at(), event.shiftKey);
    else if (event.key === 'Enter' && arrows && mayOpen && event.target instanceof HTMLTableRowElement)
      navigate(`/review/${props.tasks[at()]!.id}`);
    else return;
    event.preventDefault();
  }
  onMount(() => {
    document.addEventListener('keydown', onKey);
    onCleanup(() => document.removeEventListener('keydown', onKey));
  });

  return (
    <div ref={body}>
      <Table
        label="Tasks"
        head={
          <>
            <Show when={mayChoose}>
              <Th class="w-8">
                <Checkbox
                  hideLabel
                  label="Choose all on this page"
                  checked={chosenHere() === props.tasks.length}
                  indeterminate={chosenHere() > 0 && chosenHere() < props.tasks.length}
                  onChange={toggleAll}
                />
              </Th>
            </Show>
            <Th right class="w-14">
              #
            </Th>
            <Th class="w-full">Item</Th>
            <Th class="max-md:hidden">State</Th>
            <Th class="max-md:hidden">Answer</Th>
            <Th right class="max-lg:hidden">
              Agreement
            </Th>
            <Th right class="max-lg:hidden">
              Confidence
            </Th>
            <Th class="max-xl:hidden">Suggestion</Th>
            <Th right class="max-md:hidden">
              Answers
            </Th>
            <Show when={mayOpen}>
              <Th class="w-8">
                <span class="sr-only">History</span>
              </Th>
            </Show>
          </>
        }
      >
        <For each={props.tasks}>
          {(task, i) => (
            <tr
              data-row={i()}
              tabindex={at() === i() || (at() < 0 && i() === 0) ? 0 : -1}
              onFocusIn={() => setAt(i())}
              class="group outline-offset-[-2px] hover:bg-hover aria-selected:bg-accent-soft"
              aria-selected={props.chosen.has(task.id)}
            >
              <Show when={mayChoose}>
                <Td>
                  <input
                    type="checkbox"
                    tabindex="-1"
                    class="block size-4 accent-accent"
                    aria-label={`Choose task ${task.seq}`}
                    checked={props.chosen.has(task.id)}
                    onClick={(e) => toggle(i(), e.shiftKey)}
                  />
                </Td>
              </Show>
              <Td right class="text-ink-3">
                {task.seq}
              </Td>
              <Td class="max-w-0">
                <div class="flex min-w-0 items-center gap-2">
                  <Show when={task.priority > 0 && task.state === 'open'}>
                    <span title="First in the queue" class="shrink-0 text-accent">
                      <ListStart size={15} aria-label="First in the queue" />
                    </span>
                  </Show>
                  <Show when={mayOpen} fallback={<span class="truncate">{task.preview}</span>}>
                    <A
                      href={`/review/${task.id}`}
                      tabindex="-1"
                      class="truncate group-hover:underline group-hover:decoration-line-strong group-hover:underline-offset-3"
                    >
                      {task.preview}
                    </A>
                  </Show>
                </div>
                <div class="mt-1 flex flex-wrap items-center gap-2 text-sm text-ink-3 md:hidden">
                  <StateBadge state={task.state} />
                  <Answer task={task} schema={props.schema} onFilter={props.onFilterAnswer} />
                  <Show when={task.agreement !== null}>agreement {coefficient(task.agreement)}</Show>
                </div>
              </Td>
              <Td class="max-md:hidden">
                <StateBadge state={task.state} />
              </Td>
              <Td class="max-w-52 max-md:hidden">
                <Answer task={task} schema={props.schema} onFilter={props.onFilterAnswer} />
              </Td>
              <Td right class="max-lg:hidden">
                <span class={task.agreement === null ? 'text-ink-3' : ''}>{coefficient(task.agreement)}</span>
              </Td>
              <Td right class="max-lg:hidden">
                <span class={task.confidence === null ? 'text-ink-3' : ''}>{percent(task.confidence)}</span>
              </Td>
              <Td class="max-w-44 max-xl:hidden">
                <Show when={task.suggestion} fallback={<span class="text-ink-3">–</span>}>
                  {(s) => (
                    <span class="flex items-center gap-1.5 text-sm text-ink-2">
                      <span class="truncate">{s().label ?? 'yes'}</span>
                      <span class="text-ink-3 tabular-nums">{percent(s().score)}</span>
                    </span>
                  )}
                </Show>
              </Td>
              <Td right class="whitespace-nowrap max-md:hidden">
                {task.submissions}
                <span class="text-ink-3"> of {Math.max(task.target, task.submissions)}</span>
              </Td>
              <Show when={mayOpen}>
                <Td class="py-0!">
                  <A
                    href={`/history/${task.id}`}
                    tabindex="-1"
                    class={buttonClass('quiet', 'sm', true)}
                    aria-label={`History of task ${task.seq}`}
                    title="History: the room as it was"
                  >
                    <RotateCcwClock size={15} aria-hidden="true" />
                  </A>
                </Td>
              </Show>
            </tr>
          )}
        </For>
      </Table>
      <p class="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3 max-md:hidden">
        <span>
          <Kbd>J</Kbd> <Kbd>K</Kbd> move
        </span>
        <Show when={mayChoose}>
          <span>
            <Kbd>X</Kbd> choose, with <Kbd>Shift</Kbd> a stretch
          </span>
        </Show>
        <Show when={mayOpen}>
          <span>
            <Kbd>↵</Kbd> open
          </span>
        </Show>
      </p>
    </div>
  );
}

function Answer(props: { task: Task; schema: LabelSchema; onFilter: (answer: string) => void }) {
  const known = (answer: string) => props.schema.classes.find((c) => c.name === answer);
  return (
    <Show when={props.task.answer}>
      {(answer) => (
        <button
          type="button"
          tabindex="-1"
          class="flex max-w-full rounded-sm text-left hover:brightness-95"
          title={`Show only tasks with the answer “${answer()}”`}
          onClick={() => props.onFilter(answer())}
        >
          <Show when={known(answer())} fallback={<span class="truncate text-sm text-ink-2">{answer()}</span>}>
            {(c) => <ClassTag color={c().color}>{c().title ?? c().name}</ClassTag>}
          </Show>
        </button>
      )}
    </Show>
  );
}
