import type { NotificationItem } from '@concord/core/protocol/resources';
import { createSignal, onCleanup } from 'solid-js';
import { call } from '../api/index.ts';
import { listen } from '../live/index.ts';

const [items, setItems] = createSignal<readonly NotificationItem[]>([]);
const [unread, setUnread] = createSignal(0);
/** Those that were not there when this was last asked for. */
const [fresh, setFresh] = createSignal<readonly NotificationItem[]>([]);
/** The task whose room is open. */
const [room, setRoom] = createSignal<string | null>(null);
let started = false;
let known: ReadonlySet<string> | null = null;

async function refresh(): Promise<void> {
  try {
    const page = await call('notifications.list', { query: { limit: 50 } });
    setItems(page.items);
    setUnread(page.unread);
    const before = known;
    known = new Set(page.items.map((item) => item.id));
    if (before !== null) setFresh(page.items.filter((item) => item.unread && !before.has(item.id)));
  } catch {
    // The bell is a comfort; whatever keeps the page from the server is said elsewhere.
  }
}

/** What is meant for the person who is signed in, as far as they may know of it now. */
export const notifications = {
  items,
  unread,
  fresh,
  room,
  /** What comes for this room shows in it by itself, until the caller's owner is gone. */
  enteredRoom(task: string): void {
    setRoom(task);
    onCleanup(() => setRoom((now) => (now === task ? null : now)));
  },
  /** Starts following them. Once per page load. */
  follow(): void {
    if (started) return;
    started = true;
    void refresh();
    listen(
      'notifications',
      () => void refresh(),
      () => void refresh(),
    );
  },
  /** Marks these as read, or all. */
  async read(ids?: readonly string[]): Promise<void> {
    const chosen = ids === undefined ? null : new Set(ids);
    setItems((all) =>
      all.map((item) => (chosen?.has(item.id) === false ? item : { ...item, unread: false })),
    );
    const left = await call('notifications.read', { body: ids === undefined ? {} : { ids: [...ids] } });
    setUnread(left.unread);
  },
  /** These comments were read in their room. */
  readComments(task: string, comments: readonly string[]): void {
    const ids = items()
      .filter((item) => item.unread && item.taskId === task && comments.includes(item.comment))
      .map((item) => item.id);
    if (ids.length > 0) notifications.read(ids).catch(() => {});
  },
};

/** Where a notification leads. */
export function addressOfNotification(item: NotificationItem): string {
  const room = item.mode === 'review' ? `/review/${item.taskId}` : `/label/${item.projectId}/${item.taskId}`;
  return `${room}?comment=${encodeURIComponent(`${item.layer}/${item.comment}`)}`;
}

export function sayNotification(item: NotificationItem): string {
  return item.kind === 'mention' ? 'mentioned you' : 'replied to you';
}
