import type { RoomPerson } from '@concord/core/protocol/resources';
import type { Comment } from '@concord/core/rooms/state';
import Check from 'lucide-solid/icons/check';
import Reply from 'lucide-solid/icons/reply';
import RotateCcw from 'lucide-solid/icons/rotate-ccw';
import { createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { ago, dateTime } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { Avatar } from '../../ui/index.ts';
import type { PeopleBook } from '../people-book.ts';
import { Composer } from './composer.tsx';
import { cutAtMentions } from './mentions.ts';
import { commentsOf, type Thread } from './threads.ts';

/** A thread counts as read when it was in sight this long. */
const readAfterMs = 2500;

/** One thread: what it is about, what was said, and what one may do with it. */
export function ThreadCard(props: {
  thread: Thread;
  people: PeopleBook;
  /** Whom one may mention in a reply. */
  mentionable: readonly RoomPerson[];
  /** What it is about, in a few words; '' for the whole item. */
  about: string;
  mayTalk: boolean;
  warning: string | undefined;
  isUnread: (id: string) => boolean;
  highlighted: boolean;
  onRead: (ids: readonly string[]) => void;
  onAbout: () => void;
  onReply: (text: string, mentions: readonly string[]) => void;
  onResolve: (resolved: boolean) => void;
}) {
  const [replying, setReplying] = createSignal(false);
  let card: HTMLLIElement | undefined;
  const all = () => commentsOf(props.thread);
  const readAll = (): void => props.onRead(all().map((comment) => comment.id));

  onMount(() => {
    if (card === undefined) return;
    let inSight = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Seen long enough, or gone out of sight again before; new replies start it anew.
    const watch = setInterval(() => {
      const unread = all().some((comment) => props.isUnread(comment.id));
      if (!unread || !inSight || document.hidden) {
        clearTimeout(timer);
        timer = undefined;
      } else timer ??= setTimeout(readAll, readAfterMs);
    }, 500);
    const observer = new IntersectionObserver(([entry]) => {
      inSight = entry?.isIntersecting ?? false;
    });
    observer.observe(card);
    onCleanup(() => {
      clearInterval(watch);
      clearTimeout(timer);
      observer.disconnect();
    });
  });

  const action =
    'inline-flex items-center gap-1 rounded-sm px-1 py-0.5 text-xs text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:py-2';
  return (
    <li
      ref={card}
      class={cx(
        'scroll-m-4 rounded-lg border bg-surface px-3 py-2.5 transition-colors',
        props.highlighted ? 'border-accent ring-2 ring-accent/25' : 'border-line',
      )}
      data-thread={props.thread.first.id}
      data-resolved={props.thread.first.resolved ? 'yes' : 'no'}
    >
      <Show when={props.about !== ''}>
        <button
          type="button"
          class="mb-1.5 block max-w-full truncate text-xs font-medium text-accent-ink hover:underline disabled:no-underline"
          disabled={props.thread.about === undefined}
          onClick={() => props.onAbout()}
        >
          {props.about}
        </button>
      </Show>
      <ol class={cx('flex flex-col gap-2.5', props.thread.first.resolved && 'opacity-65')}>
        <For each={all()}>
          {(comment) => <Said comment={comment} people={props.people} unread={props.isUnread(comment.id)} />}
        </For>
      </ol>
      <Show when={props.mayTalk}>
        <Show
          when={replying()}
          fallback={
            <div class="mt-1.5 -ml-1 flex gap-1">
              <Show when={!props.thread.first.resolved}>
                <button
                  type="button"
                  class={action}
                  onClick={() => {
                    readAll();
                    setReplying(true);
                  }}
                >
                  <Reply size={13} aria-hidden="true" />
                  Reply
                </button>
              </Show>
              <button
                type="button"
                class={action}
                onClick={() => {
                  readAll();
                  props.onResolve(!props.thread.first.resolved);
                }}
              >
                <Show when={props.thread.first.resolved} fallback={<Check size={13} aria-hidden="true" />}>
                  <RotateCcw size={13} aria-hidden="true" />
                </Show>
                {props.thread.first.resolved ? 'Open again' : 'Resolve'}
              </button>
            </div>
          }
        >
          <div class="mt-2">
            <Composer
              label="Reply"
              placeholder="Reply; @ names somebody"
              send="Reply"
              people={props.mentionable}
              warning={props.warning}
              autofocus
              onSend={(text, mentions) => {
                props.onReply(text, mentions);
                setReplying(false);
              }}
              onCancel={() => setReplying(false)}
            />
          </div>
        </Show>
      </Show>
    </li>
  );
}

function Said(props: { comment: Comment; people: PeopleBook; unread: boolean }) {
  const author = () => ({
    display: props.people.displayOf(props.comment.by),
    color: props.people.colorOf(props.comment.by),
  });
  const parts = () =>
    cutAtMentions(
      props.comment.text,
      (props.comment.mentions ?? []).map((id) => props.people.displayOf(id)),
    );
  return (
    <li class="flex gap-2" data-comment={props.comment.id}>
      <Avatar user={author()} size={20} />
      <div class="min-w-0 flex-1">
        <p class="flex items-baseline gap-1.5 text-xs text-ink-3">
          <span class="truncate font-medium text-ink-2">{props.people.nameOf(props.comment.by)}</span>
          <time
            class="whitespace-nowrap"
            datetime={new Date(props.comment.at).toISOString()}
            title={dateTime(props.comment.at)}
          >
            {ago(props.comment.at, now())}
          </time>
          <Show when={props.unread}>
            <span
              class="ml-auto rounded-full bg-accent px-1.5 text-2xs font-semibold text-on-accent"
              data-testid="unread"
            >
              New
            </span>
          </Show>
        </p>
        <p class="text-base break-words whitespace-pre-wrap">
          <For each={parts()}>
            {(part) => (
              <Show when={part.mention} fallback={part.text}>
                <span class="rounded-[3px] bg-accent-soft px-0.5 font-medium text-accent-ink">
                  {part.text}
                </span>
              </Show>
            )}
          </For>
        </p>
      </div>
    </li>
  );
}
