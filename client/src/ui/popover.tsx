import { Popover as Behaviour } from '@kobalte/core/popover';
import type { JSX } from 'solid-js';

/** A small panel behind a button. Focus moves into it and comes back. */
export function Popover(props: {
  label: string;
  trigger: JSX.Element;
  triggerClass: string;
  children: JSX.Element;
}) {
  return (
    <Behaviour gutter={6} placement="bottom-start">
      <Behaviour.Trigger aria-label={props.label} title={props.label} class={props.triggerClass}>
        {props.trigger}
      </Behaviour.Trigger>
      <Behaviour.Portal>
        <Behaviour.Content
          aria-label={props.label}
          class="z-50 animate-pop rounded-lg border border-line bg-raised p-3 shadow-pop outline-none"
        >
          {props.children}
        </Behaviour.Content>
      </Behaviour.Portal>
    </Behaviour>
  );
}
