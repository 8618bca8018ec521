import { ConcordError } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import type { TaskDetail } from '@concord/core/protocol/resources';
import type { ProjectId, TaskId } from '@concord/core/records/ids';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { claimOf, refreshQueue } from '@concord/core/workflow/queue';
import { standingOf, submissionsOf } from '../../finalize/index.ts';
import type { Handlers } from '../../gateway/http/handler.ts';
import type { People } from '../../people/index.ts';
import type { Platform } from '../../platform.ts';
import { modalityOf, type Projects, readProject } from '../../projects/index.ts';
import { contentHash, idsOf } from '../add-tasks.ts';
import type { TaskRooms } from '../needs.ts';
import type { Tasks } from '../tasks.ts';
import { listedTask, redactAsset, redactTask, seesAll, withoutRoomSeq } from './redact.ts';

export interface TaskParts {
  readonly projects: Projects;
  readonly tasks: Tasks;
  readonly people: People;
  readonly rooms: TaskRooms;
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
    await readProject(projects, stored.record.projectId, user, `task ${id}`);
    return stored.record;
  }

  /** Whoever is given what others said of a task can label it blind no more, and that is in its log first [RM17]. */
  async function given(submissions: readonly Submission[], task: Task, user: User): Promise<void> {
    if (submissions.some((s) => s.userId !== user.id)) await rooms.expose(user, task.id);
  }

  /** How it was settled, for who took part: what is asked of people is answered to them. */
  async function settledFor(task: Task, user: User): Promise<Pick<TaskDetail, 'settled'>> {
    if (task.state !== 'finalized' || claimOf(task, user.id)?.state !== 'submitted') return {};
    const { items } = await store.page('finalizations', {
      index: 'task',
      where: { projectId: task.projectId, taskSeq: task.seq },
      limit: 1,
      descending: true,
    });
    const last = items[0]?.record;
    if (last === undefined) return {};
    const { settledBy, at } = last;
    const decider = settledBy.kind === 'decision' ? await people.getUser(settledBy.userId) : null;
    return { settled: { reason: settledBy.reason, by: decider?.display ?? null, at } };
  }

  async function detail(task: Task, user: User, to: 'annotate' | 'review'): Promise<TaskDetail> {
    const { record: project } = await projects.get(task.projectId);
    const asset = await store.get('assets', task.assetId);
    if (asset === null) throw new ConcordError('internal', `Task ${task.id} has no asset.`);
    const whole = to === 'review' && seesAll(user, task, clock.now());
    const shown = whole ? task : redactTask(task, user);
    const common = {
      // Where people see suggestions, they see how sure the model is, too.
      task: project.suggestions ? { ...shown, suggestion: task.suggestion } : shown,
      asset: whole || user.role === 'model' ? asset.record : redactAsset(asset.record, project),
      project,
    };
    if (!whole) return { ...common, ...(await settledFor(task, user)) };
    const standing = await standingOf(store, task);
    await given(standing, task, user);
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
      return { task: listedTask(known, user, project.visibility, clock.now()), created: false };
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
              { ...task, priority: 1, ...moreOf(task, body.extraOverlap) },
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
      return detail(record, user, 'annotate');
    },
    'tasks.get': async ({ user, params, query }) => detail(await read(params.task, user), user, query.to),
    'tasks.release': async ({ user, params }) => {
      await tasks.release(user.id, (await read(params.task, user)).id);
      return {};
    },

    'submissions.create': async ({ user, params, body }) => {
      const task = await read(params.task, user);
      const { submission, state } = await rooms.submitWhole(user, task.id, body, 'api');
      return {
        submission: seesAll(user, task, clock.now()) ? submission : withoutRoomSeq(submission),
        state,
      };
    },
    'submissions.list': async ({ user, params }) => {
      const task = await read(params.task, user);
      const all = await submissionsOf(store, task);
      if (!seesAll(user, task, clock.now()))
        return { items: all.filter((s) => s.userId === user.id).map(withoutRoomSeq) };
      await given(all, task, user);
      return { items: all };
    },
  };
}

/** So many answers more than the task wants now, and no verdict before they are in. */
function moreOf(task: Task, extra: number): Pick<Task, 'target' | 'least'> | null {
  if (extra === 0) return null;
  const least = Math.min(50, task.target + extra);
  return { target: least, least };
}
