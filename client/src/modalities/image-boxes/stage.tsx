import { createEffect, createSignal, onCleanup, onMount, Show } from 'solid-js';
import { apiBase } from '../../api/index.ts';
import { newRegionId } from '../../session/index.ts';
import { useKeys } from '../keys.ts';
import { classColor, classTitle, hotkeysOf, type StageProps } from '../surface.ts';
import { type Box, boxBetween, boxOf, cornerOf, type Grip, grips, hit, moved, resized } from './geometry.ts';
import type { Drawn, Scene } from './scene.ts';

type Gesture =
  | { kind: 'draw'; x: number; y: number }
  | { kind: 'move'; id: string; from: Box; x: number; y: number }
  | { kind: 'resize'; id: string; from: Box; grip: Grip }
  | { kind: 'pan'; x: number; y: number };

/** A drag shorter than this, in the page's pixels, is a click. */
const CLICK = 4;

/** A picture with boxes: drag draws with the active class, handles resize, the wheel zooms, space or the middle button pans. */
export function Stage(props: StageProps) {
  let place!: HTMLDivElement;
  const [scene, setScene] = createSignal<Scene | null>(null);
  const [failed, setFailed] = createSignal('');
  const [draft, setDraft] = createSignal<{ id: string | null; box: Box } | null>(null);
  const [panning, setPanning] = createSignal(false);
  let gesture: Gesture | null = null;
  const width = () => props.asset.blob?.width ?? 1;
  const height = () => props.asset.blob?.height ?? 1;

  onMount(() => {
    let gone = false;
    onCleanup(() => {
      gone = true;
      scene()?.destroy();
    });
    void import('./scene.ts')
      .then(({ createScene }) =>
        createScene(place, `${apiBase}/assets/${props.asset.id}/content`, width(), height()),
      )
      .then(
        (made) => (gone ? made.destroy() : setScene(made)),
        (error: unknown) => setFailed(error instanceof Error ? error.message : String(error)),
      );
  });

  const own = () =>
    props.layer.regions.map((r) => ({
      id: r.id,
      label: r.label,
      box: draft()?.id === r.id ? draft()!.box : boxOf(r.shape),
    }));
  createEffect(() => {
    const here = scene();
    if (here === null) return;
    const title = (name: string) => classTitle(props.schema, name);
    const drawn: Drawn[] = [
      ...props.others.flatMap((o) =>
        o.layer.regions.map((r) => ({
          id: `${o.id}/${r.id}`,
          box: boxOf(r.shape),
          color: o.color,
          label: `${o.name}: ${title(r.label)}`,
          dashed: false,
          selected: o.differs.has(r.id),
          faint: !o.differs.has(r.id),
        })),
      ),
      ...props.suggestions.map((s) => ({
        id: s.key,
        box: boxOf(s.region.shape),
        color: classColor(props.schema, s.region.label),
        label: `${title(s.region.label)} ${Math.round((s.region.score ?? 0) * 100)} %`,
        dashed: true,
        selected: props.selected === s.key,
        faint: false,
      })),
      ...own().map((r) => ({
        id: r.id,
        box: r.box,
        color: classColor(props.schema, r.label),
        label: title(r.label),
        dashed: false,
        selected: props.selected === r.id,
        faint: false,
      })),
    ];
    const fresh = draft();
    if (fresh !== null && fresh.id === null)
      drawn.push({
        id: 'draft',
        box: fresh.box,
        color: classColor(props.schema, props.activeClass),
        label: title(props.activeClass),
        dashed: false,
        selected: true,
        faint: false,
      });
    const chosen = own().find((r) => r.id === props.selected);
    here.draw(drawn, chosen && props.editable ? grips.map((g) => cornerOf(chosen.box, g)) : []);
  });

  function at(event: PointerEvent | WheelEvent): { x: number; y: number; px: number; py: number } {
    const rect = place.getBoundingClientRect();
    const px = event.clientX - rect.left;
    const py = event.clientY - rect.top;
    return { ...(scene()?.toImage(px, py) ?? { x: 0, y: 0 }), px, py };
  }
  function gripUnder(x: number, y: number): { id: string; box: Box; grip: Grip } | null {
    const chosen = own().find((r) => r.id === props.selected);
    if (chosen === undefined) return null;
    const near = 8 / (scene()?.scale() ?? 1);
    const grip = grips.find(
      (g) =>
        Math.abs(cornerOf(chosen.box, g).x - x) <= near && Math.abs(cornerOf(chosen.box, g).y - y) <= near,
    );
    return grip === undefined ? null : { ...chosen, grip };
  }

  function down(event: PointerEvent): void {
    const { x, y } = at(event);
    place.setPointerCapture(event.pointerId);
    if (event.button === 1 || panning()) gesture = { kind: 'pan', x: event.clientX, y: event.clientY };
    else if (event.button === 0 && props.editable) {
      const grip = gripUnder(x, y);
      const under = hit(own(), x, y);
      if (grip !== null) gesture = { kind: 'resize', id: grip.id, from: grip.box, grip: grip.grip };
      else if (under !== undefined && under.id === props.selected)
        gesture = { kind: 'move', id: under.id, from: under.box, x, y };
      else gesture = { kind: 'draw', x, y };
    }
  }
  function move(event: PointerEvent): void {
    const { x, y } = at(event);
    props.onPointer({ x, y });
    if (gesture === null) return;
    if (gesture.kind === 'pan') {
      scene()?.pan(event.clientX - gesture.x, event.clientY - gesture.y);
      gesture = { kind: 'pan', x: event.clientX, y: event.clientY };
    } else if (gesture.kind === 'draw')
      setDraft({ id: null, box: boxBetween(gesture.x, gesture.y, x, y, width(), height()) });
    else if (gesture.kind === 'move')
      setDraft({ id: gesture.id, box: moved(gesture.from, x - gesture.x, y - gesture.y, width(), height()) });
    else setDraft({ id: gesture.id, box: resized(gesture.from, gesture.grip, x, y, width(), height()) });
  }
  function up(event: PointerEvent): void {
    const done = gesture;
    const made = draft();
    gesture = null;
    setDraft(null);
    if (done === null || done.kind === 'pan') return;
    const small =
      made === null || Math.max(made.box.width, made.box.height) * (scene()?.scale() ?? 1) < CLICK;
    if (small && done.kind !== 'move') {
      const { x, y } = at(event);
      const suggested = props.suggestions.map((s) => ({ id: s.key, box: boxOf(s.region.shape) }));
      props.onSelect((hit(own(), x, y) ?? hit(suggested, x, y))?.id ?? null);
      return;
    }
    if (made === null || made.box.width < 1 || made.box.height < 1) return;
    if (done.kind !== 'draw') props.dispatch([{ t: 'update', id: done.id, set: { shape: { ...made.box } } }]);
    else if (props.activeClass !== '') {
      const id = newRegionId();
      props.dispatch([
        { t: 'create', region: { id, kind: 'box', label: props.activeClass, shape: { ...made.box } } },
      ]);
      props.onSelect(id);
    }
  }

  useKeys((key) => {
    const chosen = props.selected;
    const suggestion = props.suggestions.find((s) => s.key === chosen) ?? props.suggestions[0];
    const named = [...hotkeysOf(props.schema.classes)].find(([, k]) => k === key)?.[0];
    if (named !== undefined) {
      props.onActiveClass(named);
      if (chosen !== null && own().some((r) => r.id === chosen))
        props.dispatch([{ t: 'update', id: chosen, set: { label: named } }]);
    } else if ((key === 'delete' || key === 'backspace') && chosen !== null) {
      props.dispatch([{ t: 'delete', id: chosen }]);
      props.onSelect(null);
    } else if (key === 'a' && suggestion !== undefined) props.accept([suggestion.key]);
    else if (key === 'shift+a') props.accept(props.suggestions.map((s) => s.key));
    else if (key === 'x' && suggestion !== undefined) props.reject([suggestion.key]);
    else if (key === 'escape') {
      gesture = null;
      setDraft(null);
      props.onSelect(null);
    } else if (key === 'f') scene()?.fit();
    else if (key === 'space') setPanning((on) => !on);
    else return false;
    return true;
  });

  return (
    <div
      class="relative h-full min-h-80 w-full touch-none bg-sunken"
      style={{ cursor: panning() ? 'grab' : 'crosshair' }}
    >
      <div
        ref={place}
        class="absolute inset-0"
        role="application"
        aria-label={`${props.asset.blob?.name ?? 'Image'}: drag to draw a box`}
        data-testid="image-stage"
        data-ready={scene() === null ? 'no' : 'yes'}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerLeave={() => props.onPointer(null)}
        onWheel={(e) => {
          e.preventDefault();
          const { px, py } = at(e);
          scene()?.zoom(e.deltaY < 0 ? 1.15 : 1 / 1.15, px, py);
        }}
      />
      <Show when={failed()}>
        <p
          class="absolute inset-x-0 top-4 mx-auto w-fit rounded-md bg-danger-soft px-3 py-2 text-danger-ink"
          role="alert"
        >
          The picture cannot be shown: {failed()}
        </p>
      </Show>
    </div>
  );
}
