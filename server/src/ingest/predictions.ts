import type { AssetFacts, Modality } from '@concord/core/modalities/modality';
import type { SuggestionInput } from '@concord/core/protocol/resources';
import type { Annotation } from '@concord/core/records/annotation';
import type { ProjectId, TaskId, UserId } from '@concord/core/records/ids';
import type { Json } from '@concord/core/records/json';
import type { Model } from '@concord/core/records/model';
import type { Project } from '@concord/core/records/project';
import { sortedAnnotation } from '@concord/core/rooms/layer';
import { misfit } from './labels.ts';

/** What a model said about a row, as it came with it. */
export interface Prediction {
  /** The model's name. */
  readonly model: string;
  readonly annotation: Annotation;
  /** 0..1, where the file has one in that range. */
  readonly score: number | null;
}

/** The models that imported files speak of. */
export interface ImportedModels {
  /** The one of this name, made when it is new. */
  model(projectId: ProjectId, name: string, userId: UserId): Promise<Model>;
  /** Puts its suggestions on their layers: those that say something new are `stored`. */
  suggest(
    model: Model,
    items: readonly SuggestionInput[],
  ): Promise<{
    readonly stored: readonly TaskId[];
    readonly refused: readonly { readonly task: TaskId; readonly why: string }[];
  }>;
}

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
    const error = misfit(annotation, modality, project, facts);
    if (error !== undefined) {
      report(`a prediction was left out: ${error.path}: ${error.message}`);
      continue;
    }
    const version = typeof item?.model_version === 'string' ? item.model_version.trim() : '';
    const model = version.slice(0, nameMost) || unnamed;
    const score = typeof item?.score === 'number' && item.score >= 0 && item.score <= 1 ? item.score : null;
    found.set(model, { model, annotation, score });
  }
  return [...found.values()];
}

/** Without a score nobody knows how sure it was: the middle of the queue. */
export const suggestionOf = (taskId: TaskId, { annotation, score }: Prediction): SuggestionInput => ({
  taskId,
  annotation,
  score,
  uncertainty: score === null ? 0.5 : 1 - score,
});
