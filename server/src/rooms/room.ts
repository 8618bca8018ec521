import { isConcordError } from '@concord/core/errors/concord-error';
import type { JoinReply, OpsReply, RoomOps } from '@concord/core/protocol/rooms';
import type { LayerId, TaskId, UserId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import { applyAll, applyInPlace, newestOf } from '@concord/core/rooms/apply';
import { audienceSees } from '@concord/core/rooms/audience';
import type { ClientOp, LayerSeqs, LogEntry, WireEntry } from '@concord/core/rooms/op';
import type { PresenceFields } from '@concord/core/rooms/presence';
import type { LayerState, RoomState } from '@concord/core/rooms/state';
import type { Viewer } from '@concord/core/rooms/visibility';
import type { Unit } from '@concord/platform/ports/store';
import type { Platform } from '../platform.ts';
import { createGathering } from './gathering.ts';
import { createSilentAcks, judge } from './judge.ts';
import { createLayerTexts } from './layer-texts.ts';
import { createOccupants, type Occupant, type Occupants, type Outlet, viewerOf } from './occupants.ts';
import type { RoomContext } from './room-context.ts';
import { createSnapshots, type Draft, loadRoom, loweredHands, number, serverDraft } from './room-log.ts';

const ATTEMPTS = 12;
/** A client further behind than this gets the whole layer instead of what it missed. */
const MISSED_MOST = 500;

/** One change to the room: what goes into its log, and what must be written with it. */
export interface Change {
  readonly drafts: readonly Draft[];
  readonly unit?: Omit<Unit, 'log'>;
  /** The task after the change, where it moved. */
  readonly task?: Task;
}

/** A join's answer, whose layers are JSON already. */
export interface Joined {
  readonly reply: Omit<JoinReply, 'layers' | 'protocol'>;
  readonly layers: readonly string[];
}

/** The live session of one task in this process. Everything that writes goes through one lane, in order. */
export interface Room {
  readonly occupants: Occupants;
  join(occupant: Occupant, client: string, since: LayerSeqs): Promise<Joined>;
  leave(id: string): Promise<void>;
  /** Tells what these connections told since the last time, to each audience what it may know of it. */
  presence(moved: ReadonlyMap<string, PresenceFields>): void;
  ops(viewer: Viewer, message: RoomOps): Promise<OpsReply>;
  /**
   * Makes a change by compare-and-set: `plan` gets the room and the task as they are and is called again when somebody
   * else was faster. Durable and shown when it returns.
   */
  change<T>(plan: (state: RoomState, context: Fresh) => Promise<{ change: Change; result: T }>): Promise<T>;
  /** From here on this person was shown others' work; durable when it returns [RM17]. */
  expose(userId: UserId): Promise<void>;
  /** The project's rules moved: who sees what is looked at anew. */
  projectChanged(): Promise<void>;
  readonly state: () => RoomState;
  readonly idle: () => boolean;
  /** Nobody needs the room now: what makes its next load quick is written. */
  rest(): void;
  /** Everything asked for is done, and the room rests. */
  settle(): Promise<void>;
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
  onTask: (before: Task, after: Task, withEvents: boolean) => void,
): Promise<Room> {
  const { store, clock } = platform;
  const texts = createLayerTexts();
  const occupants = createOccupants(id, outlet, texts);
  const snapshots = createSnapshots(platform, id);
  const silent = createSilentAcks();
  /** As last seen, for views; what is decided by it is read anew. */
  let task = (await context.task()).record;
  // A task may have been settled as it was imported, without a room: its log says nothing of that.
  const settledBefore = task.state === 'finalized';
  let state: RoomState;
  /** False while the state holds what is not in the log yet; after a failure it is read anew. */
  let trusted = false;
  let lane: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function reload(): Promise<void> {
    texts.forget();
    const loaded = await loadRoom(platform, id);
    state = loaded.state;
    snapshots.loaded(loaded);
    trusted = true;
  }
  await reload();

  /** Runs after everything that was asked for before. */
  function inLane<T>(work: () => Promise<T>): Promise<T> {
    waiting += 1;
    const run = lane.then(work, work).finally(() => {
      waiting -= 1;
    });
    lane = run.catch(() => {});
    return run;
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        if (!trusted) await reload();
        return await work();
      } catch (error) {
        const stale = isConcordError(error, 'room.stale');
        if (stale) trusted = false;
        if (!(stale || lostRace(error)) || tries === ATTEMPTS) throw error;
      }
    }
  }

  /** Entries that must come with what led to `after`: whoever will see another's content is exposed first [RM17]. */
  function exposures(after: RoomState, project: Project, joining: readonly Viewer[] = []): LogEntry[] {
    const drafts = occupants
      .newlyExposed(after, project, joining)
      .map((userId) => serverDraft('consensus', { t: 'expose', userId }));
    return drafts.length === 0 ? [] : number(after, drafts, clock.now());
  }

  async function commit(
    expectedSeq: number,
    entries: readonly LogEntry[],
    unit: Omit<Unit, 'log'>,
  ): Promise<void> {
    await store.commit(entries.length === 0 ? unit : { ...unit, log: { room: id, expectedSeq, entries } });
  }

  /** Writes entries that the state holds already, then shows them [RM23], and tells whom they call. */
  async function writeAhead(expectedSeq: number, entries: readonly LogEntry[], project: Project) {
    const called = await context.calls.of(entries, state, task, project);
    await commit(expectedSeq, entries, { writes: called.writes });
    trusted = true;
    snapshots.moved(state);
    occupants.tell(entries, { state, project, task }, false);
    called.tell();
  }

  /** All ops that gathered go into one append. */
  const gathering = createGathering(clock, (batch) =>
    inLane(() =>
      attempt(async () => {
        const project = await context.project();
        const { checks } = context.content(project);
        const from = state.seq;
        const entries: LogEntry[] = [];
        const replies: OpsReply[] = [];
        // Who is called depends on who works on the task now.
        if (batch.some(({ message }) => message.ops.some(({ op }) => callsPeople(op))))
          task = (await context.task()).record;
        const claimants = task.claims.map(({ userId }) => userId);
        trusted = false;
        for (const { viewer, message } of batch) {
          const rules = { project, checks, claimants, settled: state.settled ?? settledBefore };
          const judged = judge(state, viewer, message, rules, silent, clock.now());
          entries.push(...judged.entries);
          replies.push(judged.reply);
        }
        const exposed = exposures(state, project);
        applyInPlace(state, exposed);
        entries.push(...exposed);
        if (entries.length > 0) await writeAhead(from, entries, project);
        trusted = true;
        return replies;
      }),
    ),
  );

  async function expose(project: Project, joining: readonly Viewer[]): Promise<void> {
    const entries = exposures(state, project, joining);
    if (entries.length === 0) return;
    const from = state.seq;
    trusted = false;
    applyInPlace(state, entries);
    await writeAhead(from, entries, project);
  }

  /** Whole layers, or what was missed of them where that is less. */
  async function newsFor(
    visible: readonly LayerState[],
    since: LayerSeqs,
  ): Promise<{ layers: string[]; missed: WireEntry[] }> {
    const layers: string[] = [];
    const behind = new Map<LayerId, number>();
    for (const layer of visible) {
      const held = since[layer.layer];
      if (held === undefined || held > layer.lseq || layer.lseq - held > MISSED_MOST)
        layers.push(texts.of(layer));
      else if (held < layer.lseq) behind.set(layer.layer, held);
    }
    if (behind.size === 0) return { layers, missed: [] };
    // The room's numbers are never below a layer's: what was missed lies after the lowest of them.
    const entries = await store.log.read(id, Math.min(...behind.values()));
    const missed = entries
      .filter((e) => e.seq <= state.seq && e.lseq > (behind.get(e.layer) ?? Number.POSITIVE_INFINITY))
      .map(({ seq: _seq, ...wire }) => wire);
    return { layers, missed };
  }

  return {
    occupants,
    state: () => state,
    idle: () => waiting === 0 && gathering.isEmpty() && occupants.all().length === 0,
    rest: () => snapshots.rest(state),
    async settle() {
      gathering.flush();
      await inLane(async () => {});
      snapshots.rest(state);
    },
    ops: (viewer, message) => gathering.add(viewer, message),
    presence(moved) {
      context.project().then(
        (project) => occupants.presence(moved, { state, project, task }),
        () => {},
      );
    },
    change(plan) {
      gathering.flush();
      return inLane(() =>
        attempt(async () => {
          const fresh: Fresh = { task: await context.task(), project: await context.project() };
          const { change, result } = await plan(state, fresh);
          const next = change.task ?? fresh.task.record;
          const lowered = next.state === 'finalized' ? loweredHands(state) : [];
          const drafted = number(state, [...change.drafts, ...lowered], clock.now());
          const seen = applyAll(state, drafted);
          const exposed = exposures(seen, fresh.project);
          const entries = [...drafted, ...exposed];
          const after = applyAll(seen, exposed);
          const called = await context.calls.of(entries, after, next, fresh.project);
          const writes = [...(change.unit?.writes ?? []), ...called.writes];
          await commit(state.seq, entries, { ...change.unit, writes });
          state = after;
          snapshots.moved(state);
          task = next;
          if (change.task !== undefined)
            onTask(fresh.task.record, change.task, (change.unit?.outbox?.length ?? 0) > 0);
          occupants.tell(entries, { state, project: fresh.project, task }, true);
          called.tell();
          return result;
        }),
      );
    },
    join(occupant, client, since) {
      gathering.flush();
      return inLane(() =>
        attempt(async () => {
          const viewer = viewerOf(occupant);
          const project = await context.project();
          await expose(project, [viewer]);
          task = (await context.task()).record;
          const scene = { state, project, task };
          const audience = occupants.add(occupant, scene);
          const visible = Object.values(state.layers).filter(
            (layer): layer is LayerState =>
              layer !== undefined && audienceSees(audience, layer.layer, project),
          );
          const { layers, missed } = await newsFor(visible, since);
          occupants.tellViews(scene, occupant.id);
          const reply = {
            you: occupant.user,
            layer: occupant.mode === 'annotate' ? occupant.user.id : null,
            view: occupants.viewOf(viewer, scene),
            missed,
            acked: newestOf(state, viewer.userId, client),
          };
          return { reply, layers };
        }),
      );
    },
    leave: (occupantId) =>
      inLane(async () => {
        occupants.remove(occupantId);
        if (occupants.all().length === 0) return;
        task = (await context.task()).record;
        occupants.tellViews({ state, project: await context.project(), task }, null);
      }),
    expose: (userId) =>
      inLane(() => attempt(async () => expose(await context.project(), [{ userId, mode: 'review' }]))),
    projectChanged: () =>
      inLane(() =>
        attempt(async () => {
          if (occupants.all().length === 0) return;
          const project = await context.project();
          await expose(project, []);
          occupants.tell([], { state, project, task }, true);
        }),
      ),
  };
}

const callsPeople = ({ t }: ClientOp): boolean => t === 'comment' || t === 'hand';

/** Whether a write was refused because a record moved since it was read, so that planning again helps. */
function lostRace(error: unknown): boolean {
  return isConcordError(error, 'conflict') && ['rev', 'id'].includes(error.errors[0]?.path ?? '');
}
