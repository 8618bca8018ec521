import { Select as Behaviour } from '@kobalte/core/select';
import Check from 'lucide-solid/icons/check';
import ChevronsUpDown from 'lucide-solid/icons/chevrons-up-down';
import { Show } from 'solid-js';
import { cx } from '../lib/class-names.ts';

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
  readonly disabled?: boolean;
}

/** Stands for '' inside: the behaviour takes an empty value for no choice at all. */
const nothing = '\u0000';

/** One of several options. `label` names it for screen readers when no Field does. */
export function Select<T extends string>(props: {
  value: T;
  options: readonly Option<T>[];
  onChange: (value: T) => void;
  label: string;
  id?: string;
  class?: string;
  disabled?: boolean;
}) {
  const chosen = () => props.options.find((o) => o.value === props.value);
  return (
    <Behaviour<Option<T>>
      options={[...props.options]}
      value={chosen() ?? null}
      onChange={(option) => option && props.onChange(option.value)}
      optionValue={(option) => option.value || nothing}
      optionTextValue="label"
      optionDisabled="disabled"
      disabled={props.disabled ?? false}
      disallowEmptySelection
      gutter={4}
      sameWidth={false}
      itemComponent={(item) => (
        <Behaviour.Item
          item={item.item}
          class="flex cursor-default items-start gap-2 rounded-[5px] px-2 py-1.5 text-base outline-none data-disabled:opacity-50 data-highlighted:bg-hover"
        >
          <span class="mt-0.5 size-4 shrink-0 text-accent">
            <Behaviour.ItemIndicator>
              <Check size={16} aria-hidden="true" />
            </Behaviour.ItemIndicator>
          </span>
          <span class="min-w-0">
            <Behaviour.ItemLabel class="block">{item.item.rawValue.label}</Behaviour.ItemLabel>
            <Show when={item.item.rawValue.hint}>
              <span class="block text-xs text-ink-3">{item.item.rawValue.hint}</span>
            </Show>
          </span>
        </Behaviour.Item>
      )}
    >
      <Behaviour.Trigger
        aria-label={props.label}
        {...(props.id === undefined ? {} : { id: props.id })}
        class={cx('control flex items-center justify-between gap-2 text-left', props.class)}
      >
        <Behaviour.Value<Option<T>> class="truncate">
          {(state) => state.selectedOption()?.label ?? ''}
        </Behaviour.Value>
        <Behaviour.Icon class="shrink-0 text-ink-3">
          <ChevronsUpDown size={14} aria-hidden="true" />
        </Behaviour.Icon>
      </Behaviour.Trigger>
      <Behaviour.Portal>
        <Behaviour.Content class="z-50 max-w-80 min-w-(--kb-popper-anchor-width) animate-pop rounded-lg border border-line bg-raised shadow-pop">
          <Behaviour.Listbox class="max-h-72 overflow-y-auto p-1 outline-none" />
        </Behaviour.Content>
      </Behaviour.Portal>
    </Behaviour>
  );
}
