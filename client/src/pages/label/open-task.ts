import type { TaskDetail } from '@concord/core/protocol/resources';
import type { TaskId } from '@concord/core/records/ids';
import { call, isApiError } from '../../api/index.ts';
import { surfaceOf } from '../../modalities/registry.ts';
import type { Surface } from '../../modalities/surface.ts';
import { type RoomSession, roomsClient } from '../../session/index.ts';
import { me } from '../../shell/session.ts';

/** A task with its room entered and everything at hand that its stage needs. */
export interface OpenTask {
  readonly detail: TaskDetail;
  readonly session: RoomSession;
  readonly surface: Surface;
}

async function enter(detail: TaskDetail, mode: 'annotate' | 'review'): Promise<OpenTask> {
  const [surface, session] = await Promise.all([
    surfaceOf(detail.project.schema.modality).then((found) => {
      found.prefetch?.(detail.asset);
      return found;
    }),
    roomsClient().open(detail.task.id, mode, me()),
  ]);
  await session.joined;
  return { detail, session, surface };
}

/** Claims the next task and enters its room. Null when the queue has nothing for this person. Throws ApiError. */
export async function openNext(project: string, not?: string): Promise<OpenTask | null> {
  try {
    const detail = await call('tasks.next', { params: { project }, body: not === undefined ? {} : { not } });
    return await enter(detail, 'annotate');
  } catch (error) {
    if (isApiError(error, 'queue.empty')) return null;
    throw error;
  }
}

/** Enters one certain task's room. Throws ApiError. */
export async function openTask(task: string, mode: 'annotate' | 'review'): Promise<OpenTask> {
  return enter(await call('tasks.get', { params: { task: task as TaskId }, query: { to: mode } }), mode);
}
