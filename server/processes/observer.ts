import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskDetail } from '@concord/core/protocol/resources';
import type { RoomOps } from '@concord/core/protocol/rooms';
import { PROTOCOL_VERSION } from '@concord/core/protocol/version';
import type { TaskId } from '@concord/core/records/ids';
import type { User } from '@concord/core/records/user';
import { systemClock } from '@concord/platform/adapters/clock-system/clock-system';
import { io } from 'socket.io-client';
import { createMemoryOutbox } from '../../client/src/session/outbox.ts';
import { createRoomSession } from '../../client/src/session/room-session.ts';
import type { RoomSession } from '../../client/src/session/session.ts';
import { overSocket, type RoomSocket } from '../../client/src/session/socket-transport.ts';
import type { Answer, RoomTransport } from '../../client/src/session/transport.ts';
import { type ApiClient, createApiClient, ProblemError } from '../src/cli/api-client.ts';
import { judgementsOf } from '../src/testing/anaesthesia.ts';

/** Long enough for a server to be started again. */
const PATIENCE_MS = 30_000;

/** What a server said that it has. */
export interface Acknowledged {
  readonly ops: (RoomOps['ops'][number] & { readonly task: TaskId; readonly client: string })[];
  readonly submissions: { readonly task: TaskId; readonly userId: string }[];
  /** Called for every submission; the test sets it. */
  onSubmission: () => void;
}

/** How the answers of the server reach the observers; the test sets it. */
export interface Hearing {
  /** Answers to these, and news of them, come no more; each observer then waits until the connection breaks. */
  deafTo: 'ops' | 'submit' | null;
  /** Who was not told of something that the server has carried out. */
  readonly untold: Set<string>;
}

export interface Observer {
  readonly name: string;
  readonly user: User;
  readonly key: string;
}

/** One of the five at work. */
export interface Work {
  /** Labels as in 1979 until so many patients are done. What is lost on the way is sent again. */
  labelUntil(count: number): Promise<void>;
  end(): void;
}

/** Works with the page's own session over a real connection. */
export function startWork(
  url: string,
  projectId: string,
  { name, user, key }: Observer,
  acknowledged: Acknowledged,
  hearing: Hearing,
): Work {
  const api = createApiClient(url, key);
  const socket: RoomSocket = io(`${url}/rooms`, {
    transports: ['websocket'],
    auth: { token: key, protocol: PROTOCOL_VERSION },
    reconnectionDelay: 50,
    reconnectionDelayMax: 500,
    forceNew: true,
  });
  const transport = noting(name, socket, acknowledged, hearing);
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
    const soon = <T>(work: Promise<T>, what: string) =>
      within(work, () => `${name} is not ${what}, ${JSON.stringify(session.saveState())}: ${task.id}`);
    await soon(session.joined, 'in the room');
    for (const label of judgementsOf(String(asset.data['text']), name)) {
      session.dispatch(user.id, [{ t: 'classify', set: { label } }]);
      await soon(saved(session), 'answered');
    }
    const outcome = await soon(session.submit(1000), 'heard');
    if (outcome.kind === 'refused') throw new Error(`${name}: ${JSON.stringify(outcome.problem)}`);
    acknowledged.submissions.push({ task: task.id, userId: user.id });
    acknowledged.onSubmission();
    session.close('when-sent');
  }

  return {
    async labelUntil(count) {
      while (visits < count) await labelOne(await next(api, projectId));
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

/** The outcome; fails with these words where there is none for long. */
export async function within<T>(work: Promise<T>, what: () => string): Promise<T> {
  const over = new AbortController();
  const late = sleep(PATIENCE_MS, null, { signal: over.signal }).then(() =>
    Promise.reject(new Error(what())),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}

/** Resolves when the server has everything that was done. */
export function saved(session: RoomSession): Promise<void> {
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

/** The wire of the page, with a note of every op that an answer said is in, and a switch that keeps answers away. */
function noting(
  name: string,
  socket: RoomSocket,
  acknowledged: Acknowledged,
  hearing: Hearing,
): RoomTransport {
  const transport = overSocket(socket);
  async function hear<T>(kind: Hearing['deafTo'], answer: Answer<T>): Promise<Answer<T>> {
    if (hearing.deafTo !== kind || answer.ok !== true) return answer;
    hearing.untold.add(name);
    await new Promise((broken) => socket.once('disconnect', broken));
    return { ok: 'lost' };
  }
  return notingOps(
    {
      ...transport,
      listen: (task, listener) =>
        transport.listen(task, {
          ...listener,
          onOps(message) {
            const entries = message.batch.flatMap((one) => one.entries);
            const kinds = entries.map(({ op }) => (op.t === 'submit' ? 'submit' : 'ops'));
            if (hearing.deafTo === null || !kinds.includes(hearing.deafTo)) listener.onOps(message);
          },
        }),
      ops: async (message) => hear('ops', await transport.ops(message)),
      submit: async (message) => hear('submit', await transport.submit(message)),
    },
    ({ op, ...where }) => acknowledged.ops.push({ ...op, ...where }),
  );
}

export interface AcknowledgedOp {
  readonly op: RoomOps['ops'][number];
  readonly task: TaskId;
  readonly client: string;
}

/** A wire that tells of every op which an answer said is in. */
export function notingOps(transport: RoomTransport, note: (op: AcknowledgedOp) => void): RoomTransport {
  return {
    ...transport,
    async ops(message) {
      const answer = await transport.ops(message);
      if (answer.ok !== true) return answer;
      const taken = new Set(answer.acked.map(({ n }) => n));
      const { task, client } = message;
      for (const op of message.ops) if (taken.has(op.n)) note({ op, task, client });
      return answer;
    },
  };
}
