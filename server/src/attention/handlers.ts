import type { Handlers } from '../gateway/http/handler.ts';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import type { Projects } from '../projects/index.ts';
import { createHands } from './hands.ts';
import { createNotifications } from './notifications.ts';

export function attentionHandlers(
  platform: Platform,
  people: People,
  projects: Projects,
): Pick<Handlers, 'hands.list' | 'notifications.list' | 'notifications.read'> {
  const hands = createHands(platform, people, projects);
  const notifications = createNotifications(platform, people, projects);
  return {
    'hands.list': ({ user, query }) => hands.list(user, query),
    'notifications.list': ({ user, query }) => notifications.list(user, query),
    'notifications.read': ({ user, body }) => notifications.read(user, body.ids),
  };
}
