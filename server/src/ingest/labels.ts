import { ConcordError } from '@concord/core/errors/concord-error';
import type { AssetFacts, Modality } from '@concord/core/modalities/modality';
import type { Annotation } from '@concord/core/records/annotation';
import type { UserId } from '@concord/core/records/ids';
import type { Json } from '@concord/core/records/json';
import type { Project } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';
import { checkAnnotation } from '@concord/core/rooms/check';
import { sortedAnnotation } from '@concord/core/rooms/layer';
import { withClaimState } from '@concord/core/workflow/queue';
import { settleItem } from '../finalize/index.ts';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import type { NewTask, TogetherWith } from '../tasks/index.ts';

/** A label that came with a row: whose, and what. */
export interface Brought {
  readonly by: string;
  readonly annotation: Annotation;
  readonly leadTimeMs: number;
}

type Item = {
  readonly completed_by?: unknown;
  readonly result?: unknown;
  readonly was_cancelled?: unknown;
  readonly lead_time?: unknown;
};

/** Whether a row has Label Studio's shape. */
export const isLabelStudio = (values: Readonly<Record<string, Json>>): boolean =>
  typeof values['data'] === 'object' && values['data'] !== null && !Array.isArray(values['data']);

function nameOf(who: unknown): string {
  const raw =
    typeof who === 'object' && who !== null
      ? ((who as { email?: unknown; id?: unknown }).email ?? (who as { id?: unknown }).id)
      : who;
  const plain = String(raw ?? 'unknown')
    .toLowerCase()
    .replace(/[^a-z0-9._@+-]+/g, '-')
    .slice(0, 58);
  return `ls-${plain || 'unknown'}`;
}

/** The annotations of a Label Studio task that fit; `report` hears what did not. Cancelled ones are left out, as they were there. */
export function labelsOf(
  values: Readonly<Record<string, Json>>,
  modality: Modality,
  project: Project,
  facts: AssetFacts,
  report: (message: string) => void,
): Brought[] {
  const found = new Map<string, Brought>();
  for (const item of Array.isArray(values['annotations']) ? (values['annotations'] as Item[]) : []) {
    if (item?.was_cancelled === true) continue;
    const annotation = sortedAnnotation(
      modality.fromLabelStudio(Array.isArray(item?.result) ? item.result : [], facts, report),
    );
    const errors = [
      ...checkAnnotation(annotation, {
        region: (region) => modality.checkRegion(region, project.schema, facts),
        answer: (key, value) => modality.checkAnswer(key, value, project.schema),
      }),
      ...modality.checkComplete(annotation, project.schema),
    ];
    if (errors[0] !== undefined) {
      report(`a label was left out: ${errors[0].path}: ${errors[0].message}`);
      continue;
    }
    const by = nameOf(item.completed_by);
    found.set(by, {
      by,
      annotation,
      leadTimeMs:
        typeof item.lead_time === 'number' && item.lead_time > 0
          ? Math.min(86_400_000, Math.round(item.lead_time * 1000))
          : 0,
    });
  }
  return [...found.values()];
}

/** Accounts that imported labels are kept under: nobody can sign in as them. */
export function createAuthors(people: People): (name: string) => Promise<UserId> {
  const known = new Map<string, Promise<UserId>>();
  async function make(name: string): Promise<UserId> {
    const there = await people.findUser(name);
    if (there !== null) return there.id;
    const { user } = await people.createUser({ name, display: name, role: 'annotator' });
    await people.updateUser(user.id, { active: false }, user.id);
    return user.id;
  }
  return (name) => {
    let id = known.get(name);
    if (id === undefined) {
      id = make(name);
      known.set(name, id);
      id.catch(() => known.delete(name));
    }
    return id;
  };
}

/** What stands in the same unit as new tasks that brought labels: exactly what submitting them would have written. */
export function labelledTogether(
  platform: Platform,
  project: Project,
  modality: Modality,
  authors: (name: string) => Promise<UserId>,
  brought: ReadonlyMap<number, readonly Brought[]>,
) {
  return async (fresh: readonly NewTask[]): Promise<TogetherWith> => {
    const out = {
      tasks: [] as TogetherWith['tasks'][number][],
      writes: [] as TogetherWith['writes'][number][],
      inc: {} as Record<string, number>,
      outbox: [] as TogetherWith['outbox'][number][],
    };
    const now = platform.clock.now();
    const most = project.rules.overlap.max;
    for (const { task, asset, index } of fresh) {
      const labels = brought.get(index) ?? [];
      if (labels.length === 0) {
        out.tasks.push(task);
        continue;
      }
      if (labels.length > 50 || most < 1)
        throw new ConcordError('input.invalid', 'A row brings at most 50 labels.');
      const names = new Map<string, string>();
      const submissions: Submission[] = [];
      let claimed = task;
      for (const { by, annotation, leadTimeMs } of labels) {
        const userId = await authors(by);
        names.set(userId, by);
        claimed = withClaimState(claimed, userId, 'submitted', project, now);
        submissions.push({
          id: `sub_${platform.random.token(12)}`,
          taskId: task.id,
          projectId: project.id,
          taskSeq: task.seq,
          userId,
          annotation,
          blind: true,
          schemaVersion: project.schema.version,
          guidelinesVersion: project.guidelinesVersion,
          roomSeq: 0,
          leadTimeMs,
          at: now,
          state: 'standing',
          origin: 'import',
        });
      }
      const result = settleItem(
        {
          task,
          project,
          asset,
          modality,
          before: [],
          settled: null,
          suggestions: [],
          roomSeq: 0,
          now,
          nameOf: (id) => names.get(id) ?? id,
          weightOf: () => 0.8,
        },
        claimed,
        submissions,
      );
      out.tasks.push(result.task);
      out.writes.push(
        ...submissions.map((record) => ({ put: 'submissions', record, expect: 'absent' }) as const),
        ...result.writes,
      );
      out.outbox.push(...result.outbox);
      for (const [key, by] of Object.entries(result.inc)) out.inc[key] = (out.inc[key] ?? 0) + by;
    }
    return out;
  };
}
