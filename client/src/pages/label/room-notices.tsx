import type { TaskId } from '@concord/core/records/ids';
import { createResource, For, Show } from 'solid-js';
import { call } from '../../api/index.ts';
import type { RoomSession } from '../../session/index.ts';
import type { RoomModel } from '../../store/index.ts';
import { Button } from '../../ui/index.ts';

/** What has to be said about this room, in a bar under the head: refused changes, a closed room, a finished task. */
export function RoomNotices(props: {
  task: TaskId;
  session: RoomSession;
  room: Readonly<RoomModel>;
  submitted: boolean;
  settled: boolean;
  onNext: () => void;
  onWithdraw: () => void;
}) {
  const [how] = createResource(
    () => props.settled && props.task,
    (task) =>
      call('tasks.get', { params: { task }, query: { to: 'annotate' } }).then(
        ({ settled }) => settled,
        // That it is settled is said in any case.
        () => undefined,
      ),
  );
  const closed = () => (props.room.save.kind === 'closed' ? props.room.save : undefined);
  const bar = 'flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-4 py-2 text-base';
  return (
    <div class="col-span-full">
      <For each={props.room.drafts}>
        {(draft) => (
          <div class={`${bar} bg-danger-soft text-danger-ink`} role="alert" data-testid="draft">
            <span class="min-w-0 flex-1">A change of yours was not taken: {draft.reason}</span>
            <Button size="sm" onClick={() => props.session.settleDraft(draft.item.n, 'retry')}>
              Try again
            </Button>
            <Button size="sm" kind="quiet" onClick={() => props.session.settleDraft(draft.item.n, 'discard')}>
              Throw it away
            </Button>
          </div>
        )}
      </For>
      <Show when={closed()}>
        {(state) => (
          <div class={`${bar} bg-warn-soft text-warn-ink`} role="alert">
            <span class="min-w-0 flex-1">{state().problem.detail}</span>
            <Button size="sm" onClick={() => props.onNext()}>
              Next task
            </Button>
          </div>
        )}
      </Show>
      <Show when={props.settled}>
        <div class={`${bar} bg-accent-soft text-accent-ink`} data-testid="settled">
          <span class="min-w-0 flex-1 break-words">
            {how()?.by ? `${how()?.by} settled this task` : 'This task is settled'}
            {how()?.reason ? `: ${how()?.reason}` : '.'}
          </span>
        </div>
      </Show>
      <Show when={props.submitted && !props.settled}>
        <div class={`${bar} bg-sunken text-ink-2`} data-testid="submitted">
          <span class="min-w-0 flex-1">
            You have submitted this.{' '}
            {props.room.view?.blind
              ? 'Others’ answers stay hidden in this project.'
              : 'The others’ answers are shown where there are any.'}
          </span>
          <Button size="sm" onClick={() => props.onWithdraw()}>
            Change my answer
          </Button>
        </div>
      </Show>
    </div>
  );
}
