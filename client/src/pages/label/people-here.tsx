import EyeOff from 'lucide-solid/icons/eye-off';
import { For, Show } from 'solid-js';
import { plural } from '../../lib/format.ts';
import { me } from '../../shell/session.ts';
import type { RoomModel } from '../../store/index.ts';
import { Avatar, Tooltip } from '../../ui/index.ts';

/** Who is in the room. Blind, only how many: that is the server's rule, and the reason is said here. */
export function PeopleHere(props: { room: Readonly<RoomModel> }) {
  const others = () => (props.room.view?.members ?? []).filter((m) => m.user.id !== me().id);
  const unseen = () => Math.max(0, (props.room.view?.here ?? 1) - 1 - others().length);
  const words = () =>
    props.room.view?.blind
      ? `${plural(unseen(), 'other person', 'other people')} in this room. You work blind: nobody sees the others’ answers before submitting, so that agreement means something.`
      : `${plural(others().length, 'other person', 'other people')} in this room.`;
  return (
    <Show when={props.room.view}>
      <Tooltip text={words()} class="inline-flex items-center gap-1.5 rounded-sm max-sm:hidden">
        <span class="flex -space-x-1.5" data-testid="people">
          <For each={others().slice(0, 4)}>{(member) => <Avatar user={member.user} size={24} />}</For>
        </span>
        <span class="inline-flex items-center gap-1 text-xs whitespace-nowrap text-ink-3" data-testid="here">
          <Show when={props.room.view?.blind}>
            <EyeOff size={14} aria-hidden="true" />
          </Show>
          {(props.room.view?.here ?? 1) > 1 ? `${props.room.view?.here} here` : 'Only you'}
        </span>
      </Tooltip>
    </Show>
  );
}
