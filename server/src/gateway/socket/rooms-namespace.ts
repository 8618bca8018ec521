import { ConcordError, isConcordError } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import { socketLimits } from '@concord/core/protocol/limits';
import {
  type RoomJoin,
  roomJoin,
  roomLeave,
  roomPresence,
  roomResolve,
  roomSkip,
  roomSubmit,
  roomWithdraw,
} from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import type { Role } from '@concord/core/records/user';
import { hasContent } from '@concord/core/rooms/layer';
import type { LayerSeqs } from '@concord/core/rooms/op';
import { claimOf } from '@concord/core/workflow/queue';
import type { Nodes } from '../../cluster/index.ts';
import type { People } from '../../people/index.ts';
import type { Platform } from '../../platform.ts';
import { maySeeArchived, type Projects } from '../../projects/index.ts';
import type { Occupant, OpenRoom, Rooms } from '../../rooms/index.ts';
import type { Tasks } from '../../tasks/index.ts';
import type { Engine } from '../engine/index.ts';
import type { AllowanceOf } from './allowances.ts';
import { guarded, type ProblemOf } from './guard.ts';
import { createOneByOne } from './one-by-one.ts';
import { createPresence } from './presence.ts';
import { RawJson } from './raw-json.ts';
import { createRoomChannels, type RoomNamespace, type RoomSocket } from './room-channels.ts';
import { opsHandler } from './room-ops.ts';
import { elsewhere, roomIsFull, tooManyRooms } from './room-refusals.ts';
import type { SlowMembers } from './slow-members.ts';

/** Who leaves without giving the task back (a reload, a page that closes) is waited for this long; after a cut, the whole lease. */
const GRACE_MS = 30_000;
/** The lease is lengthened at most this often while somebody works. */
const EXTEND_EVERY_MS = 30_000;

const labellers: readonly Role[] = ['annotator', 'super-reviewer', 'lead', 'admin'];
const reviewers: readonly Role[] = ['super-reviewer', 'lead', 'admin'];

export interface RoomGatewayParts {
  readonly people: People;
  readonly projects: Projects;
  readonly tasks: Tasks;
  readonly rooms: Rooms;
  readonly nodes: Nodes;
}

/** What the gateway has for all its namespaces, and for who does not keep up. */
export interface RoomSurroundings {
  readonly allowanceOf: AllowanceOf;
  readonly problemOf: ProblemOf;
  readonly slow: SlowMembers;
  readonly waitingBytes: Engine['waitingBytes'];
}

/** A room that a connection is in. */
interface Joined {
  readonly occupant: Occupant;
  extendedAt: number;
  /** It fell behind: nothing of the room is sent to it until it has come anew [PR30]. */
  away: boolean;
}

/** The /rooms namespace. What reaches a socket is what its audience is sent: that is the blindness. */
export function serveRooms(
  namespace: RoomNamespace,
  platform: Platform,
  parts: RoomGatewayParts,
  { allowanceOf, problemOf, slow, waitingBytes }: RoomSurroundings,
): void {
  const { people, projects, tasks, rooms, nodes } = parts;
  const { clock, live, logger, store } = platform;
  const presence = createPresence(clock);
  const channels = createRoomChannels(namespace, slow.sent);
  rooms.setOutlet(channels);
  /** Connections that hold a claim, by user and task, so that the last one to go gives it back. */
  const holding = new Map<string, Set<string>>();

  function need(socket: RoomSocket, roles: readonly Role[]): void {
    if (!roles.includes(socket.data.user.role))
      throw new ConcordError(
        'auth.forbidden',
        `This needs the role ${roles.join(', ')}; you are ${socket.data.user.role}.`,
      );
  }

  namespace.on('connection', (socket: RoomSocket) => {
    const allowance = allowanceOf(socket.conn);
    const take = () => allowance.message();
    const joined = new Map<TaskId, Joined>();
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

    const member = {
      waitingBytes: () => waitingBytes(socket.conn),
      fellBehind() {
        for (const [task, here] of joined) {
          if (here.away) continue;
          here.away = true;
          channels.quit(socket, task);
        }
      },
      caughtUp() {
        for (const [task, { away }] of joined)
          if (away) socket.emit('room:rejoin', { task, reason: 'You were too far behind.' });
      },
    };
    slow.add(member);

    /** Joining takes several steps; who leaves meanwhile leaves after it. */
    const oneByOne = createOneByOne<TaskId>();

    /** The newest turn of each room joined here. */
    const turns = new Map<TaskId, Promise<unknown>>();

    /** What this connection asks of a room acts in the order it came in, however long opening the room takes [RM26]. */
    async function inTurn<T>(task: TaskId, act: (room: OpenRoom) => Promise<T>): Promise<T> {
      let acting: Promise<T> | null = null;
      const begun = (turns.get(task) ?? Promise.resolve())
        .then(() => rooms.open(task))
        .then((room) => {
          acting = act(room);
          // Heard below; the next turn does not wait for it.
          acting.catch(() => {});
        });
      turns.set(
        task,
        begun.catch(() => {}),
      );
      await begun;
      return acting as unknown as Promise<T>;
    }

    async function leave(task: TaskId, release: 'now' | 'later' | 'never'): Promise<void> {
      const here = joined.get(task);
      if (here === undefined) return;
      joined.delete(task);
      const worksElsewhere = await inTurn(task, async (room) => {
        const works = room.labelsElsewhere(user.id);
        await room.leave(here.occupant.id);
        return works;
      });
      if (!joined.has(task)) turns.delete(task);
      const held = holding.get(holdKey(task));
      held?.delete(socket.id);
      if (here.occupant.mode !== 'annotate' || (held?.size ?? 0) > 0) return;
      holding.delete(holdKey(task));
      if (worksElsewhere || release === 'never') return;
      if (release === 'now') await tasks.release(user.id, task);
      else await releaseLater(task);
    }

    /** Gives the claim back after a while, unless they came back by then: here, or to another node, which renews it. */
    async function releaseLater(task: TaskId): Promise<void> {
      const stored = await store.get('tasks', task);
      const until = stored === null ? undefined : claimOf(stored.record, user.id)?.until;
      clock.after(GRACE_MS, () => {
        if (until === undefined || holding.has(holdKey(task))) return;
        tasks
          .release(user.id, task, until)
          .catch((err: unknown) => logger.warn({ err, task }, 'a claim was not given back'));
      });
    }

    /** The node that has a room, where that is another and can be reached. */
    function ownerElsewhere(task: TaskId): { readonly id: string; readonly url: string } | null {
      const owner = nodes.ownerOf(task);
      if (socket.data.protocol < 2 || owner === null || owner.id === nodes.self.id) return null;
      return owner.url === null ? null : { id: owner.id, url: owner.url };
    }

    function sendAway(task: TaskId): void {
      if (ownerElsewhere(task) !== null)
        socket.emit('room:rejoin', { task, reason: 'This server is going down.' });
      // The balancer sends them to another node when they come back.
      else socket.disconnect(true);
    }

    async function mustBeOpen(task: TaskId): Promise<void> {
      const stored = await store.get('tasks', task);
      const project = stored && (await projects.get(stored.record.projectId)).record;
      if (project === null || (project.archived && !maySeeArchived(user)))
        throw new ConcordError('not_found', `There is no task ${task}.`);
    }

    /**
     * A claim on the task. Who has submitted may come back and look; who lost their place while they were cut off, and
     * has work in the room, may come back to it.
     */
    async function takePlace(task: TaskId): Promise<void> {
      const stored = await store.get('tasks', task);
      if (stored !== null && claimOf(stored.record, user.id)?.state === 'submitted') return;
      try {
        await tasks.claim(user, task);
      } catch (error) {
        const room = isConcordError(error, 'conflict') ? await rooms.open(task) : null;
        if (!hasContent((await room?.current())?.layers[user.id])) throw error;
      }
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
      guarded(roomJoin, 'room:join', take, problemOf, (message) =>
        oneByOne(message.task, () => join(message)),
      ),
    );

    async function join({ task, mode, client, since, here = false }: RoomJoin): Promise<RawJson> {
      need(socket, mode === 'review' ? reviewers : labellers);
      const owner = here ? null : ownerElsewhere(task);
      if (owner !== null) {
        await leave(task, 'never');
        throw elsewhere(owner);
      }
      await mustBeOpen(task);
      if (joined.size >= socketLimits.rooms && !joined.has(task)) throw tooManyRooms(joined.size);
      if (mode === 'annotate') await takePlace(task).then(() => rooms.recall(user, task));
      await leave(task, 'never');
      const place: Joined = {
        occupant: {
          id: socket.id,
          user: people.toPublic(user),
          mode,
          enter: (audience) => {
            if (!place.away) channels.enter(socket, task, audience);
          },
          quit: () => channels.quit(socket, task),
          state: (view, layers) => {
            if (place.away) return;
            const text = `{"view":${view},"layers":[${layers.join(',')}]}`;
            socket.emit('room:state', new RawJson(text) as never);
            slow.sent(text.length);
          },
          sendAway: () => sendAway(task),
        },
        extendedAt: clock.now(),
        away: false,
      };
      joined.set(task, place);
      if (mode === 'annotate')
        holding.set(holdKey(task), (holding.get(holdKey(task)) ?? new Set()).add(socket.id));
      const { reply, layers } = await inTurn(task, async (room) => {
        if (room.occupants.all().length >= socketLimits.roomConnections) throw roomIsFull(task);
        return room.join(place.occupant, client, (since ?? {}) as LayerSeqs);
      }).catch(async (error: unknown) => {
        await leave(task, 'later').catch((err: unknown) =>
          logger.warn({ err, task }, 'leaving a room failed'),
        );
        throw error;
      });
      if (!socket.connected) {
        await leave(task, 'never');
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
      const others = nodes.others().flatMap(({ url, state }) => (url && state === 'serving' ? [url] : []));
      const rest = JSON.stringify({ protocol: socket.data.protocol, ...reply, others }).slice(1);
      const text = `{"ok":true,"layers":[${layers.join(',')}],${rest}`;
      slow.sent(text.length);
      return new RawJson(text);
    }

    socket.on(
      'room:ops',
      opsHandler(socket, allowance, problemOf, async (message) => {
        const occupant = occupantIn(message.task);
        extend(message.task);
        return inTurn(message.task, (room) => room.ops({ userId: user.id, mode: occupant.mode }, message));
      }),
    );

    socket.on(
      'room:submit',
      guarded(roomSubmit, 'room:submit', take, problemOf, async ({ task, client, n, leadTimeMs }) => {
        if (occupantIn(task).mode !== 'annotate')
          throw new ConcordError('auth.forbidden', 'Who reviews does not submit; settle the task instead.');
        const { submissionId, state } = await inTurn(task, (room) =>
          room.submit(user, { client, n, leadTimeMs }),
        );
        return { submissionId, state };
      }),
    );

    socket.on(
      'room:withdraw',
      guarded(roomWithdraw, 'room:withdraw', take, problemOf, async ({ task, client, n }) => {
        occupantIn(task);
        return inTurn(task, (room) => room.withdraw(user, client, n));
      }),
    );

    socket.on(
      'room:skip',
      guarded(roomSkip, 'room:skip', take, problemOf, async ({ task, reason }) => {
        occupantIn(task);
        await tasks.skip(user.id, task, reason);
        await rooms.lowerHand(user, task);
        await leave(task, 'never');
        return {};
      }),
    );

    socket.on(
      'room:resolve',
      guarded(roomResolve, 'room:resolve', take, problemOf, async ({ task, ...input }) => {
        need(socket, reviewers);
        if (occupantIn(task).mode !== 'review')
          throw new ConcordError('auth.forbidden', 'Join the room to review before you settle the task.');
        const { id, revision } = await inTurn(task, (room) => room.decide(user, input));
        return { finalization: id, revision };
      }),
    );

    socket.on(
      'room:leave',
      guarded(roomLeave, 'room:leave', take, problemOf, async ({ task, release }) => {
        await oneByOne(task, () => leave(task, release ? 'now' : 'later'));
        return {};
      }),
    );

    socket.on('room:presence', (message) => {
      try {
        take();
        const told = parseInput(roomPresence, message, 'room:presence');
        if (!joined.has(told.task)) return;
        extend(told.task);
        rooms.open(told.task).then(
          (room) => presence.update(room, socket.id, told),
          (err: unknown) => logger.warn({ err }, 'presence failed'),
        );
      } catch (error) {
        const problem = problemOf(error, 'room:presence');
        // Where somebody points may be lost; that it is said wrongly is worth a word.
        if (problem.code === 'input.invalid')
          socket.emit('room:problem', { event: 'room:presence', problem });
      }
    });

    socket.on('disconnect', () => {
      slow.remove(member);
      for (const task of [...joined.keys()])
        leave(task, 'never').catch((err: unknown) => logger.warn({ err, task }, 'leaving a room failed'));
    });
  });
}
