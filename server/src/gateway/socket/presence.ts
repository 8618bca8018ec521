import type { RoomPresence, ServerToRoom } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import { presenceFor } from '@concord/core/rooms/presence';
import type { Clock } from '@concord/platform/ports/clock';
import { type Room, viewerOf } from '../../rooms/index.ts';

/** Newest cursors go out at most this often a room. */
const EVERY_MS = 50;
type Message = Parameters<ServerToRoom['room:presence']>[0];

export interface Presence {
  update(room: Room, project: Project, socketId: string, message: RoomPresence): void;
}

/** Coalesces cursors: only the newest of each person, twenty times a second, to those who may see that person. Never stored. */
export function createPresence(clock: Clock, send: (socketId: string, message: Message) => void): Presence {
  const pending = new Map<TaskId, Map<string, RoomPresence>>();

  function flush(task: TaskId, room: Room, project: Project): void {
    const moved = pending.get(task);
    pending.delete(task);
    if (moved === undefined) return;
    const all = room.occupants.all();
    for (const occupant of all) {
      const people: Message['people'][number][] = [];
      for (const [socketId, presence] of moved) {
        const sender = all.find((o) => o.id === socketId);
        if (sender === undefined || sender.user.id === occupant.user.id) continue;
        const seen = presenceFor(viewerOf(occupant), viewerOf(sender), presence, project, room.state());
        if (seen !== null) people.push({ ...seen, userId: sender.user.id });
      }
      if (people.length > 0) send(occupant.id, { task, people });
    }
  }

  return {
    update(room, project, socketId, message) {
      let moved = pending.get(message.task);
      if (moved === undefined) {
        moved = new Map();
        pending.set(message.task, moved);
        clock.after(EVERY_MS, () => flush(message.task, room, project));
      }
      // What changed since the last message goes out, not only what changed last.
      moved.set(socketId, { ...moved.get(socketId), ...message });
    },
  };
}
