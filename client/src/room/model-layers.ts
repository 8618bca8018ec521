import type { Task } from '@concord/core/records/task';
import type { AnswerSuggestion, RegionSuggestion } from '../modalities/surface.ts';
import type { LayerView } from '../store/index.ts';

export const isModelLayer = (id: string): boolean => id.startsWith('mdl_');

/** The models' regions that this person has neither taken (also where the copy was changed since) nor refused. */
export function regionSuggestionsOf(
  models: readonly LayerView[],
  own: LayerView,
  rejected: ReadonlySet<string>,
): RegionSuggestion[] {
  const taken = new Set(own.regions.map((r) => r.from));
  return models.flatMap((layer) =>
    layer.regions
      .map((region) => ({ key: `${layer.id}/${region.id}`, model: 'The model', region }))
      .filter(({ key }) => !taken.has(key) && !rejected.has(key)),
  );
}

/** The models' answers. How sure a model is stands in the task's summary, as long as that is of the same version. */
export function answerSuggestionsOf(
  models: readonly LayerView[],
  summary: Task['suggestion'],
): AnswerSuggestion[] {
  return models.flatMap((layer) =>
    Object.entries(layer.answers).flatMap(([key, value]): AnswerSuggestion[] => {
      if (typeof value !== 'string') return [];
      const known =
        summary !== null &&
        summary.modelId === layer.id &&
        summary.version === layer.version &&
        summary.label === value;
      return [{ model: 'The model', key, value, score: known ? summary.score : null }];
    }),
  );
}
