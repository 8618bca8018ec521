import type { TaskDetail } from '@concord/core/protocol/resources';
import type { Annotation } from '@concord/core/records/annotation';
import { createEffect, createSignal } from 'solid-js';
import type { LayerView } from '../../store/index.ts';
import { annotationOfView } from './compare.ts';

/** What all submitted answers say together, as the server would compute it. */
export interface Computed {
  readonly annotation: Annotation;
  readonly confidence: number;
  readonly tie: boolean;
  readonly reason: string;
  readonly summary: string;
}

/** Follows the people's layers. Null until the mathematics is loaded, and with fewer than two answers. */
export function createComputed(detail: TaskDetail, people: () => readonly LayerView[]) {
  const [computed, setComputed] = createSignal<Computed | null>(null);
  createEffect(() => {
    const votes = people().map((layer) => ({ by: layer.id, annotation: annotationOfView(layer), weight: 1 }));
    if (votes.length < 2) {
      setComputed(null);
      return;
    }
    void import('../../lib/modalities.ts').then(({ modalities }) => {
      const { schema, rules } = detail.project;
      const modality = modalities.get(schema.modality);
      if (modality === undefined) return;
      const { width, height } = detail.asset.blob ?? {};
      const facts = { data: detail.asset.data, width, height };
      // Weights need everybody's record, which only the server has; the plain majority is what is shown.
      const { annotation, confidence, tie, reason } = modality.consensus(
        votes,
        rules.consensus,
        schema,
        facts,
      );
      setComputed({ annotation, confidence, tie, reason, summary: modality.summary(annotation) });
    });
  });
  return computed;
}
