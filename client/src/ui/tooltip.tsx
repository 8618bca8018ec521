import { Tooltip as Behaviour } from '@kobalte/core/tooltip';
import type { JSX } from 'solid-js';

/** Says more about what it wraps, on hover and on focus. Nothing needed may live only here. */
export function Tooltip(props: { text: JSX.Element; children: JSX.Element; class?: string }) {
  return (
    <Behaviour openDelay={350} closeDelay={80} gutter={6}>
      <Behaviour.Trigger as="span" tabindex="0" class={props.class ?? 'inline-flex rounded-sm'}>
        {props.children}
      </Behaviour.Trigger>
      <Behaviour.Portal>
        <Behaviour.Content class="z-50 max-w-72 animate-fade rounded-md bg-ink px-2.5 py-1.5 text-sm text-canvas shadow-pop">
          {props.text}
        </Behaviour.Content>
      </Behaviour.Portal>
    </Behaviour>
  );
}
