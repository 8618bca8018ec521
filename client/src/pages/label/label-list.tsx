import { For, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { applyClass } from '../../modalities/shared/region-keys.ts';
import { classTitle, hotkeysOf, type StageProps } from '../../modalities/surface.ts';
import { Kbd } from '../../ui/index.ts';

/** The classes with their keys. A press labels the selection, relabels the selected region, or arms the class. */
export function LabelList(props: { stage: StageProps }) {
  const keys = () => hotkeysOf(props.stage.schema.classes);
  const used = (name: string) => props.stage.layer.regions.filter((r) => r.label === name).length;
  return (
    <ul class="-mx-2 flex flex-col gap-px">
      <For each={props.stage.schema.classes}>
        {(option) => {
          const armed = () => props.stage.activeClass === option.name;
          return (
            <li>
              <button
                type="button"
                aria-pressed={armed()}
                disabled={!props.stage.editable}
                title={option.description}
                // The selection in a text must survive the press.
                onPointerDown={(event) => event.preventDefault()}
                onClick={() => applyClass(props.stage, option.name)}
                style={{ '--c': option.color }}
                class={cx(
                  'flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left text-base transition-colors duration-75 disabled:cursor-default pointer-coarse:py-2.5',
                  armed()
                    ? 'bg-[color-mix(in_srgb,var(--c)_15%,var(--surface))] font-medium'
                    : 'enabled:hover:bg-hover',
                )}
              >
                <span
                  class={cx(
                    'size-3 shrink-0 rounded-[3px] bg-[var(--c)]',
                    armed() && 'outline-2 outline-offset-2 outline-[var(--c)]',
                  )}
                  aria-hidden="true"
                />
                <span class="min-w-0 flex-1 truncate">{classTitle(props.stage.schema, option.name)}</span>
                <Show when={used(option.name) > 0}>
                  <span class="text-xs text-ink-3 tabular">{used(option.name)}</span>
                </Show>
                <Show when={keys().get(option.name)}>{(key) => <Kbd>{key()}</Kbd>}</Show>
              </button>
            </li>
          );
        }}
      </For>
    </ul>
  );
}
