import { For, Show } from 'solid-js';
import { Kbd } from '../../ui/index.ts';
import { classTitle, hotkeysOf, type StageProps } from '../surface.ts';

/** Where the bar stands, in pixels from the stage's top left. */
export interface BarPlace {
  readonly x: number;
  readonly y: number;
}

/** The classes beneath a fresh selection: a press or its key labels it. */
export function SelectionBar(props: { stage: StageProps; place: BarPlace; onPick: (name: string) => void }) {
  const keys = () => hotkeysOf(props.stage.schema.classes);
  return (
    <div
      role="toolbar"
      aria-label="Label the selection"
      class="absolute z-10 flex max-w-[min(34rem,calc(100%-1rem))] flex-wrap gap-1 rounded-lg border border-line bg-raised p-1 shadow-pop"
      style={{ left: `${props.place.x}px`, top: `${props.place.y}px` }}
      // The selection in the text must survive the press.
      onPointerDown={(e) => e.preventDefault()}
    >
      <For each={props.stage.schema.classes.slice(0, 24)}>
        {(option) => (
          <button
            type="button"
            class="inline-flex items-center gap-1.5 rounded-md px-2 py-1 text-sm font-medium hover:bg-hover pointer-coarse:py-2"
            onClick={() => props.onPick(option.name)}
          >
            <span class="size-2.5 rounded-full" style={{ background: option.color }} />
            {classTitle(props.stage.schema, option.name)}
            <Show when={keys().get(option.name)}>{(key) => <Kbd>{key()}</Kbd>}</Show>
          </button>
        )}
      </For>
    </div>
  );
}
