import { ConcordError } from '@concord/core/errors/concord-error';
import type { AssetFacts, Modality } from '@concord/core/modalities/modality';
import type { Asset } from '@concord/core/records/asset';
import type { ProjectId, TaskId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { ContentChecks } from '@concord/core/rooms/check';
import type { Stored } from '@concord/platform/ports/store';
import type { Calls } from '../attention/index.ts';
import type { Nodes } from '../cluster/index.ts';
import { factsOf, type Settlement } from '../finalize/index.ts';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import { modalityOf, type Projects } from '../projects/index.ts';
import type { Tasks } from '../tasks/index.ts';

export interface RoomParts {
  readonly projects: Projects;
  readonly tasks: Tasks;
  readonly people: People;
  readonly settlement: Settlement;
  readonly nodes: Nodes;
  /** Events were written to the outbox. */
  readonly poke: () => void;
}

/** What a room needs to know about its task; read afresh where it may have moved. */
export interface RoomContext {
  task(): Promise<Stored<Task>>;
  project(): Promise<Project>;
  readonly projectId: ProjectId;
  readonly asset: Asset;
  readonly facts: AssetFacts;
  readonly calls: Calls;
  /** The modality of the project, and its checks against the schema as it is now. */
  content(project: Project): { readonly modality: Modality; readonly checks: ContentChecks };
}

/** Throws `not_found` for a task that does not exist. */
export async function openContext(
  platform: Platform,
  { projects }: RoomParts,
  calls: Calls,
  id: TaskId,
): Promise<RoomContext> {
  const { store, modalities } = platform;
  async function task(): Promise<Stored<Task>> {
    const stored = await store.get('tasks', id);
    if (stored === null) throw new ConcordError('not_found', `There is no task ${id}.`);
    return stored;
  }
  const first = await task();
  const asset = (await store.get('assets', first.record.assetId))?.record;
  if (asset === undefined) throw new ConcordError('internal', `Task ${id} has no asset.`);
  const facts = factsOf(asset);
  return {
    task,
    project: async () => (await projects.get(first.record.projectId)).record,
    projectId: first.record.projectId,
    asset,
    facts,
    calls,
    content(project) {
      const modality = modalityOf(modalities, project.schema);
      return {
        modality,
        checks: {
          region: (region) => modality.checkRegion(region, project.schema, facts),
          answer: (key, value) => modality.checkAnswer(key, value, project.schema),
        },
      };
    },
  };
}
