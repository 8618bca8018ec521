import type { DisputeItem, HandItem } from '@concord/core/protocol/resources';
import { A, createAsyncStore, revalidate, useSearchParams } from '@solidjs/router';
import Gavel from 'lucide-solid/icons/gavel';
import { createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { agoShort, coefficient, dateTime, percent, plural } from '../lib/format.ts';
import { isTyping } from '../lib/keyboard.ts';
import { modalityLook } from '../lib/modality-look.ts';
import { now } from '../lib/now.ts';
import { useTopic } from '../live/index.ts';
import { readDisputes, readHands } from '../reads/queries.ts';
import { Avatar } from '../ui/avatar.tsx';
import { LinkButton } from '../ui/button.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Page, PageHeader } from '../ui/page.tsx';
import { Select } from '../ui/select.tsx';
import { EmptyState } from '../ui/states.tsx';

/** What waits for a super-reviewer; new disputes appear by themselves. */
export function Disputes() {
  const list = createAsyncStore(() => readDisputes());
  const [search, setSearch] = useSearchParams();
  const hands = createAsyncStore(() => readHands());
  const again = () => void revalidate([readDisputes.key, readHands.key]);
  // What the list says moves at once; the fetched page follows when somebody comes back to it.
  const [opened, setOpened] = createSignal<readonly DisputeItem[]>([]);
  const [closed, setClosed] = createSignal<ReadonlySet<string>>(new Set());
  useTopic(
    () => 'disputes',
    (update) => {
      if (update.kind === 'hand') void revalidate(readHands.key);
      if (update.kind !== 'dispute') return;
      const { dispute } = update;
      if (update.change === 'opened') {
        setOpened((all) => [...all.filter((d) => d.taskId !== dispute.taskId), dispute]);
        setClosed((all) => new Set([...all].filter((id) => id !== dispute.taskId)));
      } else setClosed((all) => new Set(all).add(dispute.taskId));
    },
    again,
  );
  const all = createMemo(() => {
    const fetched = list()?.items ?? [];
    const fresh = opened().filter((d) => !fetched.some((f) => f.taskId === d.taskId));
    return [...fetched, ...fresh].filter((d) => !closed().has(d.taskId));
  });
  const projects = createMemo(() => {
    const found = new Map(
      [...all(), ...(hands()?.items ?? [])].map((d) => [d.projectId as string, d.projectName]),
    );
    return [...found].map(([value, label]) => ({ value, label }));
  });
  const project = () => (typeof search['project'] === 'string' ? search['project'] : '');
  const asking = () => (hands()?.items ?? []).filter((h) => project() === '' || h.projectId === project());
  const shown = () => all().filter((d) => project() === '' || d.projectId === project());
  const isNew = (d: DisputeItem) => opened().some((o) => o.taskId === d.taskId);

  return (
    <Page>
      <PageHeader
        title="Disputes"
        description="Items on which people disagree at the limit of their project’s overlap, oldest first, and people who ask for help."
        actions={
          <>
            <Show when={projects().length > 1}>
              <Select
                class="w-56!"
                label="Project"
                value={project()}
                options={[{ value: '', label: 'All projects' }, ...projects()]}
                onChange={(id) => setSearch({ project: id || null })}
              />
            </Show>
            <Show when={shown()[0]}>
              {(first) => (
                <LinkButton kind="primary" href={`/review/${first().taskId}`}>
                  Settle the oldest
                </LinkButton>
              )}
            </Show>
          </>
        }
      />
      <div ref={moveByKeys}>
        <Show when={asking().length > 0}>
          <section aria-labelledby="asks-for-help" class="mb-6">
            <h2 id="asks-for-help" class="mb-2 text-md">
              Asks for help
            </h2>
            <ul class="card divide-y divide-line overflow-hidden" data-testid="hands">
              <For each={asking()}>{(hand) => <HandRow hand={hand} />}</For>
            </ul>
          </section>
          <h2 class="mb-2 text-md">Disagree</h2>
        </Show>
        <ul class="card divide-y divide-line overflow-hidden" data-testid="disputes">
          <For
            each={shown()}
            fallback={
              <Show when={list()}>
                <EmptyState icon={<Gavel size={20} aria-hidden="true" />} title="Nothing is disputed">
                  When people disagree, the item appears here within a second. You can leave this page open.
                </EmptyState>
              </Show>
            }
          >
            {(d) => <Row dispute={d} isNew={isNew(d)} />}
          </For>
        </ul>
      </div>
      <Show when={shown().length > 0}>
        <p class="mt-2 flex items-center gap-3 text-xs text-ink-3 max-md:hidden">
          <span class="tabular-nums">
            {plural(shown().length, 'dispute')}
            {list()?.next ? ' and more' : ''}
          </span>
          <span>
            <Kbd>J</Kbd> <Kbd>K</Kbd> move
          </span>
          <span>
            <Kbd>↵</Kbd> enter the room
          </span>
        </p>
      </Show>
    </Page>
  );
}

/** Somebody who labels asks for a reviewer; newest first. */
function HandRow(props: { hand: HandItem }) {
  return (
    <li class="animate-fade">
      <A
        href={`/review/${props.hand.taskId}`}
        data-move
        class="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-3 outline-offset-[-3px] hover:bg-hover"
      >
        <Avatar user={props.hand.user} size={28} />
        <span class="min-w-0">
          <span class="block break-words">
            <span class="font-medium">{props.hand.user.display}</span>
            <Show when={props.hand.text}>{(text) => <span class="text-ink-2"> {text()}</span>}</Show>
          </span>
          <span class="block truncate text-sm text-ink-3">
            {props.hand.projectName} · task {props.hand.taskSeq} · {props.hand.preview}
          </span>
        </span>
        <time
          class="text-right text-sm whitespace-nowrap text-ink-2 tabular-nums"
          datetime={new Date(props.hand.raisedAt).toISOString()}
          title={`Asks since ${dateTime(props.hand.raisedAt)}`}
        >
          {agoShort(props.hand.raisedAt, now())}
        </time>
      </A>
    </li>
  );
}

function Row(props: { dispute: DisputeItem; isNew: boolean }) {
  const look = () => modalityLook(props.dispute.modality);
  return (
    <li class={props.isNew ? 'animate-fade' : undefined}>
      <A
        href={`/review/${props.dispute.taskId}`}
        data-move
        class="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-3 outline-offset-[-3px] hover:bg-hover"
      >
        <span class="text-ink-3" title={look().title}>
          {look().icon({ size: 17, 'aria-hidden': 'true' })}
        </span>
        <span class="min-w-0">
          <span class="block truncate font-medium">{props.dispute.preview}</span>
          <span class="block text-sm text-ink-3 lg:truncate">
            {props.dispute.projectName} · {plural(props.dispute.submissions, 'answer')}
            <span class="lg:hidden"> · agreement {coefficient(props.dispute.agreement)}</span>
          </span>
        </span>
        <span class="flex items-center gap-7 text-sm tabular-nums">
          <Figure name="Agreement" value={coefficient(props.dispute.agreement)} />
          <Figure name="Confidence" value={percent(props.dispute.confidence)} />
          <time
            class="text-right whitespace-nowrap text-ink-2 lg:w-20"
            datetime={new Date(props.dispute.disputedAt).toISOString()}
            title={`Disputed since ${dateTime(props.dispute.disputedAt)}`}
          >
            {agoShort(props.dispute.disputedAt, now())}
          </time>
        </span>
      </A>
    </li>
  );
}

function Figure(props: { name: string; value: string }) {
  return (
    <span class="w-20 text-right max-lg:hidden">
      <span class="block text-2xs text-ink-3">{props.name}</span>
      <span class="block font-medium">{props.value}</span>
    </span>
  );
}

/** J and K (or arrows) move among the links of a list. */
function moveByKeys(list: HTMLElement): void {
  onMount(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event)) return;
      const by =
        event.key === 'j' || event.key === 'ArrowDown'
          ? 1
          : event.key === 'k' || event.key === 'ArrowUp'
            ? -1
            : 0;
      if (by === 0) return;
      const links = [...list.querySelectorAll<HTMLElement>('[data-move]')];
      const at = links.indexOf(document.activeElement as HTMLElement);
      links[Math.max(0, Math.min(links.length - 1, at + by))]?.focus();
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    onCleanup(() => document.removeEventListener('keydown', onKey));
  });
}
