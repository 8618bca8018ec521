import type { LayerId } from '@concord/core/records/ids';
import X from 'lucide-solid/icons/x';
import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js';
import { classTitle, type StageProps, type Surface } from '../../modalities/surface.ts';
import { IconButton } from '../../ui/index.ts';
import type { PeopleBook } from '../people-book.ts';
import { Composer } from './composer.tsx';
import type { Conversation } from './conversation.ts';
import { ThreadCard } from './thread-card.tsx';
import type { Thread } from './threads.ts';

/** A thread that was jumped to is set off this long. */
const highlightMs = 4000;

const keyOf = (thread: Thread): string => `${thread.layer}/${thread.first.id}`;

/** Threads on the task or on one region. Each is seen by whoever sees its layer. */
export function Comments(props: {
  stage: StageProps;
  surface: Surface;
  people: PeopleBook;
  conversation: Conversation;
}) {
  const talk = () => props.conversation.talk;
  const [highlighted, setHighlighted] = createSignal<string | null>(null);
  const [showResolved, setShowResolved] = createSignal(false);
  let list: HTMLUListElement | undefined;

  // By name, so that what is being written on a card stays when anything else changes.
  const byKey = createMemo(() => new Map(props.conversation.threads().map((t) => [keyOf(t), t])));
  const keys = (isResolved: boolean) =>
    props.conversation
      .threads()
      .filter((thread) => thread.first.resolved === isResolved)
      .map(keyOf);
  const open = createMemo(() => keys(false));
  const resolved = createMemo(() => keys(true));

  /** The region that is selected, where one may talk about it there. */
  const target = createMemo((): { layer: LayerId; region: string; said: string } | null => {
    const id = props.stage.selected;
    if (id === null) return null;
    const slash = id.indexOf('/');
    const layerId = (slash < 0 ? props.stage.layer.id : id.slice(0, slash)) as LayerId;
    const layer =
      layerId === props.stage.layer.id
        ? props.stage.layer
        : props.stage.others.find((other) => other.id === layerId)?.layer;
    const region = layer?.regions.find((r) => r.id === id.slice(slash + 1));
    if (region === undefined || !talk().may(layerId)) return null;
    const whose = slash < 0 ? '' : `${props.people.displayOf(layerId)}: `;
    return { layer: layerId, region: region.id, said: whose + titleOf(region) };
  });
  /** The layer that words go to now. */
  const layer = () => props.conversation.addressee() ?? target()?.layer ?? talk().home;

  function titleOf(region: NonNullable<Thread['about']>): string {
    const text = props.surface.regionText?.(region, props.stage.asset) ?? '';
    return `${classTitle(props.stage.schema, region.label)} ${text}`.trim();
  }
  function aboutOf({ first, about, layer: of }: Thread): string {
    const whose = of === props.stage.layer.id ? '' : props.people.displayOf(of);
    const what = about !== undefined ? titleOf(about) : first.region === null ? '' : 'a region that is gone';
    return [whose, what].filter(Boolean).join(': ');
  }
  const mentionable = (of: LayerId) =>
    props.people.mentionable().filter((person) => talk().mayName(of, person));
  const warningFor = (of: LayerId): string | undefined => {
    const id = talk().exposes(of);
    return id === null
      ? undefined
      : `${props.people.displayOf(id)} works blind. What you write here is shown to them, and their answer no longer counts as blind.`;
  };

  // Where a notification leads: the thread comes into sight, and what it is about is selected.
  createEffect(
    on([() => props.conversation.jump(), () => props.conversation.threads()], ([jump]) => {
      if (jump === null) return;
      const thread = props.conversation.threadOf(jump);
      if (thread === undefined) return;
      if (thread.first.resolved) setShowResolved(true);
      props.conversation.arrived();
      setHighlighted(thread.first.id);
      const timer = setTimeout(() => setHighlighted(null), highlightMs);
      onCleanup(() => clearTimeout(timer));
      show(thread);
      requestAnimationFrame(() =>
        list
          ?.querySelector(`[data-thread="${CSS.escape(thread.first.id)}"]`)
          ?.scrollIntoView({ block: 'center' }),
      );
    }),
  );
  function show({ about, layer: of }: Thread): void {
    if (about !== undefined)
      props.stage.onSelect(of === props.stage.layer.id ? about.id : `${of}/${about.id}`);
  }

  const card = (key: string) => (
    <Show when={byKey().get(key)}>
      {(thread) => (
        <ThreadCard
          thread={thread()}
          people={props.people}
          mentionable={mentionable(thread().layer)}
          about={aboutOf(thread())}
          mayTalk={talk().may(thread().layer)}
          warning={warningFor(thread().layer)}
          isUnread={props.conversation.isUnread}
          highlighted={highlighted() === thread().first.id}
          onRead={props.conversation.read}
          onAbout={() => show(thread())}
          onReply={(text, mentions) => {
            const { layer: of, first } = thread();
            talk().say(of, text, { region: first.region, parent: first.id, mentions });
          }}
          onResolve={(done) => talk().resolve(thread().layer, thread().first.id, done)}
        />
      )}
    </Show>
  );

  return (
    <div class="flex flex-col gap-2">
      <ul ref={list} class="flex flex-col gap-2" data-testid="comments">
        <For each={open()}>{card}</For>
        <Show when={resolved().length > 0}>
          <li>
            <button
              type="button"
              class="rounded-sm px-1 text-xs text-ink-3 hover:text-ink hover:underline"
              aria-expanded={showResolved()}
              onClick={() => setShowResolved(!showResolved())}
            >
              {showResolved() ? 'Hide' : 'Show'} {resolved().length} resolved
            </button>
          </li>
        </Show>
        <Show when={showResolved()}>
          <For each={resolved()}>{card}</For>
        </Show>
      </ul>
      <Show
        when={talk().may(layer())}
        fallback={
          <Show when={props.conversation.threads().length === 0}>
            <p class="text-sm text-ink-3">None.</p>
          </Show>
        }
      >
        <Show when={props.conversation.addressee()}>
          {(who) => (
            <p class="flex items-center gap-1 text-xs font-medium text-accent-ink">
              <span class="min-w-0 flex-1 truncate">To {props.people.displayOf(who())}</span>
              <IconButton label="To everybody" size="sm" onClick={() => props.conversation.address(null)}>
                <X size={13} aria-hidden="true" />
              </IconButton>
            </p>
          )}
        </Show>
        <div ref={props.conversation.setField}>
          <Composer
            label="Comment"
            placeholder={
              props.conversation.addressee() === null && target() !== null
                ? `About ${target()!.said}`
                : 'A question or a note; @ names somebody'
            }
            send="Comment"
            people={mentionable(layer())}
            warning={warningFor(layer())}
            onSend={(text, mentions) => {
              const region = props.conversation.addressee() === null ? (target()?.region ?? null) : null;
              talk().say(layer(), text, { region, mentions });
              props.conversation.address(null);
            }}
          />
        </div>
      </Show>
    </div>
  );
}
