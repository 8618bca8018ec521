import { createHash } from 'node:crypto';
import { isConcordError } from '@concord/core/errors/concord-error';
import type { ConcordEvent } from '@concord/core/events/event';
import type { Asset, BlobRef } from '@concord/core/records/asset';
import type { AssetId, ProjectId, TaskId } from '@concord/core/records/ids';
import type { Json } from '@concord/core/records/json';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import { canonicalJson } from '@concord/core/versioning/canonical-json';
import { refreshQueue } from '@concord/core/workflow/queue';
import type { Write } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import type { ProjectSource } from './needs.ts';

/** Tries of a unit that meets others adding to the same project. */
const ATTEMPTS = 12;

/** One asset to be added. `data` and `blob` have been checked by the modality. */
export interface NewAsset {
  readonly data: Readonly<Record<string, Json>>;
  readonly blob?: BlobRef | undefined;
  readonly meta: Readonly<Record<string, Json>>;
}

export interface NewTask {
  readonly task: Task;
  readonly asset: Asset;
  /** Position in the list that was given to `add`. */
  readonly index: number;
}

/** What stands in the same unit as new tasks: tasks as they are with their labels, and what goes with those. */
export interface TogetherWith {
  readonly tasks: readonly Task[];
  readonly writes: readonly Write[];
  readonly inc: Readonly<Record<string, number>>;
  readonly outbox: readonly ConcordEvent[];
}

export interface AddOptions {
  /** Called once per attempt with the tasks that are new; what it returns is committed with them. */
  readonly together?: (fresh: readonly NewTask[]) => Promise<TogetherWith>;
}

export interface Added {
  /** New ones, in the order given. */
  readonly fresh: readonly NewTask[];
  /** Positions of assets that the project had already, or that came twice in this list. */
  readonly duplicates: readonly number[];
}

interface Keyed {
  readonly asset: NewAsset;
  readonly index: number;
  readonly hash: string;
  readonly assetId: AssetId;
  readonly taskId: TaskId;
}

export type AddTasks = (
  projectId: ProjectId,
  assets: readonly NewAsset[],
  options?: AddOptions,
) => Promise<Added>;

/** SHA-256 in hex of what the asset is: the file's bytes, or its data in canonical form. */
export function contentHash(asset: NewAsset): string {
  if (asset.blob === undefined) return sha256(canonicalJson(asset.data));
  if (Object.keys(asset.data).length === 0) return asset.blob.hash;
  return sha256(`${asset.blob.hash}\n${canonicalJson(asset.data)}`);
}

/** Asset and task of one content in one project always have the same ids, so that adding it again is recognised. */
export function idsOf(projectId: ProjectId, hash: string): { assetId: AssetId; taskId: TaskId } {
  const key = sha256(`${projectId}\n${hash}`).slice(0, 24);
  return { assetId: `ast_${key}`, taskId: `tsk_${key}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Adds assets as open tasks: assets, tasks and counters in one unit, durable when it returns. Content that is
 * already there is left as it is. Call it with some hundred assets at a time.
 */
export function createAddTasks(
  platform: Platform,
  projects: ProjectSource,
  added: (tasks: readonly Task[]) => void,
): AddTasks {
  const { store, clock, modalities, live } = platform;

  function newTask(project: Project, asset: Asset, id: TaskId): Task {
    const preview = modalities.get(project.schema.modality)?.preview(asset.data, asset.blob) ?? '';
    return refreshQueue(
      {
        id,
        projectId: project.id,
        assetId: asset.id,
        seq: asset.seq,
        state: 'open',
        queue: 1,
        priority: 0,
        rank: asset.seq,
        target: project.rules.overlap.min,
        claims: [],
        leaseUntil: null,
        submissions: 0,
        agreement: null,
        confidence: null,
        answer: null,
        preview: preview.slice(0, 200),
        revision: 0,
        suggestion: null,
        disputedAt: null,
        finalizedAt: null,
        createdAt: asset.createdAt,
      },
      project.queueOrder,
      asset.createdAt,
    );
  }

  /** The newest number of each project that this process gave out, whether its unit stands already or is on its way. */
  const given = new Map<ProjectId, number>();

  /**
   * Takes the next `count` numbers; answers with the one before them. The index of numbers is unique, so a number that
   * another process took meanwhile refuses the unit, and `again` looks at what is there now.
   */
  async function takeNumbers(projectId: ProjectId, count: number, again: boolean): Promise<number> {
    if (again || !given.has(projectId)) {
      const newest = await store.page('tasks', {
        index: 'seq',
        where: { projectId },
        descending: true,
        limit: 1,
      });
      const stored = newest.items[0]?.record.seq ?? 0;
      given.set(projectId, Math.max(stored, given.get(projectId) ?? 0));
    }
    const last = given.get(projectId) ?? 0;
    given.set(projectId, last + count);
    return last;
  }

  async function addNow(project: Project, keyed: readonly Keyed[], options: AddOptions): Promise<Added> {
    const projectId = project.id;
    for (let attempt = 0; ; attempt += 1) {
      const there = await store.getMany(
        'tasks',
        keyed.map((k) => k.taskId),
      );
      const seen = new Set<string>(there.map((t) => t.record.id));
      const duplicates: number[] = [];
      const wanted = keyed.filter((k) => {
        if (seen.has(k.taskId)) duplicates.push(k.index);
        else seen.add(k.taskId);
        return duplicates.at(-1) !== k.index;
      });
      if (wanted.length === 0) return { fresh: [], duplicates };
      const last = await takeNumbers(projectId, wanted.length, attempt > 0);
      const now = clock.now();
      const fresh = wanted.map((k, n): NewTask => {
        const asset: Asset = {
          id: k.assetId,
          projectId,
          hash: k.hash,
          seq: last + 1 + n,
          data: k.asset.data as Asset['data'],
          ...(k.asset.blob ? { blob: k.asset.blob } : {}),
          meta: k.asset.meta as Asset['meta'],
          createdAt: now,
        };
        return { asset, task: newTask(project, asset, k.taskId), index: k.index };
      });
      const extra = await options.together?.(fresh);
      const tasks = extra?.tasks ?? fresh.map((f) => f.task);
      try {
        await store.commit({
          writes: [
            ...fresh.map((f): Write => ({ put: 'assets', record: f.asset, expect: 'absent' })),
            ...tasks.map((task): Write => ({ put: 'tasks', record: task, expect: 'absent' })),
            ...(extra?.writes ?? []),
          ],
          inc: addUp(
            { [`${projectId}/tasks`]: fresh.length, [`${projectId}/open`]: fresh.length },
            extra?.inc,
          ),
          ...(extra?.outbox.length ? { outbox: extra.outbox } : {}),
        });
      } catch (error) {
        // Somebody adds the same content at the same time: see what is there now.
        if (!isConcordError(error, 'conflict') || attempt >= ATTEMPTS) throw error;
        continue;
      }
      added(tasks);
      live.projectChanged(projectId);
      const final = new Map(tasks.map((task) => [task.id, task]));
      return { fresh: fresh.map((f) => ({ ...f, task: final.get(f.task.id) ?? f.task })), duplicates };
    }
  }

  /** Content that is being added: whoever brings the same waits for it, so that no numbers are taken in vain. */
  const underWay = new Map<TaskId, Promise<Added>>();

  return async (projectId, assets, options = {}) => {
    const project = (await projects.get(projectId)).record;
    const keyed = assets.map((asset, index): Keyed => {
      const hash = contentHash(asset);
      return { asset, index, hash, ...idsOf(projectId, hash) };
    });
    for (;;) {
      const others = new Set(keyed.flatMap(({ taskId }) => underWay.get(taskId) ?? []));
      if (others.size === 0) break;
      await Promise.allSettled(others);
    }
    const adding = addNow(project, keyed, options);
    for (const { taskId } of keyed) underWay.set(taskId, adding);
    try {
      return await adding;
    } finally {
      for (const { taskId } of keyed) underWay.delete(taskId);
    }
  };
}

function addUp(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>> = {}) {
  const sum: Record<string, number> = { ...a };
  for (const [key, by] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + by;
  return sum;
}
