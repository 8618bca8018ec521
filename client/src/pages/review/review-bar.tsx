import type { TaskDetail } from '@concord/core/protocol/resources';
import { A } from '@solidjs/router';
import ChevronLeft from 'lucide-solid/icons/chevron-left';
import Keyboard from 'lucide-solid/icons/keyboard';
import Redo2 from 'lucide-solid/icons/redo-2';
import RotateCcwClock from 'lucide-solid/icons/rotate-ccw-clock';
import Undo2 from 'lucide-solid/icons/undo-2';
import { Show } from 'solid-js';
import { percent } from '../../lib/format.ts';
import type { Following } from '../../room/follow.ts';
import { PeopleHere } from '../../room/people-here.tsx';
import { NotificationBell } from '../../shell/bell.tsx';
import type { RoomModel } from '../../store/index.ts';
import { buttonClass, IconButton, StateBadge } from '../../ui/index.ts';
import { SaveBadge } from '../label/save-badge.tsx';

/** Which task this is, how far people agree on it, and who is in the room. */
export function ReviewBar(props: {
  detail: TaskDetail;
  room: Readonly<RoomModel>;
  canUndo: boolean;
  canRedo: boolean;
  onStep: (what: 'undo' | 'redo') => void;
  following: Following;
  lookingAt: (userId: string) => string;
  onHistory: () => void;
  onHelp: () => void;
}) {
  return (
    <header class="flex min-w-0 items-center gap-x-3 border-b border-line py-1.5 pr-2 pl-1 max-sm:gap-x-1.5 sm:pl-2">
      <A
        href="/disputes"
        class={buttonClass('quiet', 'sm', true)}
        aria-label="To the disputes"
        title="To the disputes"
      >
        <ChevronLeft size={18} aria-hidden="true" />
      </A>
      <div class="min-w-0">
        <h1 class="truncate text-base font-semibold">{props.detail.project.name}</h1>
        <p class="text-xs whitespace-nowrap text-ink-3 tabular">Review of task {props.detail.task.seq}</p>
      </div>
      <span class="max-sm:hidden">
        <StateBadge state={props.room.view?.state ?? props.detail.task.state} />
      </span>
      <Show when={props.room.view?.agreement !== null && props.room.view}>
        {(view) => (
          <span
            class="text-sm whitespace-nowrap text-ink-2 tabular max-sm:hidden"
            title="Mean agreement of the answers given blind"
          >
            {percent(view().agreement)} agreement
          </span>
        )}
      </Show>
      <span class="flex-1" />
      <PeopleHere room={props.room} following={props.following} lookingAt={props.lookingAt} />
      <SaveBadge state={props.room.save} />
      <span class="flex">
        <IconButton
          size="sm"
          label="Undo (Ctrl+Z)"
          disabled={!props.canUndo}
          onClick={() => props.onStep('undo')}
        >
          <Undo2 size={16} aria-hidden="true" />
        </IconButton>
        <IconButton
          size="sm"
          label="Redo (Ctrl+Shift+Z)"
          disabled={!props.canRedo}
          onClick={() => props.onStep('redo')}
        >
          <Redo2 size={16} aria-hidden="true" />
        </IconButton>
        <IconButton size="sm" label="History: the room as it was" onClick={() => props.onHistory()}>
          <RotateCcwClock size={16} aria-hidden="true" />
        </IconButton>
        <span class="max-sm:hidden">
          <NotificationBell placement="bottom-end" triggerClass={buttonClass('quiet', 'sm', true)} />
        </span>
        <IconButton size="sm" label="Keys (?)" class="max-sm:hidden" onClick={() => props.onHelp()}>
          <Keyboard size={17} aria-hidden="true" />
        </IconButton>
      </span>
    </header>
  );
}
