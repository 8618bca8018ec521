import type { NotificationItem } from '@concord/core/protocol/resources';
import type { Notification } from '@concord/core/records/notification';
import type { User } from '@concord/core/records/user';
import type { Stored } from '@concord/platform/ports/store';
import type { People } from '../people/index.ts';
import type { Platform } from '../platform.ts';
import type { Projects } from '../projects/index.ts';
import { mayRead, readerOf } from './readers.ts';

/** Counting unread ones ends here. */
const COUNTED = 100;
/** Rows looked through in one call; a caller goes on with the cursor it gets. */
const SCAN = 1000;

export interface Notifications {
  /** Newest first; only what this person may know of now [RM32]. */
  list(
    user: User,
    query: { readonly after?: string | undefined; readonly limit: number; readonly unread: boolean },
  ): Promise<{ items: NotificationItem[]; next: string | null; unread: number }>;
  /** Marks these as read, or all that this person may know of; answers how many are left. Others' ids are passed over. */
  read(user: User, ids: readonly string[] | undefined): Promise<{ unread: number }>;
}

export function createNotifications(
  platform: Pick<Platform, 'store' | 'clock' | 'live'>,
  people: People,
  projects: Projects,
): Notifications {
  const { store, clock, live } = platform;

  /** As the person sees it; null while it is hidden from them. */
  async function shown(user: User, { record }: Stored<Notification>): Promise<NotificationItem | null> {
    const task = (await store.get('tasks', record.taskId))?.record;
    if (task === undefined) return null;
    const { record: project } = await projects.get(record.projectId);
    const now = clock.now();
    if (!mayRead(user, record.layer, task, project, now)) return null;
    const by = await people.getUser(record.by);
    if (by === null) return null;
    return {
      id: record.id,
      kind: record.kind,
      by: people.toPublic(by),
      taskId: task.id,
      taskSeq: task.seq,
      projectId: project.id,
      projectName: project.name,
      preview: task.preview,
      layer: record.layer,
      comment: record.comment,
      mode: readerOf(user, task, now).mode,
      at: record.at,
      unread: record.unread === 1,
    };
  }

  /** One page of the person's records, in the order of the index, with what may be shown of each. */
  async function page(user: User, unread: boolean, after: string | undefined, limit: number) {
    const found = await store.page('notifications', {
      ...(unread
        ? { index: 'unread' as const, where: { userId: user.id, unread: 1 } }
        : { index: 'user' as const, where: { userId: user.id } }),
      after,
      limit,
      descending: true,
    });
    const items = await Promise.all(
      found.items.map(async (stored) => ({ stored, item: await shown(user, stored) })),
    );
    return {
      items: items.flatMap(({ stored, item }) => (item === null ? [] : [{ stored, item }])),
      next: found.next,
    };
  }

  /** Unread ones that are not hidden, up to the number that is counted. */
  async function unreadOf(user: User): Promise<Stored<Notification>[]> {
    const found: Stored<Notification>[] = [];
    let after: string | undefined;
    for (let scanned = 0; scanned < SCAN && found.length < COUNTED; scanned += COUNTED) {
      const { items, next } = await page(user, true, after, COUNTED);
      found.push(...items.map(({ stored }) => stored));
      if (next === null) break;
      after = next;
    }
    return found.slice(0, COUNTED);
  }

  return {
    async list(user, { after, limit, unread }) {
      const items: NotificationItem[] = [];
      let cursor = after;
      let next: string | null = null;
      for (let scanned = 0; scanned < SCAN; scanned += limit) {
        const found = await page(user, unread, cursor, limit - items.length);
        items.push(...found.items.map(({ item }) => item));
        next = found.next;
        if (next === null || items.length >= limit) break;
        cursor = next;
      }
      return { items, next, unread: (await unreadOf(user)).length };
    },

    async read(user, ids) {
      const named = ids === undefined ? await unreadOf(user) : await store.getMany('notifications', ids);
      const mine = named.filter(({ record }) => record.userId === user.id && record.unread === 1);
      if (mine.length > 0) {
        await store.commit({
          writes: mine.map(({ record }) => ({
            put: 'notifications' as const,
            record: { ...record, unread: 0 as const },
            expect: 'any' as const,
          })),
        });
        live.publish({ topic: 'notifications', kind: 'notifications', userId: user.id });
      }
      return { unread: (await unreadOf(user)).length };
    },
  };
}
