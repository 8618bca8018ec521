import X from 'lucide-solid/icons/x';
import { Show } from 'solid-js';
import { inkOn } from '../lib/people.ts';
import type { Following } from './follow.ts';
import type { PeopleBook } from './people-book.ts';

/** Says over the stage whose view this is, in their colour, and ends it. */
export function FollowBar(props: { following: Following; people: PeopleBook }) {
  return (
    <Show when={props.following.whom()}>
      {(whom) => (
        <div
          class="pointer-events-none absolute inset-0 z-20 border-3"
          style={{ 'border-color': props.people.colorOf(whom()) }}
          data-testid="following"
        >
          <button
            type="button"
            class="pointer-events-auto absolute top-0 left-1/2 flex max-w-[90%] -translate-x-1/2 items-center gap-2 rounded-b-lg py-1 pr-2 pl-3 text-sm font-medium shadow-pop pointer-coarse:py-2"
            style={{
              background: props.people.colorOf(whom()),
              color: inkOn(props.people.colorOf(whom())),
            }}
            title="Stop following (Escape)"
            onClick={() => props.following.stop()}
          >
            <span class="truncate">Following {props.people.displayOf(whom())}</span>
            <X size={14} class="shrink-0" aria-label="Stop" />
          </button>
        </div>
      )}
    </Show>
  );
}
