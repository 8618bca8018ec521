import { ConcordError } from '@concord/core/errors/concord-error';
import {
  type RoomToServer,
  roomJoin,
  roomLeave,
  roomOps,
  roomPresence,
  roomResolve,
  roomSkip,
  roomSubmit,
  roomWithdraw,
  type ServerToRoom,
} from '@concord/core/protocol/rooms';
import type { LayerId, TaskId } from '@concord/core/records/ids';
import type { Role } from '@concord/core/records/user';
import type { LayerSeqs } from '@concord/core/rooms/op';
import { claimOf } from '@concord/core/workflow/queue';
import type { Namespace, Socket } from 'socket.io';
import type { People } from '../../people/index.ts';
import type { Platform } from '../../platform.ts';
import type { Projects } from '../../projects/index.ts';
import type { Occupant, Rooms } from '../../rooms/index.ts';
import type { Tasks } from '../../tasks/index.ts';
import type { SocketData } from './connect.ts';
import { createBucket, guarded } from './guard.ts';
import { createPresence } from './presence.ts';

type RoomSocket = Socket<RoomToServer, ServerToRoom, object, SocketData>;

/** After a cut the claim is kept this long, so that a reload finds it. */
const GRACE_MS = 30_000;
/** The lease is lengthened at most this often while somebody works. */
const EXTEND_EVERY_MS = 30_000;

const labellers: readonly Role[] = ['annotator', 'super-reviewer', 'lead', 'admin'];
const reviewers: readonly Role[] = ['super-reviewer', 'lead', 'admin'];

const channelOf = (task: TaskId, layer: LayerId) => `L:${task}:${layer}`;

export interface RoomGatewayParts {
  readonly people: People;
  readonly projects: Projects;
  readonly tasks: Tasks;
  readonly rooms: Rooms;
}

/** The /rooms namespace. A socket is in the channel of a layer only while its user may see that layer: that is the blindness. */
export function serveRooms(
  namespace: Namespace<RoomToServer, ServerToRoom, object, SocketData>,
  platform: Platform,
  parts: RoomGatewayParts,
): void {
  const { people, projects, tasks, rooms } = parts;
  const { clock, live, logger, store } = platform;
  const presence = createPresence(clock, (socketId, message) =>
    namespace.to(socketId).volatile.emit('room:presence', message),
  );
  /** Connections that hold a claim, by user and task, so that the last one to go gives it back. */
  const holding = new Map<string, Set<string>>();

  rooms.setOutlet({
    ops: (message) => namespace.to(channelOf(message.task, message.layer)).emit('room:ops', message),
    suggestions: (message) =>
      namespace.to(channelOf(message.task, message.layer)).emit('room:suggestions', message),
  });

  function need(socket: RoomSocket, roles: readonly Role[]): void {
    if (!roles.includes(socket.data.user.role))
      throw new ConcordError(
        'auth.forbidden',
        `This needs the role ${roles.join(', ')}; you are ${socket.data.user.role}.`,
      );
  }

  namespace.on('connection', (socket: RoomSocket) => {
    const take = createBucket(clock);
    const joined = new Map<TaskId, { occupant: Occupant; extendedAt: number }>();
    const { user } = socket.data;
    const holdKey = (task: TaskId) => `${user.id}/${task}`;

    function occupantIn(task: TaskId): Occupant {
      const here = joined.get(task);
      if (here === undefined)
        throw new ConcordError('conflict', 'Join the room first.', [
          { path: 'task', message: 'not joined', value: task, remedy: 'Send room:join.' },
        ]);
      return here.occupant;
    }

    async function leave(task: TaskId, release: 'now' | 'later' | 'never'): Promise<void> {
      const here = joined.get(task);
      if (here === undefined) return;
      joined.delete(task);
      await (await rooms.open(task)).leave(here.occupant.id);
      const held = holding.get(holdKey(task));
      held?.delete(socket.id);
      if (here.occupant.mode !== 'annotate' || (held?.size ?? 0) > 0) return;
      holding.delete(holdKey(task));
      const giveBack = () => {
        if (!holding.has(holdKey(task)))
          tasks
            .release(user.id, task)
            .catch((err: unknown) => logger.warn({ err, task }, 'a claim was not given back'));
      };
      if (release === 'now') await tasks.release(user.id, task);
      if (release === 'later') clock.after(GRACE_MS, giveBack);
    }

    function extend(task: TaskId): void {
      const here = joined.get(task);
      if (
        here === undefined ||
        here.occupant.mode !== 'annotate' ||
        clock.now() - here.extendedAt < EXTEND_EVERY_MS
      )
        return;
      here.extendedAt = clock.now();
      tasks.extend(user.id, task).catch(() => {
        // The claim ended: the next op or submission says so where it matters.
      });
    }

    socket.on(
      'room:join',
      guarded(roomJoin, 'room:join', take, logger, async ({ task, mode, client, since }) => {
        need(socket, mode === 'review' ? reviewers : labellers);
        if (mode === 'annotate') {
          const stored = await store.get('tasks', task);
          if (stored === null) throw new ConcordError('not_found', `There is no task ${task}.`);
          // Who has submitted may come back and look; everybody else needs a claim.
          if (claimOf(stored.record, user.id)?.state !== 'submitted') await tasks.claim(user, task);
        }
        await leave(task, 'never');
        const room = await rooms.open(task);
        const occupant: Occupant = {
          id: socket.id,
          user: people.toPublic(user),
          mode,
          subscribe: (layer) => void socket.join(channelOf(task, layer)),
          unsubscribe: (layer) => void socket.leave(channelOf(task, layer)),
          state: (view, layers) => void socket.emit('room:state', { view, layers }),
        };
        joined.set(task, { occupant, extendedAt: clock.now() });
        if (mode === 'annotate')
          holding.set(holdKey(task), (holding.get(holdKey(task)) ?? new Set()).add(socket.id));
        const reply = await room.join(occupant, client, (since ?? {}) as LayerSeqs);
        if (!socket.connected) {
          await leave(task, 'later');
          throw new ConcordError('conflict', 'The connection went away.');
        }
        const record = await store.get('tasks', task);
        if (record !== null)
          live.publish({
            topic: 'rooms',
            kind: 'room-opened',
            taskId: task,
            projectId: record.record.projectId,
          });
        return reply;
      }),
    );

    socket.on(
      'room:ops',
      guarded(roomOps, 'room:ops', take, logger, async (message) => {
        const occupant = occupantIn(message.task);
        extend(message.task);
        return (await rooms.open(message.task)).ops({ userId: user.id, mode: occupant.mode }, message);
      }),
    );

    socket.on(
      'room:submit',
      guarded(roomSubmit, 'room:submit', take, logger, async ({ task, client, n, leadTimeMs }) => {
        if (occupantIn(task).mode !== 'annotate')
          throw new ConcordError('auth.forbidden', 'Who reviews does not submit; settle the task instead.');
        const { submissionId, state } = await rooms.submit(user, task, { client, n, leadTimeMs });
        return { submissionId, state };
      }),
    );

    socket.on(
      'room:withdraw',
      guarded(roomWithdraw, 'room:withdraw', take, logger, async ({ task, client, n }) => {
        occupantIn(task);
        return rooms.withdraw(user, task, client, n);
      }),
    );

    socket.on(
      'room:skip',
      guarded(roomSkip, 'room:skip', take, logger, async ({ task, reason }) => {
        occupantIn(task);
        await tasks.skip(user.id, task, reason);
        await rooms.lowerHand(user, task);
        await leave(task, 'never');
        return {};
      }),
    );

    socket.on(
      'room:resolve',
      guarded(roomResolve, 'room:resolve', take, logger, async ({ task, ...input }) => {
        need(socket, reviewers);
        if (occupantIn(task).mode !== 'review')
          throw new ConcordError('auth.forbidden', 'Join the room to review before you settle the task.');
        const { id, revision } = await rooms.decide(user, task, input);
        return { finalization: id, revision };
      }),
    );

    socket.on(
      'room:leave',
      guarded(roomLeave, 'room:leave', take, logger, async ({ task, release }) => {
        await leave(task, release ? 'now' : 'later');
        return {};
      }),
    );

    socket.on('room:presence', (message) => {
      const parsed = roomPresence.safeParse(message);
      if (!parsed.success || !joined.has(parsed.data.task)) return;
      extend(parsed.data.task);
      void (async () => {
        const room = await rooms.open(parsed.data.task);
        const stored = await store.get('tasks', parsed.data.task);
        if (stored === null) return;
        const { record: project } = await projects.get(stored.record.projectId);
        presence.update(room, project, socket.id, parsed.data);
      })().catch((err: unknown) => logger.warn({ err }, 'presence failed'));
    });

    socket.on('disconnect', () => {
      for (const task of [...joined.keys()])
        leave(task, 'later').catch((err: unknown) => logger.warn({ err, task }, 'leaving a room failed'));
    });
  });
}
