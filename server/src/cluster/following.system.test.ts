import { projectInput } from '@concord/core/protocol/routes';
import type { Project } from '@concord/core/records/project';
import type { Role } from '@concord/core/records/user';
import { applyAll, emptyRoom } from '@concord/core/rooms/apply';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import type { TestServer } from '../testing/server.ts';
import { type Visitor, visit } from '../testing/visitor.ts';

const soon = { timeout: 10_000, interval: 10 };
const classify = (label: string, reason?: string) => ({
  t: 'classify',
  set: { label, ...(reason === undefined ? {} : { reason }) },
});
let made = 0;

describe('a room with people on two nodes', () => {
  let cluster: TestCluster;
  let a: TestServer;
  let b: TestServer;
  let visitors: Visitor[];
  beforeAll(async () => {
    cluster = await startTestCluster();
    [a, b] = cluster.nodes as [TestServer, TestServer];
  });
  afterAll(() => cluster.close());
  beforeEach(() => {
    visitors = [];
  });
  afterEach(() => {
    for (const visitor of visitors) visitor.close();
    cluster.hub.heal();
  });

  async function someone(at: TestServer, role: Role = 'annotator'): Promise<Visitor> {
    const visitor = visit(at.url, await a.addUser(`somebody-${++made}`, role));
    visitors.push(visitor);
    return visitor;
  }
  /** The same person on another node. */
  async function task(fields: Partial<Project> = {}): Promise<string> {
    const project = await a.createProject({ name: `Two nodes ${++made}`, ...fields });
    const rules = { ...projectInput.parse({ name: 'x', schema: project.schema }).rules, ...project.rules };
    await a.api.patch(`/projects/${project.id}`, { rules: { ...rules, overlap: { min: 4, max: 4 } } });
    const { task: added } = await a.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
      data: { text: `letter ${made}` },
    });
    return added.id;
  }
  const log = (room: string) => a.platform.store.log.read(room, 0);
  const stateOn = async (node: TestServer, room: string) =>
    (await node.app.rooms.open(room as `tsk_${string}`)).state();

  it('shows everybody the same, whoever wrote it where, and each entry once', async () => {
    const room = await task({ visibility: 'open' });
    const [ann, ben] = [await someone(a), await someone(b)];
    await ann.join(room);
    await ben.join(room);
    for (let i = 0; i < 20; i++) {
      await (i % 2 === 0 ? ann : ben).op(room, 'consensus', classify(i % 4 < 2 ? 'spam' : 'ham'));
    }
    await ann.op(room, ann.userId, classify('spam'));
    const entries = await log(room);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
    for (const visitor of [ann, ben]) {
      await expect.poll(() => visitor.entries(room).get(ann.userId)?.length, soon).toBe(1);
      const heard = visitor.entries(room).get('consensus') ?? [];
      expect(heard.map(({ lseq }) => lseq)).toEqual(heard.map((_, i) => (heard[0]?.lseq ?? 0) + i));
      expect(heard.at(-1)?.op).toEqual(entries.findLast(({ layer }) => layer === 'consensus')?.op);
    }
    const truth = applyAll(emptyRoom, entries);
    expect(await stateOn(a, room)).toEqual(truth);
    expect(await stateOn(b, room)).toEqual(truth);
  });

  it('[RM24] writes to one room from both at once: all of it in, in one order, without loading the room again and again', async () => {
    const room = await task({ visibility: 'open' });
    const people = [await someone(a), await someone(b), await someone(a), await someone(b)];
    for (const one of people) await one.join(room);
    const loads = vi.spyOn(a.platform.store.log, 'getSnapshot');
    await Promise.all(
      people.map(async (one, i) => {
        for (let n = 0; n < 50; n++) {
          const id = `c${i}-${n}`;
          const { acked } = await one.op(room, 'consensus', { t: 'comment', id, region: null, text: id });
          expect(acked[0]?.lseq).toBeGreaterThan(0);
        }
      }),
    );
    const entries = await log(room);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
    const comments = entries.flatMap(({ op }) => (op.t === 'comment' ? [op.id] : []));
    expect([comments.length, new Set(comments).size]).toEqual([200, 200]);
    await expect.poll(async () => (await stateOn(a, room)).seq, soon).toBe(entries.length);
    await expect.poll(async () => (await stateOn(b, room)).seq, soon).toBe(entries.length);
    const truth = applyAll(emptyRoom, entries);
    expect(await stateOn(a, room)).toEqual(truth);
    expect(await stateOn(b, room)).toEqual(truth);
    expect(loads.mock.calls.length).toBeLessThan(5);
    loads.mockRestore();
  });

  it('[RM15] [RM16] [RM27] gives a blind annotator on one node nothing of what another does on the other', async () => {
    const room = await task({
      visibility: 'blind',
      schema: {
        version: 1,
        modality: 'text-classification',
        classes: [
          { name: 'spam', color: '#d97706' },
          { name: 'ham', color: '#2563eb' },
        ],
        reason: { ask: true, required: false, prompt: 'why' },
      },
    });
    const secret = 'the-secret-of-ann';
    const [ann, ben, rev] = [await someone(a), await someone(b), await someone(b, 'super-reviewer')];
    await ben.join(room);
    await ann.join(room);
    await expect.poll(() => ben.view(room)?.here, soon).toBe(2);
    const before = ben.heard.length;
    await ann.op(room, ann.userId, classify('spam', secret));
    ann.socket.emit('room:presence', { task: room, cursor: { x: 17, y: 0.47114711 } });
    await rev.join(room, 'review');
    await ann.op(room, ann.userId, { t: 'comment', id: 'c1', region: null, text: secret });
    // Who may see it has heard it on that node by now.
    await expect.poll(() => rev.entries(room).get(ann.userId)?.length, soon).toBe(1);
    await ann.submit(room);
    await expect.poll(() => rev.view(room)?.submissions, soon).toBe(1);
    const heard = JSON.stringify(ben.heard);
    expect(heard).not.toContain(secret);
    expect(heard).not.toContain('0.47114711');
    expect(heard).not.toContain(ann.userId);
    // The reviewer came; of ann nothing.
    expect(ben.heard.slice(before).map(([event]) => event)).toEqual(['room:state']);
    expect(ben.view(room)?.here).toBe(3);
  });

  it('[RM17] exposes who is shown another’s work on another node before they are shown it', async () => {
    const room = await task({ visibility: 'blind-then-open' });
    const [ann, ben] = [await someone(a), await someone(b)];
    await ben.join(room);
    await ann.join(room);
    await ben.op(room, ben.userId, classify('ham'));
    await ben.submit(room);
    expect((await log(room)).map(({ op }) => op.t)).not.toContain('expose');
    const exposedWhenShown = new Promise<boolean>((done) => {
      ben.socket.onAny((event: string, message: { batch?: { layer: string }[] }) => {
        if (event !== 'room:ops' || !message.batch?.some(({ layer }) => layer === ann.userId)) return;
        // SQLite answers with what stands at this moment.
        void log(room).then((entries) =>
          done(entries.some(({ op }) => op.t === 'expose' && op.userId === ben.userId)),
        );
      });
    });
    await ann.op(room, ann.userId, classify('spam'));
    expect(await exposedWhenShown).toBe(true);
    await ann.submit(room);
    const submits = (await log(room)).filter(({ op }) => op.t === 'submit');
    expect(submits.map(({ by, op }) => [by, op.t === 'submit' && op.blind])).toEqual([
      [ben.userId, true],
      [ann.userId, true],
    ]);
  });

  it('knows who is here on both, and forgets who left and who died with their node', async () => {
    const room = await task({ visibility: 'open' });
    const [ann, ben] = [await someone(a), await someone(b)];
    const { view } = await ann.join(room);
    expect(view.here).toBe(1);
    const joined = await ben.join(room);
    await expect.poll(() => ann.view(room)?.here, soon).toBe(2);
    await expect.poll(() => ben.view(room)?.members.length ?? joined.view.members.length, soon).toBe(2);
    ben.socket.emit('room:presence', { task: room, cursor: { x: 1, y: 2 } });
    await expect.poll(() => JSON.stringify(ann.heard), soon).toContain('"cursor":{"x":1,"y":2}');
    ben.close();
    await expect.poll(() => ann.view(room)?.here, soon).toBe(1);
  });

  it('is followed by reading the log while messages are lost, and no longer once they arrive again', async () => {
    const room = await task({ visibility: 'open' });
    const [ann, ben] = [await someone(a), await someone(b)];
    await ann.join(room);
    await ben.join(room);
    cluster.hub.cut();
    await ann.op(room, ann.userId, classify('spam'));
    const from = performance.now();
    await expect.poll(() => ben.entries(room).get(ann.userId)?.length, soon).toBe(1);
    expect(performance.now() - from).toBeLessThan(2_000);
    await ben.op(room, ben.userId, classify('ham'));
    await expect.poll(() => ann.entries(room).get(ben.userId)?.length, soon).toBe(1);

    cluster.hub.heal();
    await new Promise((done) => setTimeout(done, 1_500));
    const reads = vi.spyOn(a.platform.store.log, 'read');
    await new Promise((done) => setTimeout(done, 1_500));
    expect(reads).not.toHaveBeenCalled();
    reads.mockRestore();
    await ann.op(room, ann.userId, classify('ham'));
    await expect.poll(() => ben.entries(room).get(ann.userId)?.length, { timeout: 400, interval: 5 }).toBe(2);
  });

  it('follows what came over HTTP to a node that nobody is in the room on', async () => {
    const room = await task({ visibility: 'open' });
    const ann = await someone(a);
    const { view } = await ann.join(room);
    expect(view.submissions).toBe(0);
    const { key, user } = await b.addUser(`caller-${++made}`, 'annotator');
    await b.as(key).post(`/tasks/${room}/submissions`, {
      annotation: { regions: [], answers: { label: 'ham' } },
      leadTimeMs: 5,
    });
    await expect.poll(() => ann.entries(room).get(user.id)?.length, soon).toBeGreaterThan(0);
    await expect.poll(() => ann.view(room)?.submissions, soon).toBe(1);
  });
});
