import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskDetail } from '@concord/core/protocol/resources';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { TaskId } from '@concord/core/records/ids';
import type { User } from '@concord/core/records/user';
import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import { io } from 'socket.io-client';
import { createNodePool } from '../../client/src/session/node-pool.ts';
import { createMemoryOutbox } from '../../client/src/session/outbox.ts';
import { createRoomSession } from '../../client/src/session/room-session.ts';
import type { RoomSession } from '../../client/src/session/session.ts';
import { linkTo, overSocket } from '../../client/src/session/socket-transport.ts';
import { createApiClient, ProblemError } from '../src/cli/api-client.ts';
import { type AcknowledgedOp, notingOps, saved, within } from './observer.ts';

/** What the labellers were told, and when. */
export interface Told {
  readonly ops: AcknowledgedOp[];
  readonly submissions: { readonly task: TaskId; readonly userId: string }[];
  /** What a person would have seen that is not "saved", "saving" or "connecting". */
  readonly troubles: { readonly name: string; readonly kind: string; readonly detail: string }[];
  /** Who was told that something of theirs is in, and when last. */
  readonly lastAt: Map<string, number>;
}

export const nothingTold = (): Told => ({ ops: [], submissions: [], troubles: [], lastAt: new Map() });

export interface Labeller {
  /** Labels until told to stop; what is begun is finished. */
  readonly done: Promise<void>;
  stop(): void;
}

const BETWEEN_MS = 80;

/**
 * Labels with the page's own session over its own pool of connections: home is the first address, the others are found as
 * the server names them.
 */
export function startLabeller(
  urls: readonly string[],
  projectId: string,
  { name, user, key }: { readonly name: string; readonly user: User; readonly key: string },
  told: Told,
): Labeller {
  const [homeUrl = ''] = urls;
  const settings = { transports: ['websocket'], auth: { token: key, protocol: PROTOCOL_VERSION } };
  const home = io(`${homeUrl}/rooms`, {
    ...settings,
    reconnectionDelay: 200,
    reconnectionDelayMax: 1_000,
    forceNew: true,
  });
  const links: { close(): void }[] = [];
  const pool = createNodePool({
    home: overSocket(home),
    homeUrl,
    clock: systemClock,
    random: Math.random,
    connect(url) {
      const link = linkTo(url, settings);
      links.push(link);
      return link;
    },
  });
  const heard = () => told.lastAt.set(name, performance.now());
  const transport = notingOps(pool, (op) => {
    told.ops.push(op);
    heard();
  });
  const outbox = createMemoryOutbox();
  let stopping = false;
  let visits = 0;

  /** The next task, from whichever node answers; null when there is none. */
  async function next(): Promise<TaskDetail | null> {
    for (let tries = 0; !stopping; tries++) {
      try {
        const url = urls[tries % urls.length] ?? homeUrl;
        return await createApiClient(url, key).post<TaskDetail>(`/projects/${projectId}/next`, {});
      } catch (error) {
        if (error instanceof ProblemError && error.problem.code === 'queue.empty') return null;
        if (error instanceof ProblemError && !error.problem.retry) throw error;
        await sleep(100);
      }
    }
    return null;
  }

  function watch(session: RoomSession): void {
    let last = '';
    session.onChange(() => {
      const { kind, ...rest } = session.saveState();
      const isFine = kind === 'saved' || kind === 'saving' || kind === 'connecting';
      if (!isFine && kind !== last) told.troubles.push({ name, kind, detail: JSON.stringify(rest) });
      last = kind;
    });
  }

  async function label({ task }: TaskDetail): Promise<void> {
    visits += 1;
    const session = createRoomSession({
      task: task.id,
      mode: 'annotate',
      user,
      client: `${name}-visit-${visits}`,
      transport,
      outbox,
      clock: systemClock,
      newId: () => crypto.randomUUID(),
    });
    watch(session);
    const soon = <T>(work: Promise<T>, what: string) =>
      within(work, () => `${name} is not ${what}, ${JSON.stringify(session.saveState())}: ${task.id}`);
    await soon(session.joined, 'in the room');
    for (const answer of ['ham', 'spam']) {
      session.dispatch(user.id, [{ t: 'classify', set: { label: answer } }]);
      await sleep(BETWEEN_MS);
    }
    await soon(saved(session), 'answered');
    const outcome = await soon(session.submit(500), 'heard');
    if (outcome.kind === 'refused') throw new Error(`${name}: ${JSON.stringify(outcome.problem)}`);
    told.submissions.push({ task: task.id, userId: user.id });
    heard();
    session.close('when-sent');
    await sleep(BETWEEN_MS);
  }

  async function work(): Promise<void> {
    while (!stopping) {
      const detail = await next();
      if (detail === null) return;
      await label(detail);
    }
  }

  return {
    done: work().finally(() => {
      home.disconnect();
      for (const link of links) link.close();
    }),
    stop() {
      stopping = true;
    },
  };
}
