import type { AssetFacts, Modality } from '@concord/core/modalities/modality';
import type { SuggestionInput } from '@concord/core/protocol/resources';
import type { Annotation } from '@concord/core/records/annotation';
import type { UserId } from '@concord/core/records/ids';
import type { Json } from '@concord/core/records/json';
import type { Project } from '@concord/core/records/project';
import { checkAnnotation } from '@concord/core/rooms/check';
import { sortedAnnotation } from '@concord/core/rooms/layer';
import type { NewTask } from '../tasks/index.ts';

/** What a model said about a row, as it came with it. */
export interface Prediction {
  readonly model: string;
  readonly annotation: Annotation;
  /** 0..1, where the file has one in that range. */
  readonly score: number | null;
}

/** Puts the suggestions of the model of this name on their tasks' layers; answers with how many were refused. */
export type BringSuggestions = (
  project: Project,
  model: string,
  userId: UserId,
  items: readonly SuggestionInput[],
) => Promise<{ readonly refused: number }>;

const unnamed = 'imported predictions';
const nameMost = 80;

/** The predictions of a Label Studio task that fit, the last of each model; `report` hears what did not. */
export function predictionsOf(
  values: Readonly<Record<string, Json>>,
  modality: Modality,
  project: Project,
  facts: AssetFacts,
  report: (message: string) => void,
): Prediction[] {
  const found = new Map<string, Prediction>();
  const list = Array.isArray(values['predictions']) ? values['predictions'] : [];
  for (const item of list as ({ model_version?: unknown; score?: unknown; result?: unknown } | null)[]) {
    const annotation = sortedAnnotation(
      modality.fromLabelStudio(Array.isArray(item?.result) ? item.result : [], facts, report),
    );
    const errors = checkAnnotation(annotation, {
      region: (region) => modality.checkRegion(region, project.schema, facts),
      answer: (key, value) => modality.checkAnswer(key, value, project.schema),
    });
    if (errors[0] !== undefined) {
      report(`a prediction was left out: ${errors[0].path}: ${errors[0].message}`);
      continue;
    }
    const version = typeof item?.model_version === 'string' ? item.model_version.trim() : '';
    const model = version.slice(0, nameMost) || unnamed;
    const score = typeof item?.score === 'number' && item.score >= 0 && item.score <= 1 ? item.score : null;
    found.set(model, { model, annotation, score });
  }
  return [...found.values()];
}

/** Puts what came with new tasks on their layers, model by model; answers with how many were refused. */
export async function bringPredictions(
  project: Project,
  userId: UserId,
  fresh: readonly NewTask[],
  brought: ReadonlyMap<number, readonly Prediction[]>,
  bring: BringSuggestions,
): Promise<{ readonly refused: number }> {
  const byModel = new Map<string, SuggestionInput[]>();
  for (const { task, index } of fresh) {
    for (const { model, annotation, score } of brought.get(index) ?? []) {
      const items = byModel.get(model) ?? [];
      if (items.length === 0) byModel.set(model, items);
      // Without a score nobody knows how sure it was: the middle of the queue.
      items.push({ taskId: task.id, annotation, score, uncertainty: score === null ? 0.5 : 1 - score });
    }
  }
  let refused = 0;
  for (const [model, items] of byModel) refused += (await bring(project, model, userId, items)).refused;
  return { refused };
}
