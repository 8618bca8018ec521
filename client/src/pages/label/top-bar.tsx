import type { ProjectSummary, TaskDetail } from '@concord/core/protocol/resources';
import { A } from '@solidjs/router';
import ChevronLeft from 'lucide-solid/icons/chevron-left';
import Keyboard from 'lucide-solid/icons/keyboard';
import PanelRight from 'lucide-solid/icons/panel-right';
import RotateCcwClock from 'lucide-solid/icons/rotate-ccw-clock';
import { Show } from 'solid-js';
import { count } from '../../lib/format.ts';
import type { Following } from '../../room/follow.ts';
import { PeopleHere } from '../../room/people-here.tsx';
import { NotificationBell } from '../../shell/bell.tsx';
import type { RoomModel } from '../../store/index.ts';
import { buttonClass, IconButton, Progress } from '../../ui/index.ts';
import { SaveBadge } from './save-badge.tsx';

/** Where one is, how far the project is, who is here, and whether the work is kept. */
export function TopBar(props: {
  detail: TaskDetail;
  room: Readonly<RoomModel>;
  summary: ProjectSummary | undefined;
  previous: { readonly id: string; readonly seq: number } | null;
  panelOpen: boolean;
  /** Unread comments, which the panel holds. */
  unread: number;
  following: Following;
  lookingAt: (userId: string) => string;
  onPanel: () => void;
  onHelp: () => void;
}) {
  const project = () => props.detail.project;
  return (
    <header class="flex min-w-0 items-center gap-x-3 border-b border-line bg-canvas py-1.5 pr-2 pl-1 sm:pl-2">
      <A
        href={`/projects/${project().id}`}
        class={buttonClass('quiet', 'sm', true)}
        aria-label="Back to the project"
        title="Back to the project"
      >
        <ChevronLeft size={18} aria-hidden="true" />
      </A>
      <div class="min-w-0">
        <h1 class="truncate text-base font-semibold">{project().name}</h1>
        <p class="flex items-center gap-1 text-xs whitespace-nowrap text-ink-3 tabular">
          Task {props.detail.task.seq}
          <Show when={props.previous?.id === props.detail.task.id ? null : props.previous}>
            {(previous) => (
              <A
                href={`/label/${project().id}/${previous().id}`}
                class="inline-flex items-center gap-0.5 rounded-sm px-1 hover:bg-hover hover:text-ink"
                title={`Look at task ${previous().seq} again, and at what others said where it is open`}
                data-testid="previous"
              >
                <RotateCcwClock size={12} aria-hidden="true" />
                {previous().seq}
              </A>
            )}
          </Show>
        </p>
      </div>
      <div class="ml-2 hidden w-40 min-w-0 shrink md:block">
        <Show when={props.summary}>
          {(summary) => (
            <>
              <Progress
                value={summary().tasks === 0 ? 0 : summary().finalized / summary().tasks}
                label="Settled tasks"
                class="!bg-line"
              />
              <p class="mt-1 text-2xs whitespace-nowrap text-ink-3 tabular" data-testid="progress">
                {count(summary().finalized)} of {count(summary().tasks)} settled
              </p>
            </>
          )}
        </Show>
      </div>
      <span class="flex-1" />
      <PeopleHere room={props.room} following={props.following} lookingAt={props.lookingAt} />
      <SaveBadge state={props.room.save} />
      <span class="flex">
        <NotificationBell placement="bottom-end" triggerClass={buttonClass('quiet', 'sm', true)} />
        <IconButton size="sm" label="Keys (?)" class="max-sm:hidden" onClick={() => props.onHelp()}>
          <Keyboard size={17} aria-hidden="true" />
        </IconButton>
        <IconButton
          size="sm"
          label={props.panelOpen ? 'Hide guidelines and labels (G)' : 'Show guidelines and labels (G)'}
          aria-pressed={props.panelOpen}
          onClick={() => props.onPanel()}
        >
          <span class="relative">
            <PanelRight size={17} aria-hidden="true" />
            <Show when={props.unread > 0}>
              <span
                class="absolute -top-1 -right-1 size-2 rounded-full bg-accent"
                role="img"
                aria-label="Unread comments"
              />
            </Show>
          </span>
        </IconButton>
      </span>
    </header>
  );
}
