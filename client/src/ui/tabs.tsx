import { Tabs as Behaviour } from '@kobalte/core/tabs';
import { For, type JSX } from 'solid-js';

export interface Tab<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly content: () => JSX.Element;
}

/** Panels of one page, one shown at a time. For places with an address of their own use links instead. */
export function Tabs<T extends string>(props: {
  label: string;
  value: T;
  tabs: readonly Tab<T>[];
  onChange: (value: T) => void;
}) {
  return (
    <Behaviour value={props.value} onChange={(value) => props.onChange(value as T)}>
      <Behaviour.List aria-label={props.label} class="flex gap-1 overflow-x-auto border-b border-line">
        <For each={props.tabs}>
          {(tab) => (
            <Behaviour.Trigger
              value={tab.value}
              class="-mb-px border-b-2 border-transparent px-3 py-2 text-base font-medium text-ink-2 outline-offset-[-2px] hover:text-ink data-selected:border-accent data-selected:text-ink"
            >
              {tab.label}
            </Behaviour.Trigger>
          )}
        </For>
      </Behaviour.List>
      <For each={props.tabs}>
        {(tab) => (
          <Behaviour.Content value={tab.value} class="pt-5 outline-none">
            {tab.content()}
          </Behaviour.Content>
        )}
      </For>
    </Behaviour>
  );
}
