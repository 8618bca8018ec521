import type { LabelSchema } from '@concord/core/records/label-schema';
import Eye from 'lucide-solid/icons/eye';
import EyeOff from 'lucide-solid/icons/eye-off';
import { createMemo, For, Show } from 'solid-js';
import { cx } from '../../lib/class-names.ts';
import { classColor, classTitle, type Surface } from '../../modalities/surface.ts';
import type { LayerView } from '../../store/index.ts';
import { Avatar, Button, ClassTag, IconButton, Kbd } from '../../ui/index.ts';
import { disputedRegions, sameRegion } from './compare.ts';

/** One person's answer: what it says, what only they say, and a way to start from it. */
export function AnswerCard(props: {
  layer: LayerView;
  name: string;
  color: string;
  /** 1, 2, …: the key that takes it. */
  place: number;
  all: readonly LayerView[];
  schema: LabelSchema;
  surface: Surface;
  chosen: boolean;
  shown: boolean;
  disabled: boolean;
  onTake: () => void;
  onToggle: (() => void) | undefined;
}) {
  const answer = () => {
    const value =
      props.surface.answerKey === undefined ? undefined : props.layer.answers[props.surface.answerKey];
    return typeof value === 'string' ? value : undefined;
  };
  const reason = () => {
    const value = props.layer.answers['reason'];
    return typeof value === 'string' ? value : undefined;
  };
  const same = createMemo(
    () => props.all.filter((other) => sameAnswer(other, props.layer, props.surface.answerKey)).length,
  );
  const differing = createMemo(() => disputedRegions(props.layer, props.all).size);
  const counts = createMemo(() => {
    const found = new Map<string, number>();
    for (const region of props.layer.regions) found.set(region.label, (found.get(region.label) ?? 0) + 1);
    return [...found];
  });
  return (
    <li
      class={cx(
        'rounded-lg border bg-surface px-3 py-2.5 transition-colors',
        props.chosen ? 'border-accent' : 'border-line',
        !props.shown && 'opacity-60',
      )}
    >
      <div class="flex items-center gap-2">
        <Avatar user={{ display: props.name, color: props.color }} size={22} />
        <span class="min-w-0 flex-1 truncate text-base font-medium">{props.name}</span>
        <Show when={props.onToggle}>
          {(toggle) => (
            <IconButton
              size="sm"
              label={props.shown ? 'Hide on the stage' : 'Show on the stage'}
              aria-pressed={props.shown}
              onClick={() => toggle()()}
            >
              {props.shown ? <Eye size={15} aria-hidden="true" /> : <EyeOff size={15} aria-hidden="true" />}
            </IconButton>
          )}
        </Show>
        <Button
          size="sm"
          disabled={props.disabled}
          onClick={() => props.onTake()}
          aria-label="Start from this"
        >
          Start here <Kbd>⇧{props.place}</Kbd>
        </Button>
      </div>
      <div class="mt-1.5 flex flex-wrap items-center gap-1.5">
        <Show when={answer()}>
          {(value) => (
            <ClassTag color={classColor(props.schema, value())}>{classTitle(props.schema, value())}</ClassTag>
          )}
        </Show>
        <For each={counts()}>
          {([label, n]) => (
            <ClassTag color={classColor(props.schema, label)}>
              {classTitle(props.schema, label)} {n}
            </ClassTag>
          )}
        </For>
        <Show when={answer() === undefined && props.layer.regions.length === 0}>
          <span class="text-sm text-ink-3">Marked nothing</span>
        </Show>
        <span class="ml-auto text-xs whitespace-nowrap text-ink-3 tabular">
          {same()} of {props.all.length} say this
        </span>
      </div>
      <Show when={differing() > 0}>
        <p class="mt-1 text-xs text-warn-ink">
          {differing() === 1 ? '1 region' : `${differing()} regions`} not everybody has
        </p>
      </Show>
      <Show when={reason()}>
        <p class="mt-1.5 border-l-2 border-line-strong pl-2 text-sm break-words text-ink-2">{reason()}</p>
      </Show>
      <Show when={props.layer.submitted?.blind === false}>
        <p class="mt-1 text-xs text-ink-3">Not given blind, so it does not count for agreement.</p>
      </Show>
    </li>
  );
}

/** Whether two people gave the same answer: the same choice, or regions that all match. Reasons may differ. */
function sameAnswer(a: LayerView, b: LayerView, key: string | undefined): boolean {
  if (key !== undefined) return a.answers[key] === b.answers[key];
  return (
    a.regions.length === b.regions.length &&
    a.regions.every((r) => b.regions.some((other) => sameRegion(r, other)))
  );
}
