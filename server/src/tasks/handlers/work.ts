import { ConcordError } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import type { TaskDetail } from '@concord/core/protocol/resources';
import type { ProjectId, TaskId } from '@concord/core/records/ids';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { refreshQueue } from '@concord/core/workflow/queue';
import type { Handlers } from '../../gateway/http/handler.ts';
import type { People } from '../../people/index.ts';
import type { Platform } from '../../platform.ts';
import { maySeeArchived, modalityOf, type Projects } from '../../projects/index.ts';
import { contentHash, idsOf } from '../add-tasks.ts';
import type { WholeSubmitter } from '../needs.ts';
import type { Tasks } from '../tasks.ts';
import { redactAsset, redactTask, seesAll } from './redact.ts';

export interface TaskParts {
  readonly projects: Projects;
  readonly tasks: Tasks;
  readonly people: People;
  readonly rooms: WholeSubmitter;
}

type Work = Pick<
  Handlers,
  | 'tasks.create'
  | 'tasks.prioritise'
  | 'tasks.next'
  | 'tasks.get'
  | 'tasks.release'
  | 'submissions.create'
  | 'submissions.list'
>;

export function workHandlers(platform: Platform, { projects, tasks, people, rooms }: TaskParts): Work {
  const { store, clock, modalities } = platform;

  async function read(id: string, user: User): Promise<Task> {
    const stored = await store.get('tasks', id);
    if (stored === null) throw new ConcordError('not_found', `There is no task ${id}.`);
    const { record: project } = await projects.get(stored.record.projectId);
    if (project.archived && !maySeeArchived(user))
      throw new ConcordError('not_found', `There is no task ${id}.`);
    return stored.record;
  }

  async function submissionsOf(task: Task) {
    const page = await store.page('submissions', {
      index: 'task',
      where: { projectId: task.projectId, taskSeq: task.seq },
      limit: 500,
    });
    return page.items.map(({ record }) => record);
  }

  async function detail(task: Task, user: User): Promise<TaskDetail> {
    const { record: project } = await projects.get(task.projectId);
    const asset = await store.get('assets', task.assetId);
    if (asset === null) throw new ConcordError('internal', `Task ${task.id} has no asset.`);
    const now = clock.now();
    const shown = redactTask(task, user, now);
    const whole = user.role === 'model' || seesAll(user, task, now);
    const common = {
      // Where people see suggestions, they see how sure the model is, too.
      task: project.suggestions ? { ...shown, suggestion: task.suggestion } : shown,
      asset: whole ? asset.record : redactAsset(asset.record, project),
      project,
    };
    if (user.role === 'model' || !seesAll(user, task, now)) return common;
    const standing = (await submissionsOf(task)).filter((s) => s.state === 'standing');
    const submissions = await Promise.all(
      standing.map(async (s) => ({ ...s, name: (await people.getUser(s.userId))?.display ?? s.userId })),
    );
    const settled = await store.page('finalizations', {
      index: 'task',
      where: { projectId: task.projectId, taskSeq: task.seq },
      limit: 100,
    });
    return { ...common, submissions, finalizations: settled.items.map(({ record }) => record) };
  }

  return {
    'tasks.create': async ({ user, params, body }) => {
      const { record: project } = await projects.get(params.project as ProjectId);
      const modality = modalityOf(modalities, project.schema);
      if (modality.asset !== 'inline') {
        throw new ConcordError(
          'input.invalid',
          `${modality.title} takes files: use POST /projects/{project}/imports.`,
          [{ path: 'data', message: 'this project takes files', remedy: 'Import the file.' }],
        );
      }
      const data = parseInput(modality.data, body.data, 'data');
      const { fresh } = await tasks.add(project.id, [{ data, meta: body.meta }]);
      const made = fresh[0]?.task;
      if (made !== undefined) return { task: made, created: true };
      const known = await read(idsOf(project.id, contentHash({ data, meta: {} })).taskId, user);
      return { task: redactTask(known, user, clock.now()), created: false };
    },

    'tasks.prioritise': async ({ params, body }) => {
      const { record: project } = await projects.get(params.project as ProjectId);
      const left: { task: string; why: string }[] = [];
      let queued = 0;
      for (const id of new Set(body.tasks)) {
        try {
          const found = await store.get('tasks', id);
          if (found === null || found.record.projectId !== project.id)
            throw new ConcordError('not_found', 'no such task in this project');
          if (found.record.state !== 'open')
            throw new ConcordError('conflict', `it is ${found.record.state}`);
          await tasks.change(id as TaskId, (task) =>
            refreshQueue(
              { ...task, priority: 1, target: Math.min(50, task.target + body.extraOverlap) },
              project.queueOrder,
              clock.now(),
            ),
          );
          queued += 1;
        } catch (error) {
          if (!(error instanceof ConcordError)) throw error;
          left.push({ task: id, why: error.message });
        }
      }
      return { queued, left };
    },

    'tasks.next': async ({ user, params, body }) => {
      const { record } = await tasks.next(user, params.project as ProjectId, body.not);
      return detail(record, user);
    },
    'tasks.get': async ({ user, params }) => detail(await read(params.task, user), user),
    'tasks.release': async ({ user, params }) => {
      await tasks.release(user.id, (await read(params.task, user)).id);
      return {};
    },

    'submissions.create': async ({ user, params, body }) => {
      const task = await read(params.task, user);
      const { submission, state } = await rooms.submitWhole(user, task.id, body, 'api');
      return { submission, state };
    },
    'submissions.list': async ({ user, params }) => {
      const task = await read(params.task, user);
      const all = await submissionsOf(task);
      return { items: seesAll(user, task, clock.now()) ? all : all.filter((s) => s.userId === user.id) };
    },
  };
}
