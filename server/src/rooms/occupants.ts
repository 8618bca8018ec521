import type { RoomMember, RoomView, ServerToRoom } from '@concord/core/protocol/rooms';
import type { LayerId, TaskId, UserId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import type { PublicUser } from '@concord/core/records/user';
import type { LogEntry } from '@concord/core/rooms/op';
import type { LayerState, RoomState } from '@concord/core/rooms/state';
import { hasSubmitted, isBlind, type Viewer, visibleLayers } from '@concord/core/rooms/visibility';

/** Somebody's connection in a room. The gateway makes it; it only ever carries layers that `show` named. */
export interface Occupant {
  readonly id: string;
  readonly user: PublicUser;
  readonly mode: Viewer['mode'];
  /** From now on entries of this layer reach the connection. */
  subscribe(layer: LayerId): void;
  unsubscribe(layer: LayerId): void;
  state(view: RoomView, layers: readonly LayerState[]): void;
}

/** Sends to all connections that subscribed to a layer. */
export interface Outlet {
  ops(message: Parameters<ServerToRoom['room:ops']>[0]): void;
  suggestions(message: Parameters<ServerToRoom['room:suggestions']>[0]): void;
}

export const viewerOf = (occupant: Pick<Occupant, 'user' | 'mode'>): Viewer => ({
  userId: occupant.user.id,
  mode: occupant.mode,
});

/** Who is in a room, and what each may see of it. */
export interface Occupants {
  add(occupant: Occupant): void;
  /** Takes somebody out; from here on no layer of this room reaches the connection. */
  remove(id: string): void;
  readonly all: () => readonly Occupant[];
  readonly userIds: () => UserId[];
  /** Sends entries to those who see their layers, then opens and closes layers as the new state says, and sends views. */
  tell(entries: readonly LogEntry[], state: RoomState, task: Task, project: Project, always: boolean): void;
  viewOf(viewer: Viewer, state: RoomState, task: Task, project: Project): RoomView;
  /** Marks the visible layers as subscribed for somebody who joins. */
  open(occupant: Occupant, state: RoomState, project: Project): LayerId[];
}

export function createOccupants(taskId: TaskId, outlet: Outlet): Occupants {
  const here = new Map<string, { occupant: Occupant; layers: Set<LayerId> }>();
  const all = () => [...here.values()].map(({ occupant }) => occupant);
  const userIds = () => [...new Set(all().map((o) => o.user.id))];

  function members(viewer: Viewer, state: RoomState, project: Project): RoomMember[] {
    const hidden = isBlind(viewer, project, state);
    const seen = new Map<string, RoomMember>();
    for (const { user, mode } of all()) {
      if (hidden && mode === 'annotate' && user.id !== viewer.userId) continue;
      if (seen.get(user.id)?.mode === 'annotate') continue;
      seen.set(user.id, { user, mode, submitted: hasSubmitted(user.id, state) });
    }
    return [...seen.values()];
  }

  function viewOf(viewer: Viewer, state: RoomState, task: Task, project: Project): RoomView {
    const blind = isBlind(viewer, project, state);
    return {
      task: taskId,
      state: task.state,
      revision: task.revision,
      visibility: project.visibility,
      blind,
      here: userIds().length,
      members: members(viewer, state, project),
      agreement: blind ? null : task.agreement,
      confidence: blind ? null : task.confidence,
      submissions: blind ? null : task.submissions,
      leaseUntil: task.claims.find((c) => c.userId === viewer.userId && c.state === 'active')?.until ?? null,
    };
  }

  function open(occupant: Occupant, state: RoomState, project: Project): LayerId[] {
    const record = here.get(occupant.id);
    if (record === undefined) return [];
    // One's own layer and the group's are subscribed before they hold anything, so that their first entry arrives.
    const visible = new Set<LayerId>(visibleLayers(viewerOf(occupant), project, state));
    if (occupant.mode === 'annotate') visible.add(occupant.user.id);
    for (const layer of record.layers) {
      if (visible.has(layer)) continue;
      record.layers.delete(layer);
      occupant.unsubscribe(layer);
    }
    const fresh: LayerId[] = [];
    for (const layer of visible) {
      if (record.layers.has(layer)) continue;
      record.layers.add(layer);
      occupant.subscribe(layer);
      fresh.push(layer);
    }
    return fresh;
  }

  return {
    add(occupant) {
      here.set(occupant.id, { occupant, layers: new Set() });
    },
    remove(id) {
      const gone = here.get(id);
      here.delete(id);
      for (const layer of gone?.layers ?? []) gone?.occupant.unsubscribe(layer);
    },
    all,
    userIds,
    viewOf,
    open,
    tell(entries, state, task, project, always) {
      const byLayer = new Map<LayerId, LogEntry[]>();
      for (const entry of entries) {
        const list = byLayer.get(entry.layer);
        if (list) list.push(entry);
        else byLayer.set(entry.layer, [entry]);
      }
      for (const [layer, list] of byLayer) {
        outlet.ops({
          task: taskId,
          layer,
          from: list[0]!.lseq - 1,
          entries: list.map(({ seq: _seq, ...wire }) => wire),
        });
      }
      for (const { occupant } of here.values()) {
        const fresh = open(occupant, state, project)
          .map((id) => state.layers[id])
          .filter((layer): layer is LayerState => layer !== undefined);
        if (always || fresh.length > 0)
          occupant.state(viewOf(viewerOf(occupant), state, task, project), fresh);
      }
    },
  };
}
