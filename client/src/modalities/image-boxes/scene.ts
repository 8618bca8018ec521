import { classColor, classTitle, type StageProps } from '../surface.ts';
import type { Box } from './geometry.ts';

/** A box as it is drawn, in image pixels. */
export interface DrawnBox extends Box {
  /** Region id on one's own layer, `<layer>/<region>` for anything else. */
  readonly id: string;
  readonly kind: 'own' | 'suggestion' | 'other';
  readonly color: string;
  readonly tag: string;
  readonly dashed: boolean;
  readonly selected: boolean;
  /** Not everybody has it. */
  readonly differs: boolean;
}

/** Everything on the stage but the image. */
export interface Scene {
  readonly boxes: readonly DrawnBox[];
  /** The box being drawn now. */
  readonly draft: (Box & { readonly color: string }) | null;
  readonly crosshair: { readonly x: number; readonly y: number } | null;
  readonly showHandles: boolean;
}

function boxOf(shape: Readonly<Record<string, unknown>>): Box {
  return {
    x: Number(shape['x']),
    y: Number(shape['y']),
    width: Number(shape['width']),
    height: Number(shape['height']),
  };
}

/** Every box to draw, lowest first: others', suggestions, one's own, the selected one. */
export function drawnBoxes(stage: StageProps): DrawnBox[] {
  const boxes: DrawnBox[] = [];
  for (const other of stage.others) {
    if (other.kind === 'model') continue;
    for (const region of other.layer.regions)
      boxes.push({
        ...boxOf(region.shape),
        id: `${other.id}/${region.id}`,
        kind: 'other',
        color: other.color,
        tag: `${other.name}: ${classTitle(stage.schema, region.label)}`,
        dashed: false,
        selected: stage.selected === `${other.id}/${region.id}`,
        differs: other.differs.has(region.id),
      });
  }
  for (const { key, region } of stage.suggestions) {
    const score = region.score === undefined ? '' : ` ${Math.round(region.score * 100)} %`;
    boxes.push({
      ...boxOf(region.shape),
      id: key,
      kind: 'suggestion',
      color: classColor(stage.schema, region.label),
      tag: `${classTitle(stage.schema, region.label)}${score}`,
      dashed: true,
      selected: stage.selected === key,
      differs: false,
    });
  }
  for (const region of stage.layer.regions)
    boxes.push({
      ...boxOf(region.shape),
      id: region.id,
      kind: 'own',
      color: classColor(stage.schema, region.label),
      tag: classTitle(stage.schema, region.label),
      dashed: false,
      selected: stage.selected === region.id,
      differs: false,
    });
  return boxes.sort((a, b) => Number(a.selected) - Number(b.selected));
}

/** Narrower than this on the screen, a box that is not one's own shows its tag only when it is selected. */
const narrowest = 56;

/** The tag to draw: one's own always; on small ones of others and models it would only hide the picture. */
export function tagOf(drawn: DrawnBox, widthOnScreen: number): string {
  return drawn.kind === 'own' || drawn.selected || widthOnScreen >= narrowest ? drawn.tag : '';
}

/** A dashed rectangle as line segments `[x1, y1, x2, y2]`. */
export function dashesOf(box: Box, dash: number, gap: number): (readonly [number, number, number, number])[] {
  const lines: (readonly [number, number, number, number])[] = [];
  const step = Math.max(dash + gap, (box.width + box.height) / 200);
  const along = dash / (dash + gap);
  for (let x = 0; x < box.width; x += step) {
    const to = Math.min(box.width, x + step * along);
    lines.push([box.x + x, box.y, box.x + to, box.y]);
    lines.push([box.x + x, box.y + box.height, box.x + to, box.y + box.height]);
  }
  for (let y = 0; y < box.height; y += step) {
    const to = Math.min(box.height, y + step * along);
    lines.push([box.x, box.y + y, box.x, box.y + to]);
    lines.push([box.x + box.width, box.y + y, box.x + box.width, box.y + to]);
  }
  return lines;
}
