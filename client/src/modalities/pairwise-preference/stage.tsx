import { For, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { inkOn } from '../../lib/people.ts';
import { Kbd, Markdown } from '../../ui/index.ts';
import { focusTakesEnter, useKeys } from '../keys.ts';
import { choose, chooseByKey, enterOn } from '../shared/class-choice.tsx';
import { ReasonField } from '../shared/reason-field.tsx';
import { TextPresence } from '../shared/text-presence.tsx';
import { VoteMarks } from '../shared/vote-marks.tsx';
import { classColor, classTitle, hotkeysOf, type StageProps } from '../surface.ts';

const arrows: Readonly<Record<string, string>> = { arrowleft: 'a', arrowright: 'b', arrowdown: 'tie' };

/** The prompt on top, the two answers side by side (one above the other on a phone); a press on one chooses it. */
export function Stage(props: StageProps) {
  let scroller: HTMLDivElement | undefined;
  let root: HTMLDivElement | undefined;
  useKeys((key, event) => {
    if (key === 'enter' && !focusTakesEnter(event)) {
      enterOn(props, 'choice');
      return true;
    }
    if (key === 'r') {
      document.querySelector<HTMLElement>('[data-reason]')?.focus();
      return true;
    }
    if (!props.editable) return false;
    const side = arrows[key];
    if (side !== undefined && props.schema.classes.some((c) => c.name === side)) {
      choose(props, 'choice', side);
      return true;
    }
    return chooseByKey(props, 'choice', key);
  });
  const keyOf = (name: string) => hotkeysOf(props.schema.classes).get(name);
  const chosen = (name: string) => props.layer.answers['choice'] === name;
  return (
    <div class="flex h-full min-h-0 flex-col">
      <div ref={scroller} class="min-h-0 flex-1 overflow-y-auto px-4 py-4 sm:px-6 sm:py-5">
        <div class="relative mx-auto max-w-[76rem]">
          <div ref={root} class="flex flex-col gap-4">
            <section aria-label="Prompt" class="rounded-lg bg-sunken px-4 py-3.5">
              <p class="eyebrow mb-1">Prompt</p>
              <Markdown
                text={String(props.asset.data['prompt'] ?? '')}
                class="text-ink [--ink-2:var(--ink)]"
              />
            </section>
            <div class="grid items-stretch gap-4 md:grid-cols-2">
              <For each={['a', 'b'] as const}>
                {(side) => (
                  <section
                    aria-label={`Answer ${side.toUpperCase()}`}
                    style={{ '--c': classColor(props.schema, side) }}
                    class={cx(
                      'flex flex-col rounded-lg border-2 bg-surface transition-[border-color] duration-100',
                      chosen(side) ? 'border-[var(--c)]' : 'border-line',
                    )}
                  >
                    <header
                      class={cx(
                        'flex items-center gap-2 rounded-t-[0.5rem] border-b border-line px-4 py-2 text-sm font-semibold',
                        chosen(side) && 'bg-[color-mix(in_srgb,var(--c)_14%,var(--surface))]',
                      )}
                    >
                      <span
                        class="grid size-6 place-items-center rounded-md text-sm"
                        style={{ background: 'var(--c)', color: inkOn(classColor(props.schema, side)) }}
                      >
                        {side.toUpperCase()}
                      </span>
                      Answer {side.toUpperCase()}
                    </header>
                    <div class="flex-1 px-4 py-3.5">
                      <Markdown
                        text={String(props.asset.data[side] ?? '')}
                        class="text-ink [--ink-2:var(--ink)]"
                      />
                    </div>
                  </section>
                )}
              </For>
            </div>
          </div>
          <TextPresence presence={props.presence} root={() => root} scroller={() => scroller} />
        </div>
      </div>
      <div class="border-t border-line bg-canvas px-4 py-3 sm:px-6">
        <div class="mx-auto flex max-w-[76rem] flex-col gap-3">
          <div role="radiogroup" aria-label="Which is better" class="grid grid-cols-3 gap-2">
            <For each={['a', 'tie', 'b'].filter((name) => props.schema.classes.some((c) => c.name === name))}>
              {(name) => {
                const hint = () =>
                  props.answerSuggestions.find((s) => s.key === 'choice' && s.value === name);
                return (
                  // biome-ignore lint/a11y/useSemanticElements: a button takes the keys and a press again to take it back.
                  <button
                    type="button"
                    role="radio"
                    aria-checked={chosen(name)}
                    disabled={!props.editable}
                    onClick={() => choose(props, 'choice', chosen(name) ? null : name)}
                    style={{ '--c': classColor(props.schema, name) }}
                    class={cx(
                      'flex min-h-12 items-center justify-center gap-2 rounded-lg border-2 px-2 text-base font-medium transition-colors duration-100 disabled:cursor-default sm:text-md',
                      chosen(name)
                        ? 'border-[var(--c)] bg-[color-mix(in_srgb,var(--c)_16%,var(--surface))]'
                        : 'border-line bg-surface enabled:hover:border-line-strong enabled:hover:bg-hover',
                      hint() && !chosen(name) && 'border-dashed border-[var(--c)]',
                    )}
                  >
                    <VoteMarks others={props.others} answerKey="choice" value={name} />
                    <span class="truncate">{classTitle(props.schema, name)}</span>
                    <Show when={keyOf(name)}>{(key) => <Kbd>{key()}</Kbd>}</Show>
                  </button>
                );
              }}
            </For>
          </div>
          <ReasonField stage={props} />
        </div>
      </div>
    </div>
  );
}
