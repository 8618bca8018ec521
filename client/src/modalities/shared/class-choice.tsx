import { For, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { percent } from '../../lib/format.ts';
import { Kbd } from '../../ui/index.ts';
import { hotkeysOf, type StageProps } from '../surface.ts';
import { VoteMarks } from './vote-marks.tsx';

/** The classes as large buttons with their keys; the chosen one wears its colour, a suggested one is dashed. */
export function ClassChoice(props: { stage: StageProps; answerKey: 'label' | 'choice'; class?: string }) {
  const keys = () => hotkeysOf(props.stage.schema.classes);
  const chosen = () => props.stage.layer.answers[props.answerKey];
  const suggestion = (name: string) =>
    props.stage.answerSuggestions.find((s) => s.key === props.answerKey && s.value === name);
  return (
    <div
      role="radiogroup"
      aria-label="Answer"
      class={cx(
        'grid gap-2',
        props.class ??
          'grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))] sm:grid-cols-[repeat(auto-fit,minmax(11rem,1fr))]',
      )}
    >
      <For each={props.stage.schema.classes}>
        {(option) => {
          const on = () => chosen() === option.name;
          const hint = () => suggestion(option.name);
          return (
            // biome-ignore lint/a11y/useSemanticElements: a button takes the digit keys and a press again to take it back.
            <button
              type="button"
              role="radio"
              aria-checked={on()}
              disabled={!props.stage.editable}
              title={option.description}
              onClick={() => choose(props.stage, props.answerKey, on() ? null : option.name)}
              style={{ '--c': option.color }}
              class={cx(
                'relative flex min-h-13 items-center gap-3 rounded-lg border-2 px-3.5 py-2 text-left transition-[background-color,border-color] duration-100',
                'disabled:cursor-default',
                on()
                  ? 'border-[var(--c)] bg-[color-mix(in_srgb,var(--c)_14%,var(--surface))]'
                  : hint()
                    ? 'border-dashed border-[color-mix(in_srgb,var(--c)_65%,var(--line))] bg-surface enabled:hover:bg-hover'
                    : 'border-line bg-surface enabled:hover:border-line-strong enabled:hover:bg-hover',
              )}
            >
              <span
                class={cx(
                  'grid size-5 shrink-0 place-items-center rounded-full border-2 border-[var(--c)]',
                  on() && 'bg-[var(--c)]',
                )}
                aria-hidden="true"
              >
                <Show when={on()}>
                  <svg viewBox="0 0 12 12" class="size-3" aria-hidden="true">
                    <path d="M2.5 6.2 5 8.7l4.5-5" fill="none" stroke="#fff" stroke-width="2" />
                  </svg>
                </Show>
              </span>
              <span class="min-w-0 flex-1">
                <span class="block truncate text-md font-medium">{option.title ?? option.name}</span>
                <Show when={hint()}>
                  {(s) => (
                    <span class="block truncate text-xs text-ink-2">
                      Suggested{s().score === null ? '' : ` · ${percent(s().score)}`}
                    </span>
                  )}
                </Show>
              </span>
              <VoteMarks others={props.stage.others} answerKey={props.answerKey} value={option.name} />
              <Show when={keys().get(option.name)}>{(key) => <Kbd>{key()}</Kbd>}</Show>
            </button>
          );
        }}
      </For>
    </div>
  );
}

/** Gives the answer, or (null) takes it back. */
export function choose(stage: StageProps, key: 'label' | 'choice', name: string | null): void {
  if (!stage.editable || (stage.layer.answers[key] ?? null) === name) return;
  stage.dispatch([{ t: 'classify', set: { [key]: name } }]);
}

/** Takes the class that this key stands for; true when there is one. */
export function chooseByKey(stage: StageProps, key: 'label' | 'choice', pressed: string): boolean {
  const hit = [...hotkeysOf(stage.schema.classes)].find(([, hotkey]) => hotkey === pressed);
  if (hit === undefined) return false;
  choose(stage, key, hit[0]);
  return true;
}

/** Enter: takes the suggestion where nothing is chosen yet, asks for a reason that is required, or is done. */
export function enterOn(stage: StageProps, key: 'label' | 'choice'): void {
  if (!stage.editable) {
    stage.onDone();
    return;
  }
  if (stage.layer.answers[key] === undefined) {
    const suggested = stage.answerSuggestions.find((s) => s.key === key);
    if (suggested !== undefined) choose(stage, key, suggested.value);
    return;
  }
  const reason = stage.layer.answers['reason'];
  if (stage.schema.reason?.required && (typeof reason !== 'string' || reason.trim() === '')) {
    document.querySelector<HTMLElement>('[data-reason]')?.focus();
    return;
  }
  stage.onDone();
}
