import type { Problem } from '@concord/core/errors/concord-error';
import type { JoinReply, RoomJoin } from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';
import { describe, expect, it } from 'vitest';
import { createNodePool, type NodeLink } from './node-pool.ts';
import type { SessionClock } from './session.ts';
import type { Answer, RoomListener, RoomTransport } from './transport.ts';

const task = 'tsk_a' as TaskId;
const homeUrl = 'http://home';
const joinMessage: RoomJoin = { task, mode: 'annotate', client: 'client-0001' };
const lost = async () => ({ ok: 'lost' as const });
const turns = async () => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
};

function elsewhere(url: string): Problem {
  const errors = [{ path: 'url', message: 'has the room', value: url }];
  const code = 'room.elsewhere' as const;
  return { type: code, title: code, status: 421, code, detail: '', retry: true, errors };
}
const welcome = (others: readonly string[]) => ({ ok: true, others }) as unknown as Answer<JoinReply>;

/** One node as a client meets it. */
function createNode(name: string, log: string[]) {
  const listeners = new Map<TaskId, RoomListener>();
  let up = true;
  const node = {
    answer: (_message: RoomJoin): Answer<JoinReply> => welcome([]),
    listeners,
    up: () => up,
    goes() {
      up = false;
      for (const listener of [...listeners.values()]) listener.onDown(null);
    },
    comes() {
      up = true;
      for (const listener of [...listeners.values()]) listener.onUp();
    },
  };
  const transport: RoomTransport = {
    isUp: () => up,
    listen(id, listener) {
      listeners.set(id, listener);
      return () => {
        listeners.delete(id);
      };
    },
    async join(message) {
      log.push(`${name} join${message.here ? ' here' : ''}`);
      return up ? node.answer(message) : { ok: 'lost' };
    },
    async ops() {
      log.push(`${name} ops`);
      return { ok: 'lost' };
    },
    submit: lost,
    withdraw: lost,
    skip: lost,
    resolve: lost,
    presence() {},
    leave: () => void log.push(`${name} leave`),
  };
  return { ...node, node, transport };
}

function createWorld() {
  const log: string[] = [];
  const home = createNode('home', log);
  const nodes = new Map<string, ReturnType<typeof createNode>>();
  const add = (name: string) => {
    const made = createNode(name, log);
    nodes.set(`http://${name}`, made);
    return made;
  };
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  let now = 0;
  const clock: SessionClock = {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  };
  async function pass(ms: number): Promise<void> {
    const end = now + ms;
    for (;;) {
      await turns();
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      timers = timers.filter((one) => one !== next);
      now = next.at;
      next.run();
    }
    now = end;
  }
  const pool = createNodePool({
    home: home.transport,
    homeUrl,
    clock,
    random: () => 0.5,
    connect(url): NodeLink {
      log.push(`connect ${url}`);
      const node = nodes.get(url);
      const transport = node?.transport ?? { ...home.transport, isUp: () => false };
      const ready = Promise.resolve(node?.up() ?? false);
      return { transport, ready, close: () => void log.push(`close ${url}`) };
    },
  });
  const heard: string[] = [];
  const stop = pool.listen(task, {
    onUp: () => void heard.push('up'),
    onDown: () => void heard.push('down'),
    onOps: () => void heard.push('ops'),
    onState() {},
    onSuggestions() {},
    onPresence() {},
    onRejoin: () => void heard.push('rejoin'),
  });
  return { log, heard, home, add, pool, pass, stop };
}

describe('rooms over several nodes', () => {
  it('goes to the node that has the room, and everything of the room with it', async () => {
    const { pool, home, add, log, heard } = createWorld();
    const b = add('b');
    home.node.answer = () => ({ ok: false, problem: elsewhere('http://b') });
    expect((await pool.join(joinMessage)).ok).toBe(true);
    await pool.ops({ task, client: 'client-0001', ops: [] });
    expect(log).toEqual(['home join', 'connect http://b', 'b join here', 'b ops']);
    expect([home.listeners.size, b.listeners.size]).toEqual([0, 1]);
    b.listeners.get(task)?.onRejoin({ task, reason: '' });
    expect(heard).toEqual(['rejoin']);
    // Asked to come anew, it is that node who says where to go.
    b.node.answer = () => ({ ok: false, problem: elsewhere(homeUrl) });
    home.node.answer = () => welcome([]);
    expect((await pool.join(joinMessage)).ok).toBe(true);
    expect(log.slice(4)).toEqual(['b join', 'home join here']);
  });

  it('is served where it is when that node cannot be reached, or does not answer', async () => {
    const { pool, home, add, log } = createWorld();
    home.node.answer = ({ here }) =>
      here ? welcome([]) : { ok: false, problem: elsewhere('http://nowhere') };
    expect((await pool.join(joinMessage)).ok).toBe(true);
    expect(log).toEqual(['home join', 'connect http://nowhere', 'close http://nowhere', 'home join here']);
    const mute = add('mute');
    mute.node.answer = () => ({ ok: 'lost' });
    home.node.answer = ({ here }) => (here ? welcome([]) : { ok: false, problem: elsewhere('http://mute') });
    expect((await pool.join(joinMessage)).ok).toBe(true);
    expect(log.slice(4)).toEqual(['home join', 'connect http://mute', 'mute join here', 'home join here']);
  });

  it('comes home at once when its node dies', async () => {
    const { pool, home, add, log, heard, pass } = createWorld();
    const b = add('b');
    home.node.answer = () => ({ ok: false, problem: elsewhere('http://b') });
    await pool.join(joinMessage);
    b.node.goes();
    await pass(300);
    expect(heard).toEqual(['down', 'up']);
    expect(log.at(-1)).toBe('close http://b');
    await pool.ops({ task, client: 'client-0001', ops: [] });
    expect(log.at(-1)).toBe('home ops');
  });

  it('goes to another node while home is away, and stays there', async () => {
    const { pool, home, add, log, heard, pass } = createWorld();
    home.node.answer = () => welcome(['http://b']);
    await pool.join(joinMessage);
    home.node.goes();
    await pass(2_000);
    expect(heard).toEqual(['down']);
    add('b');
    await pass(2_000);
    expect(heard).toEqual(['down', 'up']);
    expect((await pool.join(joinMessage)).ok).toBe(true);
    expect(log.at(-1)).toBe('b join');
    home.node.comes();
    await pass(60_000);
    expect(heard).toEqual(['down', 'up']);
  });

  it('finds a node for a room that is opened while home is away, also the one it was last sent to', async () => {
    const { pool, home, add, log, heard, pass } = createWorld();
    const b = add('b');
    home.node.answer = () => ({ ok: false, problem: elsewhere('http://b') });
    b.node.answer = () => welcome([homeUrl]);
    await pool.join(joinMessage);
    home.node.goes();
    const other = 'tsk_b' as TaskId;
    const stop = pool.listen(other, {
      onUp: () => void heard.push('other up'),
      onDown() {},
      onOps() {},
      onState() {},
      onSuggestions() {},
      onPresence() {},
      onRejoin() {},
    });
    await pass(1_000);
    expect(heard).toEqual(['other up']);
    expect((await pool.join({ ...joinMessage, task: other })).ok).toBe(true);
    expect(log.at(-1)).toBe('b join');
    stop();
  });

  it('joins anew when home goes while a room is sent from there to its node', async () => {
    const { pool, home, add, log, heard, pass } = createWorld();
    add('b');
    home.node.answer = () => ({ ok: false, problem: elsewhere('http://b') });
    const joined = pool.join(joinMessage);
    home.node.goes();
    expect((await joined).ok).toBe('lost');
    await pass(2_000);
    expect(heard).toEqual(['down', 'up']);
    expect((await pool.join(joinMessage)).ok).toBe(true);
    expect(log.at(-1)).toBe('b join');
  });

  it('says that a room is left to the node that had it, and lets that node go after a while', async () => {
    const { pool, home, add, log, pass, stop } = createWorld();
    add('b');
    home.node.answer = () => ({ ok: false, problem: elsewhere('http://b') });
    await pool.join(joinMessage);
    stop();
    pool.leave({ task, release: false });
    expect(log.at(-1)).toBe('b leave');
    await pass(20_000);
    expect(log.at(-1)).toBe('b leave');
    await pass(20_000);
    expect(log.at(-1)).toBe('close http://b');
  });
});
