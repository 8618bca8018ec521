import { isConcordError } from '@concord/core/errors/concord-error';
import type { JoinReply, OpsReply, RoomOps, ServerToRoom } from '@concord/core/protocol/rooms';
import type { LayerId, TaskId, UserId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import { applyAll, applyInPlace, newestOf } from '@concord/core/rooms/apply';
import { audienceSees } from '@concord/core/rooms/audience';
import type { LayerSeqs, LogEntry, WireEntry } from '@concord/core/rooms/op';
import type { PresenceFields } from '@concord/core/rooms/presence';
import type { LayerState, RoomState } from '@concord/core/rooms/state';
import type { Viewer } from '@concord/core/rooms/visibility';
import type { Unit } from '@concord/platform/ports/store';
import type { Nodes } from '../cluster/index.ts';
import type { Platform } from '../platform.ts';
import { createElsewhere } from './elsewhere.ts';
import { createGathering } from './gathering.ts';
import { createHeldState } from './held-state.ts';
import { createJudge } from './judge.ts';
import { createLayerTexts } from './layer-texts.ts';
import {
  createOccupants,
  type Occupant,
  type Occupants,
  type Outlet,
  type ToldPresence,
  viewerOf,
} from './occupants.ts';
import type { RoomContext } from './room-context.ts';
import { callsPeople, lostRace, movesTask } from './room-facts.ts';
import { type Draft, loweredHands, number, serverDraft } from './room-log.ts';

const ATTEMPTS = 12;
/** After a write whose outcome is not known the log is read again after so long. */
const LOOK_AGAIN_MS = 1_000;
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
  readonly reply: Omit<JoinReply, 'layers' | 'protocol' | 'others'>;
  readonly layers: readonly string[];
}

/** The live session of one task in this process. Everything that writes goes through one lane, in order. */
export interface Room {
  readonly id: TaskId;
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
  /** A model's layer was replaced. */
  suggested(message: Parameters<ServerToRoom['room:suggestions']>[0]): Promise<void>;
  /** From here on this person was shown others' work; durable when it returns [RM17]. */
  expose(userId: UserId): Promise<void>;
  /** The project's rules moved: who sees what is looked at anew. */
  projectChanged(): Promise<void>;
  /** Reads what other nodes appended, and shows it, soon. */
  follow(): void;
  /** As this process holds it. */
  readonly state: () => RoomState;
  /** As the log has it now. */
  current(): Promise<RoomState>;
  /** Whether somebody labels here through another node. */
  labelsElsewhere(userId: string): boolean;
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
  nodes: Nodes,
  onTask: (before: Task, after: Task, withEvents: boolean) => void,
): Promise<Room> {
  const { store, clock, logger } = platform;
  const texts = createLayerTexts();
  const elsewhere = createElsewhere(id, platform, nodes, {
    here: () => occupants.all().map(({ user, mode }) => ({ user, mode })),
    seq: () => held.current().seq,
    onLog: follow,
    onPeople: () => quietly(inLane(tellViews)),
    onSuggestions: (message) => quietly(suggestedElsewhere(message)),
    onPresence: (people) => quietly(showPresence(people)),
  });
  const occupants = createOccupants(id, outlet, texts, elsewhere.people);
  const judge = createJudge(platform, id);
  /** As last seen, for views; what is decided by it is read anew. */
  let task = (await context.task()).record;
  // A task may have been settled as it was imported, without a room: its log says nothing of that.
  const settledBefore = task.state === 'finalized';
  const held = await createHeldState(platform, {
    id,
    forget: texts.forget,
    watched: () => occupants.all().length > 0,
    contended: elsewhere.isShared,
  });
  let lane: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let lookingLater = false;
  /** What other nodes say they appended, until the lane comes to it; null where the log must be read. */
  let heard: (readonly LogEntry[] | null)[] = [];

  /** Runs after everything that was asked for before. */
  function inLane<T>(work: () => Promise<T>): Promise<T> {
    waiting += 1;
    const run = lane.then(work, work).finally(() => {
      waiting -= 1;
    });
    lane = run.catch(() => {});
    return run;
  }

  /** `fresh`: on what the log holds now, not on what was heard of it. */
  async function attempt<T>(fresh: boolean, work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        await held.settle(fresh && nodes.shared);
        return await work();
      } catch (error) {
        if ((isConcordError(error, 'room.stale') || lostRace(error)) && tries < ATTEMPTS) continue;
        if (held.unsure()) lookLater();
        throw error;
      }
    }
  }

  /** Whether something was written is not known: if it was, everybody here is to see it. */
  function lookLater(): void {
    if (lookingLater) return;
    lookingLater = true;
    clock.after(LOOK_AGAIN_MS, () => {
      lookingLater = false;
      if (occupants.all().length > 0) follow(null);
    });
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
    held.appending();
    await store.commit(entries.length === 0 ? unit : { ...unit, log: { room: id, expectedSeq, entries } });
  }

  /** Shows what was written here, after what others wrote before it [RM23]. */
  async function show(entries: readonly LogEntry[], project: Project, toAll: boolean): Promise<void> {
    const owed = held.owed();
    const taskMoved = owed.some(movesTask);
    if (taskMoved) task = (await context.task()).record;
    occupants.tell([...owed, ...entries], { state: held.current(), project, task }, toAll || taskMoved);
    held.paid();
  }

  /** Writes entries that `state` holds already, shows them, and tells whom they call. */
  async function writeAhead(state: RoomState, entries: readonly LogEntry[], project: Project): Promise<void> {
    const from = state.seq - entries.length;
    const called = await context.calls.of(entries, state, task, project);
    if (entries.length > 0) await commit(from, entries, { writes: called.writes });
    held.took(state);
    if (entries.length > 0) elsewhere.tellLog(from, entries);
    if (entries.length > 0 || held.owed().length > 0) await show(entries, project, false);
    called.tell();
  }

  /** All ops that gathered go into one append. */
  const gathering = createGathering(clock, (batch) =>
    inLane(() =>
      attempt(false, async () => {
        const project = await context.project();
        const { checks } = context.content(project);
        const entries: LogEntry[] = [];
        const replies: OpsReply[] = [];
        // Who is called depends on who works on the task now.
        if (batch.some(({ message }) => message.ops.some(({ op }) => callsPeople(op))))
          task = (await context.task()).record;
        const claimants = task.claims.map(({ userId }) => userId);
        const state = held.open();
        for (const { viewer, message } of batch) {
          const rules = { project, checks, claimants, settled: state.settled ?? settledBefore };
          const judged = judge(state, viewer, message, rules, clock.now());
          entries.push(...judged.entries);
          replies.push(judged.reply);
        }
        const exposed = exposures(state, project);
        applyInPlace(state, exposed);
        entries.push(...exposed);
        await writeAhead(state, entries, project);
        return replies;
      }),
    ),
  );

  /** Shows what others wrote, and whatever is visible to those who come; they are exposed first. */
  async function catchUp(project: Project, joining: readonly Viewer[]): Promise<void> {
    const entries = exposures(held.current(), project, joining);
    const state = entries.length > 0 ? held.open() : held.current();
    applyInPlace(state, entries);
    await writeAhead(state, entries, project);
  }

  function follow(entries: readonly LogEntry[] | null): void {
    heard.push(entries);
    if (heard.length > 1) return;
    quietly(
      inLane(() => {
        const news = heard;
        heard = [];
        const follows = news.every((one) => one !== null && held.follow(one));
        return attempt(!follows, async () => catchUp(await context.project(), []));
      }),
    );
  }

  /** Work that nobody waits for. */
  function quietly(work: Promise<unknown>): void {
    work.catch((err: unknown) => logger.warn({ err, room: id }, 'news of another node was not shown'));
  }

  async function tellViews(): Promise<void> {
    occupants.tellViews({ state: held.current(), project: await context.project(), task }, null);
  }

  async function showPresence(people: readonly ToldPresence[]): Promise<void> {
    occupants.presence(people, { state: held.current(), project: await context.project(), task });
  }

  async function suggestedElsewhere(message: Parameters<ServerToRoom['room:suggestions']>[0]): Promise<void> {
    occupants.suggestions(message, await context.project());
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
      .filter(
        (e) => e.seq <= held.current().seq && e.lseq > (behind.get(e.layer) ?? Number.POSITIVE_INFINITY),
      )
      .map(({ seq: _seq, ...wire }) => wire);
    return { layers, missed };
  }

  return {
    id,
    occupants,
    idle: () => waiting === 0 && gathering.isEmpty() && occupants.all().length === 0,
    rest: () => held.rest(),
    async settle() {
      gathering.flush();
      await inLane(async () => {});
      held.rest();
    },
    ops: (viewer, message) => gathering.add(viewer, message),
    change(plan) {
      gathering.flush();
      return inLane(() =>
        attempt(true, async () => {
          const state = held.current();
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
          held.took(after);
          if (entries.length > 0) elsewhere.tellLog(state.seq, entries);
          task = next;
          if (change.task !== undefined)
            onTask(fresh.task.record, change.task, (change.unit?.outbox?.length ?? 0) > 0);
          await show(entries, fresh.project, true);
          called.tell();
          return result;
        }),
      );
    },
    join(occupant, client, since) {
      gathering.flush();
      return inLane(() =>
        attempt(true, async () => {
          const viewer = viewerOf(occupant);
          const project = await context.project();
          await catchUp(project, [viewer]);
          task = (await context.task()).record;
          const state = held.current();
          const scene = { state, project, task };
          const audience = occupants.add(occupant, scene);
          held.paid();
          elsewhere.attend();
          elsewhere.tellPeople();
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
        elsewhere.tellPeople();
        if (occupants.all().length === 0) {
          elsewhere.quit();
          return;
        }
        task = (await context.task()).record;
        await tellViews();
      }),
    async suggested(message) {
      await suggestedElsewhere(message);
      elsewhere.tellSuggestions(message);
    },
    presence(moved) {
      const people = occupants.told(moved);
      elsewhere.tellPresence(people);
      quietly(showPresence(people));
    },
    expose: (userId) =>
      inLane(() => attempt(true, async () => catchUp(await context.project(), [{ userId, mode: 'review' }]))),
    projectChanged: () =>
      inLane(() =>
        attempt(false, async () => {
          if (occupants.all().length === 0) return;
          const project = await context.project();
          await catchUp(project, []);
          occupants.tell([], { state: held.current(), project, task }, true);
        }),
      ),
    follow: () => follow(null),
    state: () => held.current(),
    current: () => inLane(() => attempt(true, async () => held.current())),
    labelsElsewhere: (userId) =>
      elsewhere.people().some(({ user, mode }) => user.id === userId && mode === 'annotate'),
  };
}
