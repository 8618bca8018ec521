import type { OtherSelection } from '../presence.ts';
import type { StageProps } from '../surface.ts';
import { classColor, classTitle } from '../surface.ts';

/** One labelled stretch as it is drawn. */
export interface Mark {
  readonly id: string;
  readonly kind: 'own' | 'suggestion' | 'other';
  readonly start: number;
  readonly end: number;
  readonly color: string;
  /** What stands behind it, small. */
  readonly tag: string;
  readonly title: string;
  readonly differs: boolean;
  /** Who else has it selected, or is changing it. */
  readonly chosenBy: OtherSelection | null;
}

/** Everything to draw on the text: others' marks lie lowest, one's own on top. */
export function marksOf(stage: StageProps): Mark[] {
  const marks: Mark[] = [];
  const { selections } = stage.presence;
  const chosenBy = (id: string): OtherSelection | null =>
    selections.find((other) => other.id === id && other.busy) ??
    selections.find((other) => other.id === id) ??
    null;
  for (const other of stage.others) {
    if (other.kind === 'model') continue;
    for (const region of other.layer.regions) {
      const differs = other.differs.has(region.id);
      marks.push({
        id: `${other.id}/${region.id}`,
        kind: 'other',
        start: Number(region.shape['start']),
        end: Number(region.shape['end']),
        color: other.color,
        tag: differs ? classTitle(stage.schema, region.label) : '',
        title: `${other.name}: ${classTitle(stage.schema, region.label)}`,
        differs,
        chosenBy: chosenBy(`${other.id}/${region.id}`),
      });
    }
  }
  for (const { key, model, region } of stage.suggestions)
    marks.push({
      id: key,
      kind: 'suggestion',
      start: Number(region.shape['start']),
      end: Number(region.shape['end']),
      color: classColor(stage.schema, region.label),
      tag: `${classTitle(stage.schema, region.label)}?`,
      title: `${model} suggests ${classTitle(stage.schema, region.label)}`,
      differs: false,
      chosenBy: chosenBy(key),
    });
  // Longer ones first, so that a shorter one inside lies on top and can be reached.
  const own = stage.layer.regions
    .map((region) => ({ region, start: Number(region.shape['start']), end: Number(region.shape['end']) }))
    .sort((a, b) => b.end - b.start - (a.end - a.start));
  for (const { region, start, end } of own)
    marks.push({
      id: region.id,
      kind: 'own',
      start,
      end,
      color: classColor(stage.schema, region.label),
      tag: classTitle(stage.schema, region.label),
      title: classTitle(stage.schema, region.label),
      differs: false,
      chosenBy: chosenBy(region.id),
    });
  return marks;
}
