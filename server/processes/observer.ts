import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskDetail } from '@concord/core/protocol/resources';
import type { OpsReply, RoomOps } from '@concord/core/protocol/rooms';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { TaskId } from '@concord/core/records/ids';
import type { User } from '@concord/core/records/user';
import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import { io } from 'socket.io-client';
import { createMemoryOutbox } from '../../client/src/session/outbox.ts';
import { createRoomSession, type RoomSession } from '../../client/src/session/room-session.ts';
import { overSocket } from '../../client/src/session/socket-transport.ts';
import type { RoomTransport } from '../../client/src/session/transport.ts';
import { type ApiClient, createApiClient, ProblemError } from '../src/cli/api-client.ts';
import { judgementsOf } from '../src/testing/anaesthesia.ts';

/** Long enough for a server to be started again. */
const PATIENCE_MS = 30_000;

/** What a server said that it has. */
export interface Acknowledged {
  readonly ops: (RoomOps['ops'][number] & { readonly task: TaskId; readonly client: string })[];
  readonly submissions: { readonly task: TaskId; readonly userId: string }[];
}

export interface Observer {
  readonly name: string;
  readonly user: User;
  readonly key: string;
}

/** One of the five at work. */
export interface Work {
  /** Labels this many more patients as in 1979. What is lost on the way is sent again. */
  label(count: number): Promise<void>;
  end(): void;
}

/** Works with the page's own session over a real connection. */
export function startWork(
  url: string,
  projectId: string,
  { name, user, key }: Observer,
  acknowledged: Acknowledged,
): Work {
  const api = createApiClient(url, key);
  const socket = io(`${url}/rooms`, {
    transports: ['websocket'],
    auth: { token: key, protocol: PROTOCOL_VERSION },
    reconnectionDelay: 50,
    reconnectionDelayMax: 500,
    forceNew: true,
  });
  const transport = noting(overSocket(socket), acknowledged);
  const outbox = createMemoryOutbox();
  let visits = 0;

  async function labelOne({ task, asset }: TaskDetail): Promise<void> {
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
    await session.joined;
    for (const label of judgementsOf(String(asset.data['text']), name)) {
      session.dispatch(user.id, [{ t: 'classify', set: { label } }]);
      await saved(session);
    }
    const outcome = await session.submit(1000);
    if (outcome.kind === 'refused') throw new Error(`${name}: ${JSON.stringify(outcome.problem)}`);
    acknowledged.submissions.push({ task: task.id, userId: user.id });
    session.close('when-sent');
  }

  return {
    async label(count) {
      for (let i = 0; i < count; i++) await labelOne(await next(api, projectId));
    },
    end: () => socket.disconnect(),
  };
}

/** The next task, asked for until there is a server to answer. */
async function next(api: ApiClient, projectId: string): Promise<TaskDetail> {
  const patienceEnds = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await api.post(`/projects/${projectId}/next`, {});
    } catch (error) {
      const final = error instanceof ProblemError && !error.problem.retry;
      if (final || Date.now() > patienceEnds) throw error;
      await sleep(50);
    }
  }
}

function saved(session: RoomSession): Promise<void> {
  return new Promise((done, fail) => {
    const look = () => {
      const state = session.saveState();
      if (state.kind === 'saved') done();
      else if (state.kind === 'refused' || state.kind === 'closed') fail(new Error(JSON.stringify(state)));
      else return;
      stop();
    };
    const stop = session.onChange(look);
    look();
  });
}

/** The same wire, with a note of every op that an answer said is in. */
function noting(transport: RoomTransport, acknowledged: Acknowledged): RoomTransport {
  return {
    ...transport,
    async ops(message) {
      const reply = await transport.ops(message);
      if (reply.ok === true) {
        const taken = new Set((reply as OpsReply).acked.map(({ n }) => n));
        const { task, client } = message;
        for (const op of message.ops) if (taken.has(op.n)) acknowledged.ops.push({ ...op, task, client });
      }
      return reply;
    },
  };
}
