import type { TaskId } from '@concord/core/records/ids';
import type { PublicUser } from '@concord/core/records/user';
import { claimClientId, holdClientId, newRegionId } from './ids.ts';
import type { Outbox } from './outbox.ts';
import { createIndexedOutbox } from './outbox-idb.ts';
import { createRoomSession } from './room-session.ts';
import type { RoomSession, SessionClock } from './session.ts';
import { createSocketTransport } from './socket-transport.ts';
import type { RoomTransport } from './transport.ts';

const pageClock: SessionClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Everything of this page that talks to rooms: one socket, one client id, one outbox. */
export interface RoomsClient {
  /** Enters a room. Unsent work of an earlier visit on this device goes along. */
  open(task: TaskId, mode: 'annotate' | 'review', user: Pick<PublicUser, 'id'>): Promise<RoomSession>;
  /** Sends what earlier visits left unsent in other rooms, quietly. Resolves with how many rooms had something. */
  sendLeftovers(user: Pick<PublicUser, 'id'>): Promise<number>;
}

function createRoomsClient(transport: RoomTransport, outbox: Outbox): RoomsClient {
  const mine = claimClientId();
  const opened = new Set<string>();
  const sessions = new Set<RoomSession>();
  // A page that is closed gives its places back soon; one that is only cut off keeps them for their whole lease.
  addEventListener('pagehide', (event) => {
    if (!event.persisted) for (const session of sessions) session.close('now');
  });

  /**
   * The id to enter under: a closed tab's, when it left unsent work in this room (so that the server recognises what
   * it already has), else this tab's own.
   */
  async function clientFor(task: TaskId, user: string): Promise<string> {
    const own = await mine;
    const left = await outbox.of(user).catch(() => []);
    if (left.some((r) => r.key.task === task && r.key.client === own)) return own;
    for (const record of left)
      if (record.key.task === task && (await holdClientId(record.key.client))) return record.key.client;
    return own;
  }

  async function open(
    task: TaskId,
    mode: 'annotate' | 'review',
    user: Pick<PublicUser, 'id'>,
  ): Promise<RoomSession> {
    const client = await clientFor(task, user.id);
    opened.add(task);
    const session = createRoomSession({
      task,
      mode,
      user,
      client,
      transport,
      outbox,
      clock: pageClock,
      newId: newRegionId,
      onLeft: () => sessions.delete(session),
    });
    sessions.add(session);
    return session;
  }

  return {
    open,
    async sendLeftovers(user) {
      const left = (await outbox.of(user.id).catch(() => [])).filter(
        (r) => r.queue.length > 0 && !opened.has(r.key.task),
      );
      for (const record of left) {
        const session = await open(record.key.task as TaskId, record.mode, user);
        session.close('when-sent');
      }
      return left.length;
    },
  };
}

let client: RoomsClient | null = null;

/** The page's one rooms client; the socket opens with the first call. */
export function roomsClient(): RoomsClient {
  client ??= createRoomsClient(createSocketTransport(), createIndexedOutbox());
  return client;
}
