import type { FieldError } from '@concord/core/errors/concord-error';
import type { AssetFacts, Modality } from '@concord/core/modalities/modality';
import type { Annotation } from '@concord/core/records/annotation';
import type { Json } from '@concord/core/records/json';
import type { Project } from '@concord/core/records/project';
import { checkAnnotation } from '@concord/core/rooms/check';
import { sortedAnnotation } from '@concord/core/rooms/layer';
import { IMPORT_PREFIX } from '../people/index.ts';

/** More people than this never label one item. */
export const MOST_LABELS = 50;

/** A label that came with a row: whose, and what. */
export interface BroughtLabel {
  /** Name of the account that it is kept under. */
  readonly by: string;
  readonly annotation: Annotation;
  readonly leadTimeMs: number;
}

/** What one row says about its item. */
export interface RowLabels {
  readonly labels: readonly BroughtLabel[];
  /** The answer that the file says is settled. */
  readonly settled: Annotation | null;
}

type Values = Readonly<Record<string, Json>>;
type Entry = {
  readonly completed_by?: unknown;
  readonly result?: unknown;
  readonly was_cancelled?: unknown;
  readonly ground_truth?: unknown;
  readonly lead_time?: unknown;
} | null;

const isObject = (value: Json | undefined): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a row has Label Studio's shape. */
export const isLabelStudio = (values: Values): boolean => isObject(values['data']);

/** What Concord wrote beside a row of its own export, or null for a file of another tool. */
export function concordMeta(values: Values): Values | null {
  const meta = values['meta'];
  return isObject(meta) && isObject(meta['concord']) ? meta['concord'] : null;
}

function nameOf(who: unknown): string {
  const raw =
    typeof who === 'object' && who !== null
      ? ((who as { email?: unknown; id?: unknown }).email ?? (who as { id?: unknown }).id)
      : who;
  const plain = String(raw ?? 'unknown')
    .toLowerCase()
    .replace(/[^a-z0-9._@+-]+/g, '-')
    .slice(0, 58);
  return plain.startsWith(IMPORT_PREFIX) ? plain : `${IMPORT_PREFIX}${plain || 'unknown'}`;
}

/** What keeps an annotation from being this project's. */
export function misfit(
  annotation: Annotation,
  modality: Modality,
  { schema }: Project,
  facts: AssetFacts,
): FieldError | undefined {
  return checkAnnotation(annotation, {
    region: (region) => modality.checkRegion(region, schema, facts),
    answer: (key, value) => modality.checkAnswer(key, value, schema),
  })[0];
}

/**
 * The annotations of a Label Studio task that fit, the last of each person; `report` hears what did not. Cancelled ones are
 * left out, as they were there. What is marked as ground truth is the settled answer. In Label Studio it is also its
 * author's label; Concord's own exports write the settled answer as an entry by itself.
 */
export function labelsOf(
  values: Values,
  modality: Modality,
  project: Project,
  facts: AssetFacts,
  report: (message: string) => void,
): RowLabels {
  const own = concordMeta(values) !== null;
  const found = new Map<string, BroughtLabel>();
  let settled: Annotation | null = null;
  for (const entry of Array.isArray(values['annotations']) ? (values['annotations'] as Entry[]) : []) {
    if (entry?.was_cancelled === true) continue;
    const truth = entry?.ground_truth === true;
    const what = truth ? 'the ground truth' : 'a label';
    const result = Array.isArray(entry?.result) ? entry.result : [];
    const annotation = sortedAnnotation(modality.fromLabelStudio(result, facts, report));
    const error =
      misfit(annotation, modality, project, facts) ?? modality.checkComplete(annotation, project.schema)[0];
    if (error !== undefined) {
      report(`${what} was left out: ${error.path}: ${error.message}`);
      continue;
    }
    if (truth) {
      if (settled !== null) report('two are marked as ground truth; the last was taken');
      settled = annotation;
      if (own) continue;
    }
    const by = nameOf(entry?.completed_by);
    if (found.has(by)) report(`two labels of ${by.slice(IMPORT_PREFIX.length)}; the last was taken`);
    const lead = entry?.lead_time;
    const leadTimeMs =
      typeof lead === 'number' && lead > 0 ? Math.min(86_400_000, Math.round(lead * 1000)) : 0;
    found.set(by, { by, annotation, leadTimeMs });
  }
  return { labels: [...found.values()], settled };
}
