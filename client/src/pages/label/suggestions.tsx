import Check from 'lucide-solid/icons/check';
import X from 'lucide-solid/icons/x';
import { createUniqueId, For, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { percent } from '../../lib/format.ts';
import { classColor, classTitle, type StageProps, type Surface } from '../../modalities/surface.ts';
import { Button, IconButton } from '../../ui/index.ts';

/** What the models propose, the surest first, from a confidence on that one sets. */
export function Suggestions(props: {
  stage: StageProps;
  surface: Surface;
  threshold: number;
  onThreshold: (value: number) => void;
  rejectedCount: number;
  onShowRejected: () => void;
}) {
  const id = createUniqueId();
  const sorted = () =>
    [...props.stage.suggestions].sort((a, b) => (b.region.score ?? 0) - (a.region.score ?? 0));
  const keys = () => props.stage.suggestions.map((s) => s.key);
  return (
    <div class="flex flex-col gap-2">
      <div class="flex items-center gap-2 text-sm text-ink-2">
        <label for={id} class="whitespace-nowrap">
          Sure at least
        </label>
        <input
          id={id}
          type="range"
          min="0"
          max="1"
          step="0.05"
          class="min-w-0 flex-1 accent-accent"
          value={props.threshold}
          onInput={(event) => props.onThreshold(Number(event.currentTarget.value))}
        />
        <span class="w-9 text-right tabular">{percent(props.threshold)}</span>
      </div>
      <ul class="-mx-2 flex max-h-48 flex-col gap-px overflow-y-auto" data-testid="suggestions">
        <For each={sorted()}>
          {(suggestion) => {
            const chosen = () => props.stage.selected === suggestion.key;
            return (
              <li
                class={cx(
                  'flex items-center rounded-md pr-1',
                  chosen() ? 'bg-accent-soft' : 'hover:bg-hover',
                )}
              >
                <button
                  type="button"
                  aria-pressed={chosen()}
                  class="flex min-w-0 flex-1 items-center gap-2.5 rounded-md px-2 py-1 text-left text-base"
                  onClick={() => props.stage.onSelect(chosen() ? null : suggestion.key)}
                >
                  <span
                    class="size-2.5 shrink-0 rounded-[3px] border-[1.5px] border-dashed"
                    style={{ 'border-color': classColor(props.stage.schema, suggestion.region.label) }}
                    aria-hidden="true"
                  />
                  <span class="min-w-0 flex-1 truncate">
                    {classTitle(props.stage.schema, suggestion.region.label)}{' '}
                    <span class="text-sm text-ink-3">
                      {props.surface.regionText?.(suggestion.region, props.stage.asset)}
                    </span>
                  </span>
                  <span class="text-sm text-ink-2 tabular">{percent(suggestion.region.score ?? null)}</span>
                </button>
                <IconButton
                  size="sm"
                  label="Accept (A)"
                  disabled={!props.stage.editable}
                  onClick={() => props.stage.accept([suggestion.key])}
                >
                  <Check size={15} aria-hidden="true" />
                </IconButton>
                <IconButton
                  size="sm"
                  label="Reject (X)"
                  disabled={!props.stage.editable}
                  onClick={() => props.stage.reject([suggestion.key])}
                >
                  <X size={15} aria-hidden="true" />
                </IconButton>
              </li>
            );
          }}
        </For>
      </ul>
      <div class="flex gap-2">
        <Button
          size="sm"
          disabled={!props.stage.editable || keys().length === 0}
          title="Shift+A"
          onClick={() => props.stage.accept(keys())}
        >
          Accept all
        </Button>
        <Button
          size="sm"
          kind="quiet"
          disabled={!props.stage.editable || keys().length === 0}
          onClick={() => props.stage.reject(keys())}
        >
          Reject all
        </Button>
        <Show when={props.rejectedCount > 0}>
          <Button size="sm" kind="quiet" onClick={() => props.onShowRejected()}>
            Show {props.rejectedCount} rejected
          </Button>
        </Show>
      </div>
    </div>
  );
}
