import { inkOn } from '../../lib/people.ts';
import type { Somebody } from '../presence.ts';

/** Whose cursor or selection this is: their name on their colour. */
export function NameFlag(props: { who: Somebody; text?: string; class?: string }) {
  return (
    <span
      class={`pointer-events-none rounded-[3px] px-1 text-2xs leading-4 font-semibold whitespace-nowrap select-none ${props.class ?? ''}`}
      style={{ background: props.who.color, color: inkOn(props.who.color) }}
      data-who={props.who.userId}
    >
      {props.who.name}
      {props.text ? ` ${props.text}` : ''}
    </span>
  );
}
