import type { TaskId } from '@concord/core/records/ids';
import type { Handlers } from '../gateway/http/handler.ts';
import type { Rooms } from './rooms.ts';

export function roomHandlers(
  rooms: Rooms,
): Pick<Handlers, 'decisions.create' | 'tasks.reopen' | 'tasks.history' | 'tasks.people'> {
  return {
    'decisions.create': ({ user, params, body }) => rooms.decide(user, params.task as TaskId, body),
    'tasks.reopen': ({ user, params, body }) => rooms.reopen(user, params.task as TaskId, body.reason),
    'tasks.history': async ({ user, params }) => ({
      entries: await rooms.history(user, params.task as TaskId),
    }),
    'tasks.people': async ({ user, params }) => ({
      items: await rooms.people(user, params.task as TaskId),
    }),
  };
}
