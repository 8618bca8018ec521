import MessageSquare from 'lucide-solid/icons/message-square';
import Trash from 'lucide-solid/icons/trash';
import { createEffect, For, on, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { plural } from '../../lib/format.ts';
import { removeRegion } from '../../modalities/shared/region-keys.ts';
import { classColor, classTitle, type StageProps, type Surface } from '../../modalities/surface.ts';
import { Avatar, IconButton } from '../../ui/index.ts';

/** One's own regions: what the stage shows, for eyes and for screen readers. */
export function RegionList(props: {
  stage: StageProps;
  surface: Surface;
  /** Open threads by region, `<layer>/<region>`. */
  notes: ReadonlyMap<string, number>;
}) {
  let list: HTMLUListElement | undefined;
  createEffect(
    on(
      () => props.stage.selected,
      (id) => {
        if (id !== null)
          list?.querySelector(`[data-region="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'nearest' });
      },
    ),
  );
  return (
    <ul ref={list} class="-mx-2 flex max-h-72 flex-col gap-px overflow-y-auto" data-testid="regions">
      <For
        each={props.stage.layer.regions}
        fallback={<li class="px-2 text-sm text-ink-3">{props.surface.hint ?? 'None yet.'}</li>}
      >
        {(region) => {
          const chosen = () => props.stage.selected === region.id;
          return (
            <li
              data-region={region.id}
              class={cx(
                'group flex items-center gap-1 rounded-md pr-1',
                chosen() ? 'bg-accent-soft' : 'hover:bg-hover',
              )}
            >
              <button
                type="button"
                aria-pressed={chosen()}
                class="flex min-w-0 flex-1 items-center gap-2.5 rounded-md px-2 py-1.5 text-left text-base"
                onClick={() => props.stage.onSelect(chosen() ? null : region.id)}
              >
                <span
                  class="size-2.5 shrink-0 rounded-[3px]"
                  style={{ background: classColor(props.stage.schema, region.label) }}
                  aria-hidden="true"
                />
                <span class="shrink-0">{classTitle(props.stage.schema, region.label)}</span>
                <span class="min-w-0 truncate text-sm text-ink-3">
                  {props.surface.regionText?.(region, props.stage.asset)}
                </span>
                <Show when={props.notes.get(`${props.stage.layer.id}/${region.id}`)}>
                  {(n) => (
                    <span
                      class="ml-auto inline-flex shrink-0 items-center gap-0.5 text-xs text-ink-3 tabular"
                      title={plural(n(), 'open comment')}
                    >
                      <MessageSquare size={12} aria-hidden="true" />
                      {n()}
                    </span>
                  )}
                </Show>
                <Show when={props.stage.presence.selections.filter((other) => other.id === region.id)}>
                  {(others) => (
                    <span class="flex shrink-0 -space-x-1">
                      <For each={others()}>
                        {(other) => <Avatar user={{ display: other.name, color: other.color }} size={18} />}
                      </For>
                    </span>
                  )}
                </Show>
              </button>
              <Show when={props.stage.editable}>
                <IconButton
                  size="sm"
                  label="Delete (Del)"
                  class="opacity-0 group-hover:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
                  onClick={() => removeRegion(props.stage, region.id)}
                >
                  <Trash size={14} aria-hidden="true" />
                </IconButton>
              </Show>
            </li>
          );
        }}
      </For>
    </ul>
  );
}
