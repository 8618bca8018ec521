import type { RoomPresence, ServerToRoom } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import { isBlind } from '@concord/core/rooms/visibility';
import type { Clock } from '@concord/platform/ports/clock';
import { type Room, viewerOf } from '../../rooms/index.ts';

/** Newest cursors go out at most this often a room. */
const EVERY_MS = 50;
/** Somebody who does not move is not said again. */
type Message = Parameters<ServerToRoom['room:presence']>[0];

export interface Presence {
  update(room: Room, project: Project, socketId: string, userId: string, message: RoomPresence): void;
}

/** Coalesces cursors: only the newest of each person, twenty times a second, to those who may see that person. Never stored. */
export function createPresence(clock: Clock, send: (socketId: string, message: Message) => void): Presence {
  const pending = new Map<TaskId, Map<string, RoomPresence & { userId: string }>>();

  function flush(task: TaskId, room: Room, project: Project): void {
    const moved = pending.get(task);
    pending.delete(task);
    if (moved === undefined) return;
    for (const occupant of room.occupants.all()) {
      const hidden = isBlind(viewerOf(occupant), project, room.state());
      const reviewers = new Set(
        room.occupants
          .all()
          .filter((o) => o.mode === 'review')
          .map((o) => o.user.id as string),
      );
      const people = [...moved.values()].filter(
        (p) => p.userId !== occupant.user.id && (!hidden || reviewers.has(p.userId)),
      );
      if (people.length > 0) send(occupant.id, { task, people });
    }
  }

  return {
    update(room, project, _socketId, userId, message) {
      let moved = pending.get(message.task);
      if (moved === undefined) {
        moved = new Map();
        pending.set(message.task, moved);
        clock.after(EVERY_MS, () => flush(message.task, room, project));
      }
      moved.set(userId, { ...message, userId });
    },
  };
}
