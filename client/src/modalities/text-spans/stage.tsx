import { createEffect, createMemo, createSignal, For, on, onCleanup, Show } from 'solid-js';
import { newRegionId } from '../../session/index.ts';
import { useKeys } from '../keys.ts';
import { ReasonField } from '../shared/reason-field.tsx';
import { classOfKey, handleRegionKey } from '../shared/region-keys.ts';
import { TextPresence } from '../shared/text-presence.tsx';
import type { StageProps } from '../surface.ts';
import { selectedStretch, selectStretch } from './dom-selection.ts';
import { MarkedBlock } from './marked-text.tsx';
import { marksOf } from './marks.ts';
import { nextWord, type Stretch, snapToWords, wholeCharacters } from './offsets.ts';
import { blocksOf } from './runs.ts';
import { type BarPlace, SelectionBar } from './selection-bar.tsx';

/** The text with its labelled stretches. Select and press a key, or choose a class and select. */
export function Stage(props: StageProps) {
  let root: HTMLDivElement | undefined;
  let body: HTMLDivElement | undefined;
  const text = () => String(props.asset.data['text'] ?? '');
  const blocks = createMemo(() => blocksOf(text()));
  const marks = createMemo(() => marksOf(props));
  const [bar, setBar] = createSignal<BarPlace | null>(null);
  /** Alt held while selecting: exactly these characters, no snapping to words. */
  let exact = false;
  let lastClick: { ids: string; at: number } = { ids: '', at: 0 };
  /** What is still to be done about the last release of the pointer. */
  let released: ReturnType<typeof setTimeout> | undefined;

  const selection = (): Stretch | null => (root === undefined ? null : selectedStretch(root));

  function label(name: string): void {
    const raw = selection();
    if (raw === null || !props.editable) return;
    const stretch = exact ? wholeCharacters(text(), raw) : snapToWords(text(), raw);
    // A key can be quicker: what it has labelled is not to be taken for a click on nothing.
    clearTimeout(released);
    window.getSelection()?.removeAllRanges();
    setBar(null);
    if (stretch === null) return;
    const same = props.layer.regions.find(
      (r) => r.shape['start'] === stretch.start && r.shape['end'] === stretch.end && r.label === name,
    );
    if (same !== undefined) {
      props.onSelect(same.id);
      return;
    }
    const id = newRegionId();
    props.dispatch([
      {
        t: 'create',
        region: { id, kind: 'span', label: name, shape: { start: stretch.start, end: stretch.end } },
      },
    ]);
    props.onSelect(id);
  }

  function onPointerUp(event: PointerEvent): void {
    exact = event.altKey;
    // The browser settles the selection after this event.
    released = setTimeout(() => {
      if (selection() === null) {
        setBar(null);
        clicked(event);
      } else if (props.activeClass !== '' && props.editable) label(props.activeClass);
      else showBar();
    });
  }

  /** Selects the mark under the pointer; another click on the same place goes to the next one beneath. */
  function clicked(event: PointerEvent): void {
    const run = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-marks]') : null;
    if (run === null) {
      props.onSelect(null);
      return;
    }
    const ids = (run.dataset['marks'] ?? '').split(' ').reverse();
    if (ids.length === 0) return;
    const again = lastClick.ids === ids.join(' ');
    lastClick = { ids: ids.join(' '), at: again ? (lastClick.at + 1) % ids.length : 0 };
    props.onSelect(ids[lastClick.at]!);
  }

  function showBar(): void {
    const range = window.getSelection()?.rangeCount ? window.getSelection()?.getRangeAt(0) : undefined;
    if (range === undefined || body === undefined || !props.editable) return;
    const frame = body.getBoundingClientRect();
    const rects = range.getClientRects();
    const end = rects[rects.length - 1] ?? range.getBoundingClientRect();
    setBar({
      x: Math.max(8, Math.min(end.left - frame.left, frame.width - 312)),
      y: end.bottom - frame.top + body.scrollTop + 8,
    });
  }

  /** Words by arrow keys, with Shift for more of them: the whole work without a mouse. */
  function moveByWord(direction: 1 | -1, extend: boolean): void {
    if (root === undefined) return;
    const now = selection();
    const own = props.layer.regions.find((r) => r.id === props.selected);
    const from: Stretch = now ?? {
      start: Number(own?.shape['start'] ?? (direction === 1 ? 0 : text().length)),
      end: Number(own?.shape['end'] ?? (direction === 1 ? 0 : text().length)),
    };
    const word = nextWord(text(), direction === 1 ? from.end : from.start, direction);
    if (word === null) return;
    const next =
      extend && now !== null
        ? { start: Math.min(now.start, word.start), end: Math.max(now.end, word.end) }
        : word;
    exact = false;
    props.onSelect(null);
    selectStretch(root, next);
    showBar();
  }

  useKeys((key, event) => {
    if (
      key === 'arrowright' ||
      key === 'arrowleft' ||
      key === 'shift+arrowright' ||
      key === 'shift+arrowleft'
    ) {
      moveByWord(key.endsWith('right') ? 1 : -1, key.startsWith('shift'));
      return true;
    }
    const name = event.ctrlKey || event.altKey ? undefined : classOfKey(props, key);
    if (name !== undefined && props.editable && selection() !== null) {
      label(name);
      return true;
    }
    if (key === 'escape' && (bar() !== null || selection() !== null)) {
      window.getSelection()?.removeAllRanges();
      setBar(null);
      return true;
    }
    if (key === 'escape' && props.selected === null && props.activeClass !== '') {
      props.onActiveClass('');
      return true;
    }
    // The same class key again puts the class away.
    if (name !== undefined && props.selected === null && name === props.activeClass) {
      props.onActiveClass('');
      return true;
    }
    return handleRegionKey(props, key);
  });

  // A press on a class in the side list labels what is selected.
  createEffect(
    on(
      () => props.activeClass,
      (name, before) => {
        if (name === '' || name === before || selection() === null) return;
        label(name);
        props.onActiveClass('');
      },
      { defer: true },
    ),
  );
  createEffect(
    on(
      () => props.selected,
      (id) => {
        if (id === null) return;
        const run = root?.querySelector<HTMLElement>(`[data-marks~="${CSS.escape(id)}"]`);
        run?.scrollIntoView({ block: 'nearest' });
      },
    ),
  );
  onCleanup(() => window.getSelection()?.removeAllRanges());

  return (
    <div class="flex h-full min-h-0 flex-col">
      <div ref={body} class="relative min-h-0 flex-1 overflow-y-auto px-4 py-5 sm:px-8 sm:py-7">
        <div class="relative mx-auto max-w-[46rem]">
          <div
            ref={root}
            role="document"
            tabindex="0"
            aria-label="Text. Arrow keys choose words, Shift and arrow more of them, a class key labels them."
            class="text-[1.0625rem] leading-[2.05] rounded-sm break-words whitespace-pre-wrap outline-offset-8"
            onPointerUp={onPointerUp}
          >
            <For each={blocks()}>
              {(block) => <MarkedBlock block={block} marks={marks()} selected={props.selected} />}
            </For>
          </div>
          <TextPresence
            presence={props.presence}
            root={() => root}
            scroller={() => body}
            flags={marks().flatMap((mark) =>
              mark.chosenBy === null ? [] : [{ ...mark.chosenBy, offset: mark.start }],
            )}
          />
        </div>
        <Show when={bar()}>
          {(place) => <SelectionBar stage={props} place={place()} onPick={(name) => label(name)} />}
        </Show>
      </div>
      <Show when={props.schema.reason?.ask}>
        <div class="border-t border-line bg-canvas px-4 py-3 sm:px-8">
          <ReasonField stage={props} class="mx-auto max-w-[46rem]" />
        </div>
      </Show>
    </div>
  );
}
