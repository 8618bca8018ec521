import type { Comment } from '@concord/core/rooms/state';
import { createMemo, createSignal, For, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { ago } from '../../lib/format.ts';
import { now } from '../../lib/now.ts';
import { isSuggestionKey } from '../../modalities/shared/region-keys.ts';
import { classTitle, type StageProps, type Surface } from '../../modalities/surface.ts';
import { newRegionId } from '../../session/index.ts';
import { me } from '../../shell/session.ts';
import type { RegionView, RoomModel } from '../../store/index.ts';
import { Button, TextArea } from '../../ui/index.ts';

interface Shown extends Comment {
  readonly mine: boolean;
  readonly about: RegionView | undefined;
}

/** Notes on the task or on one region, for colleagues and reviewers. They follow the layer's visibility. */
export function Comments(props: { stage: StageProps; surface: Surface; room: Readonly<RoomModel> }) {
  const [text, setText] = createSignal('');
  const all = createMemo(() =>
    [props.stage.layer, ...props.stage.others.map((o) => o.layer)]
      .flatMap((layer) =>
        layer.comments.map(
          (comment): Shown => ({
            ...comment,
            mine: layer.id === props.stage.layer.id,
            about: layer.regions.find((r) => r.id === comment.region),
          }),
        ),
      )
      .sort((a, b) => a.at - b.at),
  );
  const selected = () => props.stage.layer.regions.find((r) => r.id === props.stage.selected);
  const nameOf = (id: string) =>
    id === me().id
      ? 'You'
      : (props.stage.others.find((o) => o.id === id)?.name ??
        props.room.view?.members.find((m) => m.user.id === id)?.user.display ??
        'A colleague');
  const titleOf = (region: RegionView) =>
    `${classTitle(props.stage.schema, region.label)} ${props.surface.regionText?.(region, props.stage.asset) ?? ''}`;

  function send(): void {
    const said = text().trim();
    if (said === '') return;
    props.stage.dispatch([{ t: 'comment', id: newRegionId(), region: selected()?.id ?? null, text: said }]);
    setText('');
  }

  return (
    <div class="flex flex-col gap-2">
      <ul class="flex flex-col gap-2" data-testid="comments">
        <For each={all()}>
          {(comment) => (
            <li class={cx('rounded-md bg-surface px-2.5 py-2 text-base', comment.resolved && 'opacity-60')}>
              <p class="flex items-baseline gap-1.5 text-xs text-ink-3">
                <span class="font-medium text-ink-2">{nameOf(comment.by)}</span>
                {ago(comment.at, now())}
                <Show when={comment.resolved}>· resolved</Show>
              </p>
              <Show when={comment.about}>
                {(region) => (
                  <button
                    type="button"
                    class="mt-0.5 block max-w-full truncate text-xs text-accent-ink hover:underline"
                    onClick={() =>
                      comment.mine && !isSuggestionKey(region().id) && props.stage.onSelect(region().id)
                    }
                  >
                    {titleOf(region())}
                  </button>
                )}
              </Show>
              <p class="mt-0.5 break-words whitespace-pre-wrap">{comment.text}</p>
              <Show when={comment.mine && props.stage.editable}>
                <button
                  type="button"
                  class="mt-1 text-xs text-ink-3 hover:text-ink hover:underline"
                  onClick={() =>
                    props.stage.dispatch([{ t: 'resolve', id: comment.id, resolved: !comment.resolved }])
                  }
                >
                  {comment.resolved ? 'Open again' : 'Resolve'}
                </button>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show
        when={props.stage.editable}
        fallback={
          <Show when={all().length === 0}>
            <p class="text-sm text-ink-3">None.</p>
          </Show>
        }
      >
        <TextArea
          rows={2}
          class="min-h-14 text-base"
          aria-label="Comment"
          placeholder={selected() ? `About: ${titleOf(selected()!)}` : 'A question or a note on this task'}
          maxLength={4000}
          value={text()}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !event.ctrlKey) {
              event.preventDefault();
              send();
            }
          }}
        />
        <Button size="sm" class="self-start" disabled={text().trim() === ''} onClick={send}>
          Add comment
        </Button>
      </Show>
    </div>
  );
}
