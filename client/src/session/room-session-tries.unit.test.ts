import type { Problem } from '@concord/core/errors/concord-error';
import type { JoinReply, OpsReply } from '@concord/core/protocol/rooms';
import type { TaskId, UserId } from '@concord/core/records/ids';
import { describe, expect, it } from 'vitest';
import { createMemoryOutbox } from './outbox.ts';
import { createRoomSession } from './room-session.ts';
import type { SessionClock } from './session.ts';
import type { Answer, RoomListener, RoomTransport } from './transport.ts';

const task = 'tsk_a' as TaskId;
const me = 'usr_me' as UserId;
const key = { user: me, task, client: 'client-0001' };
const problem = (code: Problem['code'], retry: boolean): Problem => ({
  type: `urn:concord:error:${code}`,
  title: code,
  status: 500,
  code,
  detail: `because of ${code}`,
  retry,
  errors: [],
});

/** Timers run by hand, in their order. */
function createClock() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const clock: SessionClock = {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((t) => t !== timer);
      };
    },
  };
  async function pass(ms: number): Promise<void> {
    const end = now + ms;
    for (;;) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      const next = timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      timers = timers.filter((t) => t !== next);
      now = next.at;
      next.run();
    }
    now = end;
  }
  return { clock, pass };
}

const welcome: Answer<JoinReply> = {
  ok: true,
  protocol: 2,
  you: { id: me, name: 'me', display: 'Me', role: 'annotator', active: true, color: '#123456' },
  layer: me,
  view: {
    task,
    state: 'open',
    revision: 0,
    visibility: 'blind',
    blind: true,
    here: 1,
    members: [],
    agreement: null,
    confidence: null,
    submissions: null,
    leaseUntil: null,
  },
  layers: [],
  missed: [],
  acked: 0,
  others: [],
};

function createServer() {
  let listener: RoomListener | null = null;
  const asked: { at: number; event: string }[] = [];
  const answers = {
    join: (): Answer<JoinReply> => welcome,
    ops: (_ns: readonly number[]): Answer<OpsReply> => ({ ok: 'lost' }),
  };
  const { clock, pass } = createClock();
  const note = (event: string) => asked.push({ at: clock.now(), event });
  const refused = async () => ({ ok: 'lost' as const });
  const transport: RoomTransport = {
    isUp: () => true,
    listen(_task, heard) {
      listener = heard;
      return () => {
        listener = null;
      };
    },
    async join() {
      note('join');
      return answers.join();
    },
    async ops(message) {
      note('ops');
      return answers.ops(message.ops.map(({ n }) => n));
    },
    submit: refused,
    withdraw: refused,
    skip: refused,
    resolve: refused,
    presence() {},
    leave() {},
  };
  return { transport, clock, pass, asked, answers, listener: () => listener };
}

function enter(server: ReturnType<typeof createServer>) {
  const outbox = createMemoryOutbox();
  let made = 0;
  const session = createRoomSession({
    task,
    mode: 'annotate',
    user: { id: me },
    client: key.client,
    transport: server.transport,
    outbox,
    clock: server.clock,
    newId: () => `r${++made}`,
  });
  return { session, outbox };
}

describe('a room from the page’s side', () => {
  it('[PR50] waits longer and longer between tries that fail, and sends all once one succeeds', async () => {
    const server = createServer();
    const { session, outbox } = enter(server);
    await server.pass(100);
    server.answers.ops = () => ({ ok: false, problem: problem('internal', true) });
    session.dispatch(me, [{ t: 'classify', set: { label: 'spam' } }]);
    await server.pass(60_000);
    const tries = server.asked.filter(({ event }) => event === 'ops').map(({ at }) => at);
    expect(tries.length).toBeGreaterThan(4);
    expect(tries.length).toBeLessThan(16);
    const pauses = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
    expect(pauses.at(-1)).toBeGreaterThan(5 * (pauses[0] ?? 0));
    expect(session.saveState()).toMatchObject({ unsent: 1 });

    server.answers.ops = (ns) => ({ ok: true, acked: ns.map((n) => ({ n, lseq: 0 })), refused: [] });
    await server.pass(20_000);
    expect(session.saveState()).toEqual({ kind: 'saved' });
    expect((await outbox.of(me)).flatMap((record) => record.queue)).toEqual([]);
    const from = server.asked.length;
    session.dispatch(me, [{ t: 'classify', set: { label: 'ham' } }]);
    await server.pass(1_000);
    expect(server.asked.slice(from).filter(({ event }) => event === 'ops')).toHaveLength(1);
  });

  it('[PR51] keeps and shows what could not be sent when there is no way back into the room', async () => {
    const server = createServer();
    const { session, outbox } = enter(server);
    await server.pass(100);
    session.dispatch(me, [{ t: 'classify', set: { label: 'spam' } }]);
    server.answers.join = () => ({ ok: false, problem: problem('room.closed', false) });
    await server.pass(5_000);
    expect(session.saveState()).toMatchObject({
      kind: 'refused',
      count: 1,
      reason: 'because of room.closed',
    });
    const [record] = await outbox.of(me);
    expect(record?.drafts).toMatchObject([{ item: { op: { set: { label: 'spam' } } } }]);
  });

  it('[PR50] keeps work queued while somebody has to sign in again', async () => {
    const server = createServer();
    const { session, outbox } = enter(server);
    await server.pass(100);
    session.dispatch(me, [{ t: 'classify', set: { label: 'spam' } }]);
    server.listener()?.onDown(problem('auth.wrong', false));
    await server.pass(5_000);
    expect(session.saveState()).toMatchObject({ kind: 'closed' });
    expect((await outbox.of(me)).flatMap((record) => record.queue)).toHaveLength(1);
  });
});
