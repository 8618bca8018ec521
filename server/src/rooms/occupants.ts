import type { RoomMember, RoomView, ServerToRoom } from '@concord/core/protocol/rooms';
import type { LayerId, TaskId, UserId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { PublicUser } from '@concord/core/records/user';
import { type Audience, audienceOf, audienceSees } from '@concord/core/rooms/audience';
import type { LogEntry } from '@concord/core/rooms/op';
import { type PresenceFields, presenceFor } from '@concord/core/rooms/presence';
import type { RoomState } from '@concord/core/rooms/state';
import { hasSubmitted, type SeeingRules, seesOthers, type Viewer } from '@concord/core/rooms/visibility';
import { wireJson } from '@concord/core/rooms/wire';
import type { Person } from './elsewhere.ts';
import type { LayerTexts } from './layer-texts.ts';

/** Somebody's connection in a room. The gateway makes it; what reaches it is what its audience is sent. */
export interface Occupant {
  readonly id: string;
  readonly user: PublicUser;
  readonly mode: Viewer['mode'];
  /** From now on what this audience is sent reaches the connection, and nothing else of the room. */
  enter(audience: Audience): void;
  /** Nothing of the room reaches the connection any more. */
  quit(): void;
  /** The view and the layers that have just become visible, as JSON. */
  state(view: string, layers: readonly string[]): void;
  /** Asks the client to come to the room anew: another node has it from now on. */
  sendAway(): void;
}

/** Entries of one layer, and the same as JSON: `{"layer":…,"from":…,"entries":[…]}`. */
export interface LayerBatch {
  readonly layer: LayerId;
  readonly from: number;
  readonly entries: readonly LogEntry[];
  readonly text: string;
}

/** What somebody told of where they are, as other nodes are told it too. */
export interface ToldPresence extends Viewer {
  readonly presence: PresenceFields;
}

/** Sends to all connections in an audience of a room. */
export interface Outlet {
  ops(task: TaskId, audience: Audience, batch: readonly LayerBatch[]): void;
  suggestions(audience: Audience, message: Parameters<ServerToRoom['room:suggestions']>[0]): void;
  presence(audience: Audience, message: Parameters<ServerToRoom['room:presence']>[0]): void;
}

export const viewerOf = (occupant: Pick<Occupant, 'user' | 'mode'>): Viewer => ({
  userId: occupant.user.id,
  mode: occupant.mode,
});

/** What of the project and the task the people in a room are shown by. */
export interface Scene {
  readonly state: RoomState;
  readonly project: Project;
  readonly task: Task;
}

/** Who is in a room, and what each may see of it. */
export interface Occupants {
  /** Puts somebody in; answers with their audience. */
  add(occupant: Occupant, scene: Scene): Audience;
  /** Takes somebody out; from here on nothing of this room reaches the connection. */
  remove(id: string): void;
  all(): readonly Occupant[];
  /** Everybody in the room, on other nodes too. */
  userIds(): UserId[];
  /**
   * Sends entries to those who see their layers, and to those whom they let see more (or less) what they now see.
   * With `toAll` everybody is sent the new view too.
   */
  tell(entries: readonly LogEntry[], scene: Scene, toAll: boolean): void;
  /** Sends everybody but one their view, where it is another than before. */
  tellViews(scene: Scene, but: string | null): void;
  viewOf(viewer: Viewer, scene: Scene): RoomView;
  /** Who is shown another's content by this state and is not known to have seen any. */
  newlyExposed(state: RoomState, rules: SeeingRules, joining: readonly Viewer[]): UserId[];
  suggestions(message: Parameters<ServerToRoom['room:suggestions']>[0], project: Project): void;
  /** What these connections told of themselves, with who they are. */
  told(moved: ReadonlyMap<string, PresenceFields>): ToldPresence[];
  /** Sends what people here or on other nodes told, to each audience what it may know of it [RM35]. */
  presence(told: readonly ToldPresence[], scene: Scene): void;
}

interface Present {
  readonly occupant: Occupant;
  audience: Audience;
  /** The view they were sent last, as JSON: one who is blind must not notice by a repetition that something happened. */
  shown: string;
}
interface Move {
  readonly record: Present;
  readonly to: Audience;
  readonly layers: readonly string[];
}

export function createOccupants(
  taskId: TaskId,
  outlet: Outlet,
  texts: LayerTexts,
  elsewhere: () => readonly Person[],
): Occupants {
  const here = new Map<string, Present>();
  const crowd = new Map<Audience, number>();
  /** By what the audiences were formed last. */
  let formedBy: SeeingRules | null = null;

  const all = () => [...here.values()].map(({ occupant }) => occupant);
  const everybody = (): Person[] => [...all(), ...elsewhere()];
  const userIds = () => [...new Set(everybody().map((o) => o.user.id))];
  const count = (audience: Audience, by: 1 | -1) => {
    const now = (crowd.get(audience) ?? 0) + by;
    if (now === 0) crowd.delete(audience);
    else crowd.set(audience, now);
  };

  function viewOf(viewer: Viewer, { state, task, project }: Scene): RoomView {
    const blind = audienceOf(viewer, project, state) === viewer.userId;
    const members = new Map<string, RoomMember>();
    for (const { user, mode } of everybody()) {
      if (blind && mode === 'annotate' && user.id !== viewer.userId) continue;
      if (members.get(user.id)?.mode === 'annotate') continue;
      members.set(user.id, { user, mode, submitted: hasSubmitted(user.id, state) });
    }
    return {
      task: taskId,
      state: task.state,
      revision: task.revision,
      visibility: project.visibility,
      blind,
      here: userIds().length,
      members: [...members.values()],
      agreement: blind ? null : task.agreement,
      confidence: blind ? null : task.confidence,
      submissions: blind ? null : task.submissions,
      leaseUntil: task.claims.find((c) => c.userId === viewer.userId && c.state === 'active')?.until ?? null,
    };
  }

  /** Layers that somebody sees now and did not before, as JSON. */
  function opened(from: Audience, before: SeeingRules, to: Audience, { state, project }: Scene): string[] {
    return (Object.keys(state.layers) as LayerId[])
      .filter((id) => audienceSees(to, id, project) && !audienceSees(from, id, before))
      .map((id) => texts.of(state.layers[id]!));
  }

  /** Who sees what depends on the project, and on who has submitted. */
  function mayRegroup(entries: readonly LogEntry[], rules: SeeingRules): boolean {
    if (formedBy?.visibility !== rules.visibility || formedBy.suggestions !== rules.suggestions) return true;
    return entries.some(({ op }) => op.t === 'submit' || op.t === 'withdraw');
  }

  /** Who is in another audience now, or sees more in theirs. */
  function regroup(scene: Scene): Move[] {
    const { state, project } = scene;
    const before = formedBy ?? project;
    formedBy = project;
    const moves: Move[] = [];
    for (const record of here.values()) {
      const to = audienceOf(viewerOf(record.occupant), project, state);
      const layers = opened(record.audience, before, to, scene);
      if (to !== record.audience || layers.length > 0) moves.push({ record, to, layers });
    }
    return moves;
  }

  function move({ record, to }: Move): void {
    if (record.audience === to) return;
    count(record.audience, -1);
    count(to, 1);
    record.audience = to;
    record.occupant.enter(to);
  }

  /** Somebody who sees what this audience sees. */
  function viewerIn(audience: Audience): Viewer {
    const [first] = [...here.values()].filter((record) => record.audience === audience);
    return viewerOf((first as Present).occupant);
  }

  function show(record: Present, scene: Scene, layers: readonly string[]): void {
    const view = JSON.stringify(viewOf(viewerOf(record.occupant), scene));
    if (view === record.shown && layers.length === 0) return;
    record.shown = view;
    record.occupant.state(view, layers);
  }

  function send(entries: readonly LogEntry[], project: Project): void {
    const batch = batches(entries);
    for (const audience of crowd.keys()) {
      const seen = batch.filter(({ layer }) => audienceSees(audience, layer, project));
      if (seen.length > 0) outlet.ops(taskId, audience, seen);
    }
  }

  return {
    add(occupant, { state, project }) {
      const audience = audienceOf(viewerOf(occupant), project, state);
      here.set(occupant.id, { occupant, audience, shown: '' });
      count(audience, 1);
      formedBy ??= project;
      occupant.enter(audience);
      return audience;
    },
    remove(id) {
      const gone = here.get(id);
      if (gone === undefined) return;
      here.delete(id);
      count(gone.audience, -1);
      gone.occupant.quit();
    },
    all,
    userIds,
    viewOf,
    tell(entries, scene, toAll) {
      const { project } = scene;
      const moves = mayRegroup(entries, project) ? regroup(scene) : [];
      // Who is to see less goes before these entries are sent; who is to see more gets whole layers after them.
      const [opening, closing] = [moves.filter((m) => m.to === 'open'), moves.filter((m) => m.to !== 'open')];
      closing.forEach(move);
      send(entries, project);
      opening.forEach(move);
      const news = new Map(moves.map(({ record, layers }) => [record, layers]));
      for (const record of here.values()) {
        const layers = news.get(record);
        if (toAll || layers !== undefined) show(record, scene, layers ?? []);
      }
    },
    tellViews(scene, but) {
      for (const record of here.values()) if (record.occupant.id !== but) show(record, scene, []);
    },
    newlyExposed(state, rules, joining) {
      const exposed = new Set<UserId>();
      const viewers = [...all().map(viewerOf), ...joining];
      for (const viewer of viewers) {
        if (state.exposed[viewer.userId] !== undefined || exposed.has(viewer.userId)) continue;
        if (viewer.mode === 'review' || seesOthers(viewer, rules, state)) exposed.add(viewer.userId);
      }
      return [...exposed];
    },
    suggestions(message, project) {
      for (const audience of crowd.keys())
        if (audienceSees(audience, message.layer, project)) outlet.suggestions(audience, message);
    },
    told: (moved) =>
      [...moved].flatMap(([id, presence]) => {
        const sender = here.get(id)?.occupant;
        return sender === undefined ? [] : [{ ...viewerOf(sender), presence }];
      }),
    presence(told, { state, project }) {
      for (const audience of crowd.keys()) {
        const viewer = viewerIn(audience);
        const people = told.flatMap(({ presence, ...sender }) => {
          if (sender.userId === audience) return [];
          const seen = presenceFor(viewer, sender, presence, project, state);
          return seen === null ? [] : [{ ...seen, userId: sender.userId }];
        });
        if (people.length > 0) outlet.presence(audience, { task: taskId, people });
      }
    },
  };
}

/** Entries by layer, each in order, layers in the order of their first. */
function batches(entries: readonly LogEntry[]): LayerBatch[] {
  const byLayer = new Map<LayerId, LogEntry[]>();
  for (const entry of entries) {
    const list = byLayer.get(entry.layer);
    if (list) list.push(entry);
    else byLayer.set(entry.layer, [entry]);
  }
  return [...byLayer].map(([layer, list]) => {
    const from = list[0]!.lseq - 1;
    const text = `{"layer":${JSON.stringify(layer)},"from":${from},"entries":[${list.map(wireJson).join(',')}]}`;
    return { layer, from, entries: list, text };
  });
}
