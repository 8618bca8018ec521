import type { RoomPresence } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import type { Clock } from '@concord/platform/ports/clock';
import type { OpenRoom } from '../../rooms/index.ts';

/** Newest cursors go out at most this often a room. */
const EVERY_MS = 50;

type Moved = Map<string, RoomPresence & { readonly userId: string }>;

export interface Presence {
  update(room: OpenRoom, userId: string, message: RoomPresence): void;
}

/** Coalesces cursors: only the newest of each person, twenty times a second, to those who may see that person. Never stored. */
export function createPresence(clock: Clock): Presence {
  const pending = new Map<TaskId, Moved>();

  function gather(room: OpenRoom, task: TaskId): Moved {
    const moved: Moved = new Map();
    pending.set(task, moved);
    clock.after(EVERY_MS, () => {
      pending.delete(task);
      room.presence([...moved.values()]);
    });
    return moved;
  }

  return {
    update(room, userId, message) {
      const moved = pending.get(message.task) ?? gather(room, message.task);
      // A message says what changed: what an earlier one said of other things still stands.
      moved.set(userId, { ...moved.get(userId), ...message, userId });
    },
  };
}
