import Eye from 'lucide-solid/icons/eye';
import EyeOff from 'lucide-solid/icons/eye-off';
import UsersRound from 'lucide-solid/icons/users-round';
import { For, Show } from 'solid-js';
import { cx } from '../lib/class-names.ts';
import { plural } from '../lib/format.ts';
import { me } from '../shell/session.ts';
import type { RoomModel } from '../store/index.ts';
import { Avatar, Button, Popover } from '../ui/index.ts';
import type { Following } from './follow.ts';

type Member = NonNullable<RoomModel['view']>['members'][number];

/**
 * Who is in the room, what they are about, and following them. Blind, only who reviews and how many others: that is
 * the server's rule, and the reason is said here.
 */
export function PeopleHere(props: {
  room: Readonly<RoomModel>;
  following: Following;
  lookingAt: (userId: string) => string;
}) {
  const others = () => (props.room.view?.members ?? []).filter((m) => m.user.id !== me().id);
  const unseen = () => Math.max(0, (props.room.view?.here ?? 1) - 1 - others().length);
  const canFollow = (id: string) => props.room.people.some((p) => p.userId === id && p.viewport !== null);
  const words = () =>
    props.room.view?.blind
      ? 'You work blind: nobody sees the others’ answers before submitting, so that agreement means something.'
      : 'Press somebody to see what they see, until you move yourself.';
  return (
    <Show when={props.room.view}>
      {(view) => (
        <span class="inline-flex items-center gap-1.5">
          <span class="flex -space-x-1 max-sm:hidden" data-testid="people">
            <For each={others().slice(0, 4)}>
              {(member) => (
                <Face
                  member={member}
                  followed={props.following.whom() === member.user.id}
                  canFollow={canFollow(member.user.id)}
                  doing={props.lookingAt(member.user.id)}
                  onFollow={() => props.following.toggle(member.user.id)}
                />
              )}
            </For>
          </span>
          <Popover
            label="Who is here"
            placement="bottom-end"
            triggerClass="inline-flex items-center gap-1 rounded-md px-1.5 py-1 text-xs whitespace-nowrap text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:py-2.5"
            trigger={
              <>
                <Show when={view().blind} fallback={<UsersRound size={14} aria-hidden="true" />}>
                  <EyeOff size={14} aria-hidden="true" />
                </Show>
                <span data-testid="here">
                  {view().here > 1 ? `${view().here} here` : <span class="max-sm:sr-only">Only you</span>}
                </span>
              </>
            }
          >
            <div class="w-76 max-w-[calc(100vw-2rem)]" data-testid="people-list">
              <ul class="flex flex-col gap-0.5">
                <For each={others()}>
                  {(member) => (
                    <Row
                      member={member}
                      doing={props.lookingAt(member.user.id)}
                      followed={props.following.whom() === member.user.id}
                      canFollow={canFollow(member.user.id)}
                      onFollow={() => props.following.toggle(member.user.id)}
                    />
                  )}
                </For>
              </ul>
              <Show when={view().blind && unseen() > 0}>
                <p class="px-1 py-1 text-base">
                  {plural(unseen(), 'other person', 'other people')} in this room.
                </p>
              </Show>
              <Show when={view().here <= 1}>
                <p class="px-1 py-1 text-base">Nobody else is in this room.</p>
              </Show>
              <Show when={view().blind || others().length > 0}>
                <p class="mt-1 border-t border-line px-1 pt-2 text-sm text-ink-3">{words()}</p>
              </Show>
            </div>
          </Popover>
        </span>
      )}
    </Show>
  );
}

function Face(props: {
  member: Member;
  followed: boolean;
  canFollow: boolean;
  doing: string;
  onFollow: () => void;
}) {
  const said = () => [props.member.user.display, props.doing].filter(Boolean).join(': ');
  return (
    <button
      type="button"
      class={cx(
        'relative rounded-full border-2 hover:z-10',
        props.followed ? 'z-10 border-accent' : 'border-canvas',
        !props.canFollow && 'cursor-default!',
      )}
      disabled={!props.canFollow}
      aria-pressed={props.followed}
      aria-label={`${props.followed ? 'Stop following' : 'Follow'} ${props.member.user.display}`}
      title={said()}
      onClick={() => props.onFollow()}
    >
      <Avatar user={props.member.user} size={24} title={said()} />
    </button>
  );
}

function Row(props: {
  member: Member;
  doing: string;
  followed: boolean;
  canFollow: boolean;
  onFollow: () => void;
}) {
  const part = () =>
    props.member.mode === 'review' ? 'reviews' : props.member.submitted ? 'has submitted' : 'labels';
  return (
    <li class="flex items-center gap-2.5 rounded-md px-1 py-1.5">
      <Avatar user={props.member.user} size={28} />
      <span class="min-w-0 flex-1">
        <span class="block truncate text-base font-medium">{props.member.user.display}</span>
        <span class="line-clamp-2 text-xs text-ink-3" data-testid="doing">
          {props.doing === '' ? part() : `${part()}, ${props.doing}`}
        </span>
      </span>
      <Show when={props.canFollow}>
        <Button
          size="sm"
          kind={props.followed ? 'primary' : 'secondary'}
          aria-pressed={props.followed}
          onClick={() => props.onFollow()}
        >
          <Eye size={14} aria-hidden="true" />
          {props.followed ? 'Following' : 'Follow'}
        </Button>
      </Show>
    </li>
  );
}
