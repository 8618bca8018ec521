import { Popover as Behaviour } from '@kobalte/core/popover';
import type { JSX } from 'solid-js';
import { cx } from '../lib/class-names.ts';

/** A small panel behind a button. Focus moves into it and comes back. */
export function Popover(props: {
  label: string;
  trigger: JSX.Element;
  triggerClass: string;
  placement?: 'bottom-start' | 'bottom-end' | 'top-start' | 'top-end' | 'right-end';
  /** Whether it is open, where the caller has to know. */
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Without space around what is in it. */
  flush?: boolean;
  children: JSX.Element;
}) {
  return (
    <Behaviour
      gutter={6}
      placement={props.placement ?? 'bottom-start'}
      {...(props.open === undefined ? {} : { open: props.open })}
      {...(props.onOpenChange ? { onOpenChange: props.onOpenChange } : {})}
    >
      <Behaviour.Trigger aria-label={props.label} title={props.label} class={props.triggerClass}>
        {props.trigger}
      </Behaviour.Trigger>
      <Behaviour.Portal>
        <Behaviour.Content
          aria-label={props.label}
          class={cx(
            'z-50 animate-pop rounded-lg border border-line bg-raised shadow-pop outline-none',
            !props.flush && 'p-3',
          )}
        >
          {props.children}
        </Behaviour.Content>
      </Behaviour.Portal>
    </Behaviour>
  );
}
