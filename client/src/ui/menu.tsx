import { DropdownMenu } from '@kobalte/core/dropdown-menu';
import { type JSX, Show } from 'solid-js';
import { cx } from '../lib/class-names.ts';
import { buttonClass } from './button.tsx';

/** A menu behind a button. `trigger` is the button's content. */
export function Menu(props: {
  trigger: JSX.Element;
  label: string;
  /** Replaces the look of the trigger. */
  triggerClass?: string;
  children: JSX.Element;
  placement?: 'bottom-end' | 'bottom-start' | 'top-start' | 'top-end';
}) {
  return (
    <DropdownMenu placement={props.placement ?? 'bottom-end'} gutter={6}>
      <DropdownMenu.Trigger
        aria-label={props.label}
        class={props.triggerClass ?? buttonClass('quiet', 'md', true)}
      >
        {props.trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content class="z-50 min-w-48 animate-pop rounded-lg border border-line bg-raised p-1 shadow-pop outline-none">
          {props.children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu>
  );
}

export function MenuItem(props: {
  onSelect: () => void;
  icon?: JSX.Element;
  danger?: boolean;
  disabled?: boolean;
  children: JSX.Element;
}) {
  return (
    <DropdownMenu.Item
      onSelect={props.onSelect}
      disabled={props.disabled ?? false}
      class={cx(
        'flex cursor-default items-center gap-2.5 rounded-[5px] px-2.5 py-1.5 text-base outline-none data-disabled:opacity-50 data-highlighted:bg-hover pointer-coarse:py-2.5',
        props.danger && 'text-danger-ink',
      )}
    >
      <Show when={props.icon}>
        <span class="text-ink-3">{props.icon}</span>
      </Show>
      {props.children}
    </DropdownMenu.Item>
  );
}

export function MenuLabel(props: { children: JSX.Element }) {
  return <div class="px-2.5 pt-1.5 pb-1 text-xs text-ink-3">{props.children}</div>;
}

export function MenuSeparator() {
  return <DropdownMenu.Separator class="mx-1 my-1 h-px border-0 bg-line" />;
}
