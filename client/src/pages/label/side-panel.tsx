import type { LabelSchema } from '@concord/core/records/label-schema';
import { createSignal, For, Show } from 'solid-js';
import {
  classColor,
  classTitle,
  hotkeysOf,
  type StageProps,
  type Surface,
} from '../../modalities/surface.ts';
import { newRegionId } from '../../session/index.ts';
import { Button } from '../../ui/button.tsx';
import { Kbd } from '../../ui/kbd.tsx';
import { Markdown } from '../../ui/markdown.tsx';

const openKey = 'concord.guidelines';

/** Labels with their keys, regions, suggestions, comments, and the guidelines beside the work. */
export function SidePanel(props: {
  stage: StageProps;
  surface: Surface;
  schema: LabelSchema;
  guidelines: string;
  threshold: number;
  onThreshold: (value: number) => void;
}) {
  const [open, setOpen] = createSignal(localStorage.getItem(openKey) !== 'closed');
  const [comment, setComment] = createSignal('');
  const keys = () => hotkeysOf(props.schema.classes);
  const send = () => {
    if (comment().trim() === '') return;
    props.stage.dispatch([
      {
        t: 'comment',
        id: newRegionId(),
        region: props.stage.selected?.includes('/') ? null : props.stage.selected,
        text: comment().trim(),
      },
    ]);
    setComment('');
  };
  return (
    <aside
      class="flex w-full flex-col gap-4 overflow-y-auto border-line bg-canvas p-4 text-base lg:w-80 lg:border-l"
      aria-label="Labels and guidelines"
    >
      <Show when={props.surface.regions}>
        <section>
          <h2 class="mb-2 text-xs font-medium text-ink-3">Labels</h2>
          <ul class="flex flex-wrap gap-1.5">
            <For each={props.schema.classes}>
              {(c) => (
                <li>
                  <button
                    type="button"
                    class="flex items-center gap-2 rounded-md border border-line px-2 py-1 aria-pressed:border-accent aria-pressed:bg-accent-soft"
                    aria-pressed={props.stage.activeClass === c.name}
                    onClick={() => props.stage.onActiveClass(c.name)}
                  >
                    <span class="size-3 rounded-sm" style={{ background: c.color }} aria-hidden="true" />
                    {classTitle(props.schema, c.name)}
                    <Kbd>{keys().get(c.name) ?? ''}</Kbd>
                  </button>
                </li>
              )}
            </For>
          </ul>
        </section>
        <section>
          <h2 class="mb-2 text-xs font-medium text-ink-3">Regions ({props.stage.layer.regions.length})</h2>
          <ul class="flex flex-col gap-1" data-testid="regions">
            <For each={props.stage.layer.regions} fallback={<li class="text-sm text-ink-3">None yet.</li>}>
              {(region) => (
                <li
                  class="flex items-center gap-2 rounded-md px-2 py-1"
                  classList={{ 'bg-accent-soft': props.stage.selected === region.id }}
                >
                  <button
                    type="button"
                    class="flex min-w-0 flex-1 items-center gap-2 text-left"
                    onClick={() => props.stage.onSelect(region.id)}
                  >
                    <span
                      class="size-3 shrink-0 rounded-sm"
                      style={{ background: classColor(props.schema, region.label) }}
                      aria-hidden="true"
                    />
                    <span class="truncate">
                      {classTitle(props.schema, region.label)}{' '}
                      <span class="text-ink-3">{props.surface.regionText?.(region, props.stage.asset)}</span>
                    </span>
                  </button>
                  <Show when={props.stage.editable}>
                    <button
                      type="button"
                      class="text-ink-3 hover:text-danger-ink"
                      aria-label="Delete region"
                      onClick={() => props.stage.dispatch([{ t: 'delete', id: region.id }])}
                    >
                      ×
                    </button>
                  </Show>
                </li>
              )}
            </For>
          </ul>
        </section>
        <Show when={props.stage.suggestions.length > 0 || props.threshold > 0}>
          <section>
            <h2 class="mb-2 text-xs font-medium text-ink-3">
              Suggestions ({props.stage.suggestions.length})
            </h2>
            <label class="flex items-center gap-2 text-sm text-ink-2">
              At least
              <input
                type="range"
                min="0"
                max="1"
                step="0.05"
                value={props.threshold}
                onInput={(e) => props.onThreshold(Number(e.currentTarget.value))}
              />
              {Math.round(props.threshold * 100)} %
            </label>
            <div class="mt-2 flex gap-2">
              <Button size="sm" onClick={() => props.stage.accept(props.stage.suggestions.map((s) => s.key))}>
                Accept all
              </Button>
              <Button size="sm" onClick={() => props.stage.reject(props.stage.suggestions.map((s) => s.key))}>
                Reject all
              </Button>
            </div>
          </section>
        </Show>
      </Show>
      <section>
        <h2 class="mb-2 text-xs font-medium text-ink-3">Comments</h2>
        <ul class="mb-2 flex flex-col gap-2">
          <For
            each={[props.stage.layer, ...props.stage.others.map((o) => o.layer)].flatMap((l) => l.comments)}
          >
            {(c) => (
              <li class="rounded-md bg-sunken px-2.5 py-1.5" classList={{ 'opacity-60': c.resolved }}>
                <p class="break-words whitespace-pre-wrap">{c.text}</p>
                <Show
                  when={props.stage.editable && props.stage.layer.comments.some((own) => own.id === c.id)}
                >
                  <button
                    type="button"
                    class="text-sm text-accent-ink"
                    onClick={() => props.stage.dispatch([{ t: 'resolve', id: c.id, resolved: !c.resolved }])}
                  >
                    {c.resolved ? 'Open again' : 'Resolve'}
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
        <Show when={props.stage.editable}>
          <textarea
            class="input min-h-16 w-full rounded-md border border-line bg-surface p-2"
            placeholder="A question or a note"
            aria-label="Comment"
            value={comment()}
            onInput={(e) => setComment(e.currentTarget.value)}
          />
          <Button size="sm" disabled={comment().trim() === ''} onClick={send}>
            Add comment
          </Button>
        </Show>
      </section>
      <Show when={props.guidelines !== ''}>
        <section>
          <button
            type="button"
            class="mb-2 text-xs font-medium text-ink-3"
            aria-expanded={open()}
            onClick={() => {
              setOpen(!open());
              localStorage.setItem(openKey, open() ? 'open' : 'closed');
            }}
          >
            Guidelines {open() ? '▾' : '▸'}
          </button>
          <Show when={open()}>
            <Markdown text={props.guidelines} />
          </Show>
        </section>
      </Show>
    </aside>
  );
}
