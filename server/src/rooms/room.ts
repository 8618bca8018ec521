import { ConcordError, isConcordError, toProblem } from '@concord/core/errors/concord-error';
import type { JoinReply, OpsReply, RoomOps } from '@concord/core/protocol/rooms';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { LayerId, TaskId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import { applyAll, isResend, layerOf } from '@concord/core/rooms/apply';
import { check, refusalError } from '@concord/core/rooms/check';
import type { LayerSeqs, LogEntry } from '@concord/core/rooms/op';
import type { LayerState, RoomState } from '@concord/core/rooms/state';
import { mayPut, namesTheHidden, seesOthers, type Viewer } from '@concord/core/rooms/visibility';
import type { Unit } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import { createOccupants, type Occupant, type Occupants, type Outlet, viewerOf } from './occupants.ts';
import type { RoomContext } from './room-context.ts';
import { type Draft, loadRoom, loweredHands, number, saveSnapshot, serverDraft } from './room-log.ts';

const ATTEMPTS = 12;
/** A client further behind than this gets the whole layer instead of what it missed. */
const MISSED_MOST = 500;
/** A load goes through at most about this many entries. */
const SNAPSHOT_EVERY = 200;

/** One change to the room: what goes into its log, and what must be written with it. */
export interface Change {
  readonly drafts: readonly Draft[];
  readonly unit?: Omit<Unit, 'log'>;
  /** The task after the change, where it moved. */
  readonly task?: Task;
}

/** The live session of one task in this process. Everything that writes goes through one lane, in order. */
export interface Room {
  readonly occupants: Occupants;
  join(occupant: Occupant, client: string, since: LayerSeqs): Promise<JoinReply>;
  leave(id: string): Promise<void>;
  ops(viewer: Viewer, message: RoomOps): Promise<OpsReply>;
  /**
   * Makes a change by compare-and-set: `plan` gets the room and the task as they are and is called again when somebody
   * else was faster. Durable and shown when it returns.
   */
  change<T>(plan: (state: RoomState, context: Fresh) => Promise<{ change: Change; result: T }>): Promise<T>;
  readonly state: () => RoomState;
  readonly idle: () => boolean;
}

/** What is read anew for every attempt. */
export interface Fresh {
  readonly task: Awaited<ReturnType<RoomContext['task']>>;
  readonly project: Project;
}

export async function createRoom(
  platform: Platform,
  id: TaskId,
  context: RoomContext,
  outlet: Outlet,
  onTask: (before: Task, after: Task) => void,
): Promise<Room> {
  const { store, clock } = platform;
  const occupants = createOccupants(id, outlet);
  let { state, snapshotSeq } = await loadRoom(platform, id);
  let lane: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let gathered: {
    viewer: Viewer;
    message: RoomOps;
    done: (reply: OpsReply) => void;
    fail: (error: unknown) => void;
  }[] = [];

  /** Runs after everything that was asked for before. */
  function inLane<T>(work: () => Promise<T>): Promise<T> {
    waiting += 1;
    const run = lane.then(work, work).finally(() => {
      waiting -= 1;
    });
    lane = run.catch(() => {});
    return run;
  }

  /** Entries that must come with these: whoever will see another's content by them is exposed first [RM17]. */
  function withExposure(
    drafts: readonly Draft[],
    project: Project,
    extra: readonly Viewer[] = [],
  ): LogEntry[] {
    const entries = number(state, drafts, clock.now());
    const after = applyAll(state, entries);
    const viewers = new Map(
      [...occupants.all().map(viewerOf), ...extra].map((v) => [`${v.userId}/${v.mode}`, v]),
    );
    const exposed = new Set<string>();
    for (const viewer of viewers.values()) {
      const opened = viewer.mode === 'review' || seesOthers(viewer, project, after);
      if (opened && after.exposed[viewer.userId] === undefined) exposed.add(viewer.userId);
    }
    const more = [...exposed].map((userId) =>
      serverDraft('consensus', { t: 'expose', userId: userId as Viewer['userId'] }),
    );
    return [...entries, ...number(after, more, clock.now())];
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        const again = isConcordError(error, 'room.stale') || lostRace(error);
        if (!again || tries === ATTEMPTS) throw error;
        ({ state, snapshotSeq } = await loadRoom(platform, id));
      }
    }
  }

  /** Writes, then takes over the new state, then shows it [RM23]. */
  async function write(entries: readonly LogEntry[], unit: Omit<Unit, 'log'>): Promise<void> {
    const log = { room: id, expectedSeq: state.seq, entries };
    await store.commit(entries.length === 0 ? unit : { ...unit, log });
    state = applyAll(state, entries);
    if (state.seq - snapshotSeq < SNAPSHOT_EVERY) return;
    snapshotSeq = state.seq;
    await saveSnapshot(platform, id, state);
  }

  function judge(viewer: Viewer, { client, ops }: RoomOps, base: RoomState, task: Task, project: Project) {
    const { checks } = context.content(project);
    const drafts: Draft[] = [];
    const acked: { n: number; lseq: number }[] = [];
    const refused: OpsReply['refused'][number][] = [];
    let working = base;
    for (const { n, layer, op } of ops) {
      try {
        if (isResend(working, client, n)) {
          acked.push({ n, lseq: 0 });
          continue;
        }
        if (!mayPut(viewer, layer, op, project, working))
          throw new ConcordError('auth.forbidden', 'This layer is not yours to change.');
        if (task.state === 'finalized')
          throw new ConcordError('room.closed', 'This task is settled; a super-reviewer can open it again.');
        const others = task.claims.map((c) => c.userId);
        if (layer !== viewer.userId && namesTheHidden(op, layer, others, project, working))
          throw new ConcordError(
            'room.op_refused',
            'Whose layer this is works blind: name no other annotator here.',
          );
        const verdict = check(layerOf(working, layer), op, checks);
        if (verdict === 'nothing') {
          acked.push({ n, lseq: 0 });
          continue;
        }
        if (verdict !== 'fine') throw refusalError(verdict);
        const draft: Draft = { layer, by: viewer.userId, client, n, op };
        const [entry] = number(working, [draft], clock.now());
        working = applyAll(working, [entry!]);
        drafts.push(draft);
        acked.push({ n, lseq: entry!.lseq });
      } catch (error) {
        refused.push({ n, problem: toProblem(error) });
      }
    }
    return { drafts, working, reply: { acked, refused } };
  }

  /** All ops that gathered while the lane was busy go into one append. */
  async function flush(): Promise<void> {
    const batch = gathered;
    gathered = [];
    if (batch.length === 0) return;
    try {
      const replies = await attempt(async () => {
        const task = (await context.task()).record;
        const project = await context.project();
        let working = state;
        const drafts: Draft[] = [];
        const replies: OpsReply[] = [];
        for (const { viewer, message } of batch) {
          const judged = judge(viewer, message, working, task, project);
          drafts.push(...judged.drafts);
          replies.push(judged.reply);
          working = judged.working;
        }
        if (drafts.length > 0) {
          const entries = withExposure(drafts, project);
          const called = await context.calls.of(entries, state, task, project);
          await write(entries, { writes: called.writes });
          occupants.tell(entries, state, task, project, false);
          called.tell();
        }
        return replies;
      });
      for (const [i, { done }] of batch.entries()) done(replies[i]!);
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }

  async function change<T>(
    plan: (state: RoomState, fresh: Fresh) => Promise<{ change: Change; result: T }>,
  ): Promise<T> {
    return inLane(() =>
      attempt(async () => {
        const fresh: Fresh = { task: await context.task(), project: await context.project() };
        const { change, result } = await plan(state, fresh);
        const task = change.task ?? fresh.task.record;
        const lowered = task.state === 'finalized' ? loweredHands(state) : [];
        const entries = withExposure([...change.drafts, ...lowered], fresh.project);
        const called = await context.calls.of(entries, state, task, fresh.project);
        await write(entries, { ...change.unit, writes: [...(change.unit?.writes ?? []), ...called.writes] });
        if (change.task !== undefined) onTask(fresh.task.record, change.task);
        occupants.tell(entries, state, task, fresh.project, true);
        called.tell();
        return result;
      }),
    );
  }

  return {
    occupants,
    state: () => state,
    idle: () => waiting === 0 && gathered.length === 0 && occupants.all().length === 0,
    change,
    ops(viewer, message) {
      return new Promise((done, fail) => {
        gathered.push({ viewer, message, done, fail });
        if (gathered.length === 1) void inLane(flush);
      });
    },
    join: (occupant, client, since) =>
      inLane(async () => {
        const viewer = viewerOf(occupant);
        const project = await context.project();
        await attempt(async () => {
          const entries = withExposure([], project, [viewer]);
          if (entries.length === 0) return;
          await write(entries, {});
          occupants.tell(entries, state, (await context.task()).record, project, false);
        });
        const task = (await context.task()).record;
        occupants.add(occupant);
        const ids = occupants.open(occupant, state, project);
        const layers: LayerState[] = [];
        const behind = new Map<LayerId, number>();
        for (const layerId of ids) {
          const layer = state.layers[layerId];
          if (layer === undefined) continue;
          const held = since[layerId];
          if (held === undefined || held > layer.lseq || layer.lseq - held > MISSED_MOST) layers.push(layer);
          else if (held < layer.lseq) behind.set(layerId, held);
        }
        const missed =
          behind.size === 0
            ? []
            : // The room's numbers are never below a layer's: what was missed lies after the lowest of them.
              (await store.log.read(id, Math.min(...behind.values()))).filter(
                (e) => e.lseq > (behind.get(e.layer) ?? Number.POSITIVE_INFINITY),
              );
        for (const other of occupants.all()) {
          if (other.id !== occupant.id)
            other.state(occupants.viewOf(viewerOf(other), state, task, project), []);
        }
        return {
          protocol: PROTOCOL_VERSION,
          you: occupant.user,
          layer: occupant.mode === 'annotate' ? occupant.user.id : null,
          view: occupants.viewOf(viewer, state, task, project),
          layers,
          missed: missed.map(({ seq: _seq, ...wire }) => wire),
          acked: state.clients[client] ?? 0,
        };
      }),
    leave: (occupantId) =>
      inLane(async () => {
        occupants.remove(occupantId);
        const rest = occupants.all();
        if (rest.length === 0) return;
        const task = (await context.task()).record;
        const project = await context.project();
        for (const other of rest) other.state(occupants.viewOf(viewerOf(other), state, task, project), []);
      }),
  };
}

/** Whether a write was refused because a record moved since it was read, so that planning again helps. */
function lostRace(error: unknown): boolean {
  return isConcordError(error, 'conflict') && ['rev', 'id'].includes(error.errors[0]?.path ?? '');
}
