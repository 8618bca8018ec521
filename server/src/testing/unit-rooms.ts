import type { Annotation } from '@concord/core/records/annotation';
import type { ProjectId, TaskId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { schemaFor } from '@concord/core/testing/fixtures';
import { createNodes } from '../cluster/index.ts';
import { createSettlement } from '../finalize/index.ts';
import { createPeople } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import { createProjects, type Projects } from '../projects/index.ts';
import { createQuality, type Quality } from '../quality/index.ts';
import { createRooms, type Rooms } from '../rooms/index.ts';
import { createTasks, type Tasks } from '../tasks/index.ts';
import { createUnitPlatform, type UnitPlatform } from './unit-platform.ts';

/** What labelling needs of one server process, without its gateway. */
export interface RoomsNode {
  readonly projects: Projects;
  readonly tasks: Tasks;
  readonly rooms: Rooms;
  readonly quality: Quality;
}

/** Rooms, settlement and figures on a real store: text classification with the classes spam and ham unless said otherwise. */
export interface UnitRooms extends RoomsNode {
  readonly platform: UnitPlatform;
  /** Another server process on the same store. */
  node(): RoomsNode;
  project(fields?: Partial<Project>): Promise<Project>;
  addUser(name: string, role?: User['role']): Promise<User>;
  addTask(projectId: ProjectId, text?: string): Promise<TaskId>;
  task(id: TaskId): Promise<Task>;
  /** Submits a class in one call; answers with the task's state. */
  say(user: User, task: TaskId, label: string): Promise<Task['state']>;
  /** Goes into the room, and so sees what may be seen there, and leaves. */
  look(user: User, task: TaskId, mode?: 'annotate' | 'review'): Promise<void>;
  dispose(): Promise<void>;
}

export const label = (name: string): Annotation => ({ regions: [], answers: { label: name } });

export function createUnitRooms(
  change: (platform: UnitPlatform) => UnitPlatform = (same) => same,
): UnitRooms {
  const platform = change(createUnitPlatform());
  const closing: (() => unknown)[] = [];
  const start = (on: Platform): RoomsNode & { readonly people: ReturnType<typeof createPeople> } => {
    const people = createPeople(on);
    const projects = createProjects(on);
    const tasks = createTasks(on, projects);
    const settlement = createSettlement(on, people);
    const nodes = createNodes(on, { url: null, shared: true });
    const rooms = createRooms(on, { projects, tasks, people, settlement, nodes, poke: () => {} });
    closing.push(tasks.close, projects.close, people.close);
    return { people, projects, tasks, rooms, quality: createQuality(on, projects) };
  };
  const node = start(platform);
  const modality = platform.modalities.get('text-classification')!;
  let made = 0;
  return {
    ...node,
    platform,
    node: () => start(platform.node()),
    async project(fields = {}) {
      const { record } = await node.projects.create(
        {
          name: 'Letters',
          description: '',
          schema: schemaFor(modality, {
            classes: ['spam', 'ham'].map((name) => ({ name, color: '#336699' })),
          }),
          guidelines: '',
          visibility: 'blind-then-open',
          suggestions: true,
          queueOrder: 'sequential',
          retrainEvery: 0,
          attribution: '',
          ...fields,
        },
        'usr_lead',
      );
      return record;
    },
    addUser: async (name, role = 'annotator') => (await node.people.createUser({ name, role })).user,
    async addTask(projectId, text) {
      made += 1;
      const { fresh } = await node.tasks.add(projectId, [
        { data: { text: text ?? `letter ${made}` }, meta: {} },
      ]);
      return fresh[0]!.task.id;
    },
    task: async (id) => (await platform.store.get('tasks', id))!.record,
    say: async (user, task, name) =>
      (await node.rooms.submitWhole(user, task, { annotation: label(name), leadTimeMs: 1000 }, 'api')).state,
    async look(user, task, mode = 'annotate') {
      const room = await node.rooms.open(task);
      const id = `socket-${user.id}`;
      const silent = { enter() {}, quit() {}, state() {}, sendAway() {} };
      await room.join({ id, user, mode, ...silent }, `page-${user.id}`, {});
      await room.leave(id);
    },
    async dispose() {
      await Promise.all(closing.map((close) => close()));
      await platform.dispose();
    },
  };
}
