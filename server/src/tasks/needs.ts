import type { TaskDetail } from '@concord/core/protocol/resources';
import type { Annotation } from '@concord/core/records/annotation';
import type { ProjectId, TaskId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';
import type { TaskState } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import type { Stored } from '@concord/platform/ports/store';

/** What the queue asks of the projects part. */
export interface ProjectSource {
  /** Throws `not_found`. */
  get(id: ProjectId): Promise<Stored<Project>>;
  /** Calls back after a project was changed, on this node or another; `before` is null where it is not known. */
  onChanged(listener: (after: Project, before: Project | null) => void): () => void;
}

/** What the handlers ask of the rooms part: a submission always goes through its room, so that its log tells of it. */
export interface TaskRooms {
  /** Durably notes that this person is given others' work on the task, so that what they submit is not blind [RM17]. */
  expose(user: User, taskId: TaskId): Promise<void>;
  submitWhole(
    user: User,
    taskId: TaskId,
    input: { readonly annotation: Annotation; readonly leadTimeMs: number },
    origin: 'api' | 'import',
  ): Promise<{ readonly submission: Submission; readonly state: TaskState }>;
}

export type { TaskDetail };
