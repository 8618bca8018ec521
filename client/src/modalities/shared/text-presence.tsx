import { createEffect, createMemo, createSignal, Index, onCleanup, onMount } from 'solid-js';
import type { OtherSelection, StagePresence } from '../presence.ts';
import { NameFlag } from './name-flag.tsx';
import { caretAt, offsetAt } from './text-place.ts';

/** The others are told of the pointer and of what is in sight at most this often. */
const tellEveryMs = 60;
/** Scrolled by less than this, in pixels, it was rounding and not the person. */
const scrollSlop = 2;

/**
 * Presence on a text: the others' carets in it, telling them where the pointer is and what is in sight, and following.
 * Places are offsets in the text below `root`, so that windows of any width mean the same. To be put into a positioned
 * element that scrolls with `root`.
 */
export function TextPresence(props: {
  presence: StagePresence;
  root: () => HTMLElement | undefined;
  scroller: () => HTMLElement | undefined;
  /** Names to stand above what somebody has chosen in the text. */
  flags?: readonly (OtherSelection & { readonly offset: number })[];
}) {
  let layer: HTMLDivElement | undefined;
  /** Rises whenever the text is laid out anew. */
  const [laidOut, setLaidOut] = createSignal(0);
  let followedTo: number | null = null;

  /** Runs the newest call at most every `tellEveryMs`, the last one always. */
  function throttled(): (work: () => void) => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let next: (() => void) | null = null;
    onCleanup(() => clearTimeout(timer));
    const run = (): void => {
      timer = undefined;
      if (next === null) return;
      next();
      next = null;
      timer = setTimeout(run, tellEveryMs);
    };
    return (work) => {
      next = work;
      if (timer === undefined) run();
    };
  }
  const pointing = throttled();
  const looking = throttled();

  function tellView(): void {
    const root = props.root()?.getBoundingClientRect();
    const scroller = props.scroller();
    const inside = scroller?.getBoundingClientRect();
    const text = props.root();
    if (root === undefined || inside === undefined || text === undefined || scroller === undefined) return;
    const whole = text.textContent?.length ?? 0;
    const top = Math.max(root.top, inside.top) + 4;
    const bottom = Math.min(root.bottom, inside.bottom) - 4;
    const first = scroller.scrollTop <= scrollSlop ? 0 : (offsetAt(text, root.left + 2, top) ?? 0);
    const atEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - scrollSlop;
    const last = atEnd ? whole : (offsetAt(text, root.right - 2, bottom) ?? whole);
    props.presence.onViewport({ x: first, y: 0, width: Math.max(0, last - first), height: 0 });
  }

  onMount(() => {
    const root = props.root();
    const scroller = props.scroller();
    if (root === undefined || scroller === undefined) return;
    const onMove = (event: PointerEvent): void => {
      const { clientX, clientY } = event;
      pointing(() => {
        const offset = offsetAt(root, clientX, clientY);
        props.presence.onPointer(offset === null ? null : { x: offset, y: 0 });
      });
    };
    const onLeave = (): void => pointing(() => props.presence.onPointer(null));
    const onScroll = (): void => {
      if (followedTo !== null && Math.abs(scroller.scrollTop - followedTo) <= scrollSlop) return;
      props.presence.onMoved();
      looking(tellView);
    };
    root.addEventListener('pointermove', onMove);
    root.addEventListener('pointerleave', onLeave);
    scroller.addEventListener('scroll', onScroll, { passive: true });
    const observer = new ResizeObserver(() => {
      setLaidOut((n) => n + 1);
      looking(tellView);
    });
    observer.observe(root);
    observer.observe(scroller);
    onCleanup(() => {
      root.removeEventListener('pointermove', onMove);
      root.removeEventListener('pointerleave', onLeave);
      scroller.removeEventListener('scroll', onScroll);
      observer.disconnect();
    });
  });

  // What the followed one has at the top stands at the top here; when nobody is followed any more, say where one is.
  createEffect(() => {
    const view = props.presence.follow;
    const root = props.root();
    const scroller = props.scroller();
    laidOut();
    if (root === undefined || scroller === undefined) return;
    if (view === null) {
      if (followedTo !== null) looking(tellView);
      followedTo = null;
      return;
    }
    const caret = view.x <= 0 ? null : caretAt(root, view.x);
    const top = caret === null ? 0 : scroller.scrollTop + caret.y - scroller.getBoundingClientRect().top;
    scroller.scrollTop = top;
    followedTo = scroller.scrollTop;
  });

  /** From this element's top left, in pixels. */
  function placeOf(offset: number): { left: number; top: number; height: number } {
    laidOut();
    const root = props.root();
    const frame = layer?.getBoundingClientRect();
    const caret = root === undefined ? null : caretAt(root, offset);
    if (frame === undefined || caret === null) return { left: 0, top: 0, height: 0 };
    return { left: caret.x - frame.left, top: caret.y - frame.top, height: caret.height };
  }
  const cursors = createMemo(() =>
    props.presence.cursors.map((cursor) => ({ ...cursor, ...placeOf(cursor.x) })),
  );
  const flags = createMemo(() => (props.flags ?? []).map((flag) => ({ ...flag, ...placeOf(flag.offset) })));

  return (
    <div ref={layer} class="pointer-events-none absolute -inset-4 overflow-hidden">
      {/* By place in the list, so that an element moves instead of being made anew. */}
      <Index each={flags()}>
        {(flag) => (
          <div
            class="absolute"
            style={{ left: `${flag().left - 3}px`, top: `${flag().top - 4}px` }}
            data-testid={flag().busy ? 'held' : 'selected-by'}
          >
            <NameFlag
              who={flag()}
              text={flag().busy ? 'is changing this' : ''}
              class="absolute bottom-full left-0"
            />
          </div>
        )}
      </Index>
      <Index each={cursors()}>
        {(cursor) => (
          <div
            class="absolute top-0 left-0 w-0.5 transition-transform duration-75 ease-linear"
            style={{
              transform: `translate(${cursor().left - 1}px, ${cursor().top}px)`,
              height: `${cursor().height}px`,
              background: cursor().color,
            }}
            data-testid="cursor"
          >
            <NameFlag who={cursor()} class="absolute bottom-full left-0" />
          </div>
        )}
      </Index>
    </div>
  );
}
