import { createEffect, createSignal, on, onCleanup, onMount, Show } from 'solid-js';
import { newRegionId } from '../../session/index.ts';
import { ErrorState } from '../../ui/index.ts';
import { focusTakesEnter, useKeys } from '../keys.ts';
import { ReasonField } from '../shared/reason-field.tsx';
import { handleRegionKey } from '../shared/region-keys.ts';
import { classColor, type StageProps } from '../surface.ts';
import { type Camera, fit, inSight, type Point, pan, type Size, showing, toImage, zoomAt } from './camera.ts';
import { createPainter } from './choose-painter.ts';
import { type Box, boxBetween } from './geometry.ts';
import { drag, type Effect, type Gesture, pointerFor, press, release, type Situation } from './gestures.ts';
import { loadImage } from './image-source.ts';
import { nudge } from './nudge.ts';
import type { Painter } from './painter.ts';
import { PeopleOverlay } from './people-overlay.tsx';
import { drawnBoxes, type Scene } from './scene.ts';
import { ZoomBar } from './zoom-bar.tsx';

/** A drag shorter than this, in page pixels, is a click. */
const clickSlop = 4;
/** Page pixels by which a finger or pointer may miss a line. */
const reachPixels = 6;

/** A picture with boxes. Drag to draw, click to select, drag the selected one to move it, wheel to zoom. */
export function Stage(props: StageProps) {
  let place: HTMLDivElement | undefined;
  const image: Size = { width: props.asset.blob?.width ?? 1, height: props.asset.blob?.height ?? 1 };
  const [painter, setPainter] = createSignal<Painter | null>(null);
  const [size, setSize] = createSignal<Size>({ width: 1, height: 1 });
  const [camera, setCamera] = createSignal<Camera>(fit(image, { width: 100, height: 100 }));
  const [shown, setShown] = createSignal(false);
  const [failed, setFailed] = createSignal<unknown>(null);
  const [gesture, setGesture] = createSignal<Gesture | null>(null);
  const [hover, setHover] = createSignal<Point | null>(null);
  const [spaceHeld, setSpaceHeld] = createSignal(false);
  const [panning, setPanning] = createSignal(false);
  /** Fingers and pointers that are down, in stage pixels. */
  const down = new Map<number, Point>();
  let pressedAt: Point | null = null;
  let far = false;
  let fitted = true;

  const situation = (): Situation => ({
    boxes: drawnBoxes(props),
    image,
    reach: reachPixels / camera().scale,
    editable: props.editable,
    canDraw: props.activeClass !== '',
  });

  onMount(() => {
    let gone = false;
    const observer = new ResizeObserver(() => {
      if (place === undefined) return;
      const next = { width: Math.max(1, place.clientWidth), height: Math.max(1, place.clientHeight) };
      setSize(next);
      painter()?.resize(next);
      if (fitted) setCamera(fit(image, next));
    });
    if (place !== undefined) observer.observe(place);
    const first = {
      width: Math.max(1, place?.clientWidth ?? 1),
      height: Math.max(1, place?.clientHeight ?? 1),
    };
    setSize(first);
    setCamera(fit(image, first));
    void start(first).catch(setFailed);
    onCleanup(() => {
      gone = true;
      observer.disconnect();
      painter()?.destroy();
    });

    async function start(stage: Size): Promise<void> {
      const [made, bitmap] = await Promise.all([createPainter(stage), loadImage(props.asset.id, image)]);
      if (gone) {
        made.destroy();
        return;
      }
      made.resize(size());
      made.setImage(bitmap, image);
      place?.append(made.canvas);
      setPainter(made);
      setShown(true);
    }
  });

  // One paint a frame at most, however much moved.
  let frame = 0;
  createEffect(() => {
    const here = painter();
    if (here === null) return;
    const scene = sceneNow();
    const view = camera();
    size();
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => here.paint(view, scene));
  });
  onCleanup(() => cancelAnimationFrame(frame));

  function sceneNow(): Scene {
    const doing = gesture();
    const at = hover();
    const drawing = doing?.kind === 'draw';
    return {
      boxes: drawnBoxes(props),
      draft: drawing
        ? { ...boxBetween(doing.from, doing.to, image), color: classColor(props.schema, props.activeClass) }
        : null,
      crosshair:
        at !== null &&
        props.editable &&
        !panning() &&
        !spaceHeld() &&
        (doing === null || drawing) &&
        pointer() === 'crosshair'
          ? at
          : null,
      showHandles: props.editable,
    };
  }
  function pointer(): string {
    if (panning()) return 'grabbing';
    if (spaceHeld()) return 'grab';
    const doing = gesture();
    const at = hover();
    if (doing?.kind === 'draw') return 'crosshair';
    return at === null ? 'default' : pointerFor(situation(), at);
  }

  function look(next: Camera): void {
    props.presence.onMoved();
    fitted = false;
    setCamera(next);
  }
  // Who is followed moves the picture here; otherwise the others are told what is in sight.
  createEffect(() => {
    const part = props.presence.follow;
    if (part !== null) {
      fitted = false;
      setCamera(showing(part, size()));
    } else if (shown()) props.presence.onViewport(inSight(camera(), size()));
  });
  function fitAll(): void {
    props.presence.onMoved();
    fitted = true;
    setCamera(fit(image, size()));
  }
  function zoom(factor: number, at?: Point): void {
    look(zoomAt(camera(), at ?? { x: size().width / 2, y: size().height / 2 }, factor, image, size()));
  }

  function run(effect: Effect | null): void {
    if (effect === null) return;
    if (effect.kind === 'select') props.onSelect(effect.id);
    else if (effect.kind === 'create') make(effect.box);
    else props.dispatch([{ t: 'update', id: effect.id, set: { shape: { ...effect.box } } }], effect.group);
  }
  function make(box: Box): void {
    const id = newRegionId();
    props.dispatch([
      { t: 'create', region: { id, kind: 'box', label: props.activeClass, shape: { ...box } } },
    ]);
    props.onSelect(id);
  }

  function letGo(): void {
    setGesture(null);
    props.presence.onBusy(null);
  }

  function stagePoint(event: { clientX: number; clientY: number }): Point {
    const frameRect = place?.getBoundingClientRect();
    return { x: event.clientX - (frameRect?.left ?? 0), y: event.clientY - (frameRect?.top ?? 0) };
  }

  function onPointerDown(event: PointerEvent): void {
    if (!(event.target instanceof HTMLCanvasElement)) return;
    place?.focus({ preventScroll: true });
    const at = stagePoint(event);
    down.set(event.pointerId, at);
    place?.setPointerCapture(event.pointerId);
    if (down.size === 2) {
      // Two fingers hold the picture, not a box.
      letGo();
      setPanning(true);
      return;
    }
    if (event.button === 1 || event.button === 2 || spaceHeld()) {
      event.preventDefault();
      setPanning(true);
      return;
    }
    if (event.button !== 0) return;
    pressedAt = at;
    far = false;
    const begun = press(situation(), toImage(camera(), at), event.shiftKey || event.altKey, newRegionId());
    const holder = begun.kind === 'move' || begun.kind === 'resize' ? props.presence.heldBy(begun.id) : null;
    if (holder === null) setGesture(begun);
    else props.presence.onHeldBack(holder);
  }

  function onPointerMove(event: PointerEvent): void {
    const at = stagePoint(event);
    const here = toImage(camera(), at);
    const before = down.get(event.pointerId);
    if (before !== undefined) down.set(event.pointerId, at);
    if (panning() && before !== undefined) {
      movePicture(event.pointerId, before, at);
      return;
    }
    setHover(here);
    props.presence.onPointer(here);
    const doing = gesture();
    if (doing === null || pressedAt === null) return;
    far ||= Math.hypot(at.x - pressedAt.x, at.y - pressedAt.y) > clickSlop;
    const next = drag(situation(), doing, here, far);
    setGesture(next.gesture);
    if (next.effect?.kind === 'shape') props.presence.onBusy(next.effect.id);
    run(next.effect);
  }

  function movePicture(id: number, before: Point, at: Point): void {
    const other = [...down].find(([key]) => key !== id)?.[1];
    let next = pan(camera(), at.x - before.x, at.y - before.y, image, size());
    if (other !== undefined) {
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const now = Math.hypot(at.x - other.x, at.y - other.y);
      next = zoomAt(camera(), other, was < 1 ? 1 : now / was, image, size());
    }
    look(next);
  }

  function onPointerUp(event: PointerEvent): void {
    down.delete(event.pointerId);
    if (panning()) {
      if (down.size === 0) setPanning(false);
      return;
    }
    const doing = gesture();
    letGo();
    pressedAt = null;
    if (doing !== null && event.type === 'pointerup')
      run(release(situation(), doing, far, toImage(camera(), stagePoint(event))));
  }

  function onWheel(event: WheelEvent): void {
    event.preventDefault();
    if (event.shiftKey) {
      look(pan(camera(), -(event.deltaX || event.deltaY), 0, image, size()));
      return;
    }
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY * lines)) * 0.0022), stagePoint(event));
  }

  useKeys((key, event) => {
    if (key === 'space' && !focusTakesEnter(event)) {
      setSpaceHeld(true);
      return true;
    }
    if (key === 'escape' && gesture() !== null) {
      letGo();
      return true;
    }
    if (key === '+' || key === '=') zoom(1.3);
    else if (key === '-') zoom(1 / 1.3);
    else if (key === 'f' || key === '0') fitAll();
    else if (key === 'n' && props.editable && props.activeClass !== '') make(middleBox());
    else {
      const own = props.layer.regions.find((r) => r.id === props.selected);
      const shape = own && props.editable ? nudge(key, own.shape as unknown as Box, image) : null;
      if (own !== undefined && shape !== null) {
        props.dispatch([{ t: 'update', id: own.id, set: { shape: { ...shape } } }], `nudge-${own.id}`);
        return true;
      }
      return handleRegionKey(props, key);
    }
    return true;
  });
  /** A box of a quarter of what is in sight, to be moved and sized with the arrow keys. */
  function middleBox(): Box {
    const a = toImage(camera(), { x: size().width * 0.375, y: size().height * 0.375 });
    const b = toImage(camera(), { x: size().width * 0.625, y: size().height * 0.625 });
    return boxBetween(a, b, image);
  }
  onMount(() => {
    const up = (event: KeyboardEvent): void => {
      if (event.key === ' ') setSpaceHeld(false);
    };
    document.addEventListener('keyup', up);
    window.addEventListener('blur', () => setSpaceHeld(false));
    onCleanup(() => document.removeEventListener('keyup', up));
  });
  // What is chosen in the list comes into sight.
  createEffect(
    on(
      () => props.selected,
      (id) => {
        const box = drawnBoxes(props).find((b) => b.id === id);
        if (box === undefined || gesture() !== null) return;
        const view = camera();
        const left = box.x * view.scale + view.x;
        const top = box.y * view.scale + view.y;
        const outside =
          left + box.width * view.scale < 0 ||
          top + box.height * view.scale < 0 ||
          left > size().width ||
          top > size().height;
        if (outside)
          look({
            ...view,
            x: size().width / 2 - (box.x + box.width / 2) * view.scale,
            y: size().height / 2 - (box.y + box.height / 2) * view.scale,
          });
      },
      { defer: true },
    ),
  );

  return (
    <div class="flex h-full min-h-0 flex-col">
      <div class="relative min-h-64 flex-1 overflow-hidden bg-sunken">
        <div
          ref={place}
          class="absolute inset-0 touch-none overflow-hidden outline-none focus-visible:ring-1 focus-visible:ring-line-strong focus-visible:ring-inset"
          style={{ cursor: pointer() }}
          tabindex="0"
          role="application"
          aria-label={`${props.asset.blob?.name ?? 'Picture'}, ${image.width} by ${image.height} pixels. N makes a box, arrow keys move it, with Control they size it, J and K go through the boxes.`}
          data-testid="image-stage"
          data-ready={shown() ? 'yes' : 'no'}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={onPointerUp}
          onPointerLeave={() => {
            setHover(null);
            props.presence.onPointer(null);
          }}
          onContextMenu={(event) => event.preventDefault()}
          onWheel={onWheel}
        />
        <PeopleOverlay presence={props.presence} boxes={drawnBoxes(props)} camera={camera()} />
        <Show when={failed()}>
          {(error) => (
            <div class="absolute inset-0 grid place-items-center bg-canvas">
              <ErrorState error={error()} />
            </div>
          )}
        </Show>
        <ZoomBar percent={camera().scale * 100} onZoom={(factor) => zoom(factor)} onFit={fitAll} />
      </div>
      <Show when={props.schema.reason?.ask}>
        <div class="border-t border-line bg-canvas px-4 py-3">
          <ReasonField stage={props} />
        </div>
      </Show>
    </div>
  );
}
