import { ConcordError } from '@concord/core/errors/concord-error';
import { socketLimits } from '@concord/core/protocol/limits';
import type { TaskId } from '@concord/core/records/ids';

/** The people of a room shall be together. Who cannot get to where they are says so, and is served. */
export function elsewhere({ id, url }: { readonly id: string; readonly url: string }): ConcordError {
  const remedy = 'Join there with here: true; if it cannot be reached, join here with here: true.';
  return new ConcordError('room.elsewhere', 'Another node of this server has this room.', [
    { path: 'url', message: 'has the room', value: url, remedy },
    { path: 'node', message: 'has the room', value: id },
  ]);
}

export const tooManyRooms = (count: number) =>
  new ConcordError('overloaded', `One connection may be in ${socketLimits.rooms} rooms.`, [
    {
      path: 'task',
      message: `at most ${socketLimits.rooms} rooms a connection`,
      value: count,
      remedy: 'Leave a room with room:leave first.',
    },
  ]);

export const roomIsFull = (task: TaskId) =>
  new ConcordError('overloaded', `This room has ${socketLimits.roomConnections} connections already.`, [
    {
      path: 'task',
      message: `at most ${socketLimits.roomConnections} connections a room`,
      value: task,
      remedy: 'Try again when somebody has left.',
    },
  ]);
