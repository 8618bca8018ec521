import { ConcordError, type Problem } from '@concord/core/errors/concord-error';
import type { DisputeItem, RoomPerson, SuggestionInput } from '@concord/core/protocol/resources';
import type { Annotation } from '@concord/core/records/annotation';
import { EXPOSED_FOR_MS, exposureId } from '@concord/core/records/exposure';
import type { Finalization } from '@concord/core/records/finalization';
import type { TaskId } from '@concord/core/records/ids';
import type { Model } from '@concord/core/records/model';
import type { Submission } from '@concord/core/records/submission';
import type { Task, TaskState } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import { isModelLayer } from '@concord/core/rooms/layer';
import type { LogEntry } from '@concord/core/rooms/op';
import { claimOf } from '@concord/core/workflow/queue';
import { createCalls } from '../attention/index.ts';
import { tellProblem } from '../incident.ts';
import type { Platform } from '../platform.ts';
import { readProject } from '../projects/index.ts';
import { type BringInput, bring } from './bring.ts';
import { type DecideInput, decide, reopen, suggest } from './decisions.ts';
import type { Outlet } from './occupants.ts';
import { createRoom, type Room } from './room.ts';
import { openContext, type RoomContext, type RoomParts } from './room-context.ts';
import { loweredHands } from './room-log.ts';
import { createRoomPeople } from './room-people.ts';
import { type Submitted, submit, withdraw } from './submissions.ts';

/** Rooms nobody stands in that are kept in memory, so that a quick return is quick. */
const IDLE_ROOMS = 300;
/** Who has opened a room acts in it within this time, in ms; until then it stays, however many there are. */
const ENTERED_MS = 5_000;

/** One person's own submissions of one task are fewer than this. */
const SUBMISSIONS = 500;

interface Standing {
  readonly room: Room;
  readonly context: RoomContext;
  readonly open: OpenRoom;
  enteredAt: number;
}

/** A room that stands in memory: what is called on it one after the other acts in that order [RM26]. */
export interface OpenRoom
  extends Pick<
    Room,
    'occupants' | 'state' | 'current' | 'join' | 'leave' | 'ops' | 'presence' | 'labelsElsewhere'
  > {
  submit(user: User, input: { client: string; n: number; leadTimeMs: number }): Promise<Submitted>;
  withdraw(user: User, client: string, n: number): Promise<{ state: TaskState }>;
  decide(user: User, input: DecideInput): Promise<Finalization>;
}

export interface Rooms {
  /** The room of a task, loaded from its log when it is not in memory. Throws `not_found`. */
  open(taskId: TaskId): Promise<OpenRoom>;
  /** A whole annotation in one call; makes the claim too. */
  submitWhole(
    user: User,
    taskId: TaskId,
    input: { readonly annotation: Annotation; readonly leadTimeMs: number },
    origin: 'api' | 'import',
  ): Promise<{ readonly submission: Submission; readonly state: TaskState }>;
  /** Puts suggestions on their layers; `stored` are those that say something new. What does not fit is named, the rest goes in. */
  suggest(
    model: Model,
    items: readonly SuggestionInput[],
  ): Promise<{
    readonly stored: readonly TaskId[];
    readonly refused: readonly { readonly task: TaskId; readonly problem: Problem }[];
  }>;
  /** Labels, and perhaps the settled answer, that an import brings for a task that is here. Throws as `bring` does. */
  bring(taskId: TaskId, input: BringInput): Promise<{ readonly taken: number }>;
  decide(user: User, taskId: TaskId, input: Omit<DecideInput, 'client' | 'n'>): Promise<Finalization>;
  reopen(user: User, taskId: TaskId, reason: string): Promise<Task>;
  /** Notes that this person is given others' work outside the room, before it is given [RM17]. */
  expose(user: User, taskId: TaskId): Promise<void>;
  /** Notes what they were given with all of the project, before they come to label one task of it [RM17]. */
  recall(user: User, taskId: TaskId): Promise<void>;
  /** The whole log. Refused to somebody who is labelling this open task blind. */
  history(user: User, taskId: TaskId): Promise<LogEntry[]>;
  /** Whom this person may name on the task's page. */
  people(user: User, taskId: TaskId): Promise<RoomPerson[]>;
  /** Takes this person's raised hand down, where it is up. */
  lowerHand(user: User, taskId: TaskId): Promise<void>;
  /** Rooms that somebody is in. */
  occupied(): Promise<Room[]>;
  /** Where entries go; the socket gateway sets it. */
  setOutlet(outlet: Outlet): void;
  /** Writes what was gathered and what makes the next start quick. Nothing is to be called after it. */
  close(): Promise<void>;
}

export function createRooms(platform: Platform, parts: RoomParts): Rooms {
  const rooms = new Map<TaskId, Promise<Standing>>();
  let outlet: Outlet = { ops() {}, suggestions() {}, presence() {} };
  const relay: Outlet = {
    ops: (...message) => outlet.ops(...message),
    suggestions: (...message) => outlet.suggestions(...message),
    presence: (...message) => outlet.presence(...message),
  };
  const calls = createCalls(platform, parts.people);
  const roomPeople = createRoomPeople(platform, parts.people);

  function onTask(before: Task, after: Task, withEvents: boolean): void {
    parts.tasks.changed(after);
    platform.live.projectChanged(after.projectId);
    if (withEvents) parts.poke();
    const told =
      before.state !== 'disputed' && after.state === 'disputed'
        ? tellDispute('opened', after)
        : before.state === 'disputed' && after.state !== 'disputed'
          ? tellDispute('closed', before)
          : null;
    // The list hears of it with its next reading.
    told?.catch((err: unknown) => platform.logger.warn({ err, task: after.id }, 'a dispute was not told'));
  }

  async function tellDispute(change: 'opened' | 'closed', task: Task): Promise<void> {
    const { record: project } = await parts.projects.get(task.projectId);
    const dispute: DisputeItem = {
      taskId: task.id,
      projectId: project.id,
      projectName: project.name,
      modality: project.schema.modality,
      preview: task.preview,
      agreement: task.agreement,
      confidence: task.confidence,
      submissions: task.submissions,
      disputedAt: task.disputedAt ?? 0,
    };
    platform.live.publish({ topic: 'disputes', kind: 'dispute', change, dispute });
  }

  async function load(taskId: TaskId): Promise<Standing> {
    const context = await openContext(platform, parts, calls, taskId);
    const room = await createRoom(platform, taskId, context, relay, parts.nodes, onTask);
    const { occupants, state, current, join, leave, ops, presence, labelsElsewhere } = room;
    const open: OpenRoom = {
      occupants,
      state,
      current,
      join,
      leave,
      ops,
      presence,
      labelsElsewhere,
      submit: (user, input) => submit(platform, parts, room, context, { ...input, user, origin: 'room' }),
      withdraw: (user, client, n) => withdraw(platform, parts, room, context, user.id, client, n),
      decide: (user, input) => decide(platform, parts, room, context, user, input),
    };
    return { room, context, open, enteredAt: platform.clock.now() };
  }

  /** In memory or loaded; the longest unused idle ones are let go (their log has everything). */
  async function enter(taskId: TaskId): Promise<Standing> {
    const known = rooms.get(taskId);
    const opening = known ?? load(taskId);
    if (known !== undefined) rooms.delete(taskId);
    rooms.set(taskId, opening);
    opening.catch(() => rooms.get(taskId) === opening && rooms.delete(taskId));
    if (known === undefined && rooms.size > IDLE_ROOMS) void letGo();
    const standing = await opening;
    standing.enteredAt = platform.clock.now();
    return standing;
  }

  async function letGo(): Promise<void> {
    let surplus = rooms.size - IDLE_ROOMS;
    for (const [id, opening] of rooms) {
      if (surplus <= 0) return;
      // Whoever asked for one that cannot be loaded is told so; here it is just not there.
      const standing = await opening.catch(() => null);
      if (standing === null) continue;
      const { room, enteredAt } = standing;
      const wanted = !room.idle() || platform.clock.now() - enteredAt < ENTERED_MS;
      if (wanted || rooms.get(id) !== opening) continue;
      rooms.delete(id);
      room.rest();
      surplus -= 1;
    }
  }

  parts.projects.onChanged((project) => {
    for (const opening of rooms.values())
      opening
        .then(({ room, context }) => (context.projectId === project.id ? room.projectChanged() : undefined))
        .catch((err: unknown) =>
          platform.logger.warn({ err, project: project.id }, 'a room did not hear of its project'),
        );
  });

  /**
   * While messages between the nodes may be lost, rooms with people in them read their logs, and once more after that. So
   * they do when a node went: what it wrote last it may not have told.
   */
  let deaf = false;
  parts.nodes.onLook((moved) => {
    const wasDeaf = deaf;
    deaf = parts.nodes.others().length > 0 && !parts.nodes.reaching();
    if (!deaf && !wasDeaf && !moved) return;
    for (const opening of rooms.values())
      opening.then(
        ({ room }) => room.occupants.all().length > 0 && room.follow(),
        () => {},
      );
  });

  async function expose(user: User, taskId: TaskId): Promise<void> {
    const { room, context } = await enter(taskId);
    // Nobody labels blind what was settled once [RM18].
    if ((await context.task()).record.revision === 0) await room.expose(user.id);
  }

  async function recall(user: User, taskId: TaskId): Promise<void> {
    const { room, context } = await enter(taskId);
    if (room.state().exposed[user.id] !== undefined) return;
    const given = await platform.store.get('exposures', exposureId(context.projectId, user.id));
    if (given === null) return;
    const { items } = await platform.store.page('submissions', {
      index: 'task',
      where: { projectId: context.projectId, taskSeq: (await context.task()).record.seq },
      range: { lte: given.record.at + EXPOSED_FOR_MS },
      limit: SUBMISSIONS,
    });
    if (items.some(({ record }) => record.userId !== user.id)) await expose(user, taskId);
  }

  return {
    expose,
    recall,
    setOutlet(next) {
      outlet = next;
    },
    open: async (taskId) => (await enter(taskId)).open,
    async occupied() {
      const all = await Promise.allSettled(rooms.values());
      return all.flatMap((one) =>
        one.status === 'fulfilled' && one.value.room.occupants.all().length > 0 ? [one.value.room] : [],
      );
    },
    async submitWhole(user, taskId, { annotation, leadTimeMs }, origin) {
      await recall(user, taskId);
      const { room, context } = await enter(taskId);
      return submit(platform, parts, room, context, {
        user,
        annotation,
        leadTimeMs,
        origin,
        client: 'server',
        n: 0,
      });
    },
    async suggest(model, items) {
      const refused: { task: TaskId; problem: Problem }[] = [];
      const stored: TaskId[] = [];
      await Promise.all(
        items.map(async (item) => {
          try {
            const { room, context } = await enter(item.taskId);
            const { count, fresh } = await suggest(platform, room, context, model, item);
            if (!fresh) return;
            stored.push(item.taskId);
            const { id: layer, name: modelName, version } = model;
            await room.suggested({ task: item.taskId, layer, modelName, version, count });
          } catch (error) {
            const problem = tellProblem(platform, error, `a suggestion for ${item.taskId}`);
            refused.push({ task: item.taskId, problem });
          }
        }),
      );
      return { stored, refused };
    },
    async bring(taskId, input) {
      const { room, context } = await enter(taskId);
      return bring(platform, parts, room, context, input);
    },
    async decide(user, taskId, input) {
      const { open } = await enter(taskId);
      return open.decide(user, { client: 'server', n: 0, ...input });
    },
    async reopen(user, taskId, reason) {
      const { room, context } = await enter(taskId);
      return reopen(platform, parts, room, context, user, reason);
    },
    async history(user, taskId) {
      const { room, context } = await enter(taskId);
      await readProject(parts.projects, context.projectId, user, `task ${taskId}`);
      const { record: task } = await context.task();
      const labelling = claimOf(task, user.id)?.state === 'active' && task.state === 'open';
      if (labelling && (await room.current()).exposed[user.id] === undefined) {
        throw new ConcordError(
          'auth.forbidden',
          'You are labelling this task yourself. Submit or give it back first.',
        );
      }
      const entries = await platform.store.log.read(taskId, 0);
      if (entries.some((entry) => tellsOfOthers(entry, user))) await expose(user, taskId);
      return entries;
    },
    async close() {
      await Promise.allSettled([...rooms.values()].map(async (opening) => (await opening).room.settle()));
    },
    async people(user, taskId) {
      const { room, context } = await enter(taskId);
      const project = await readProject(parts.projects, context.projectId, user, `task ${taskId}`);
      return roomPeople.of(user, (await context.task()).record, project, room.state());
    },
    async lowerHand(user, taskId) {
      const { room } = await enter(taskId);
      if ((room.state().layers[user.id]?.hand ?? null) === null) return;
      await room.change(async (state) => ({
        change: { drafts: loweredHands(state, [user.id]) },
        result: undefined,
      }));
    },
  };
}

/** Whether an entry says something of another person's work, or of the group's. */
function tellsOfOthers({ by, layer, op }: LogEntry, user: User): boolean {
  return by !== user.id && !isModelLayer(layer) && op.t !== 'expose';
}
