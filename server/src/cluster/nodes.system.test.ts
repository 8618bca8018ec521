import type { Problem } from '@concord/core/errors/concord-error';
import { elsewhereUrl, type JoinReply } from '@concord/core/protocol/rooms';
import type { Role } from '@concord/core/records/user';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sessionCookie } from '../people/cookie.ts';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import type { TestServer } from '../testing/server.ts';
import { type Visitor, visit } from '../testing/visitor.ts';

const soon = { timeout: 10_000, interval: 20 };
let made = 0;

describe('several nodes, each with an address of its own', () => {
  let cluster: TestCluster;
  let a: TestServer;
  let b: TestServer;
  let visitors: Visitor[];
  beforeAll(async () => {
    cluster = await startTestCluster({ addressed: true });
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

  async function someone(at: TestServer, role: Role = 'annotator', protocol?: number): Promise<Visitor> {
    const visitor = visit(at.url, await a.addUser(`somebody-${++made}`, role), protocol);
    visitors.push(visitor);
    return visitor;
  }
  async function tasks(count: number): Promise<{ project: string; tasks: string[] }> {
    const project = await a.createProject({ name: `Several nodes ${++made}`, visibility: 'open' });
    const added: string[] = [];
    for (let i = 0; i < count; i++) {
      const data = { text: `letter ${made} ${i}` };
      added.push(
        (await a.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, { data })).task.id,
      );
    }
    return { project: project.id, tasks: added };
  }
  /** A task whose room is the other node's. */
  async function taskOf(owner: TestServer): Promise<string> {
    const { tasks: some } = await tasks(12);
    return some.find((task) => owner.app.nodes.ownerOf(task)?.url === owner.url) ?? taskOf(owner);
  }
  const problemOf = async (visitor: Visitor, message: object): Promise<Problem> => {
    const reply = await visitor.ask<JoinReply>('room:join', message);
    if (reply.ok) throw new Error('it was let in');
    return reply.problem;
  };
  const join = (task: string, fields: object = {}) => ({
    task,
    mode: 'annotate',
    client: 'client-0001',
    ...fields,
  });

  it('name the node that has a room; it is joined there, or here by who cannot get there', async () => {
    const task = await taskOf(b);
    const ann = await someone(a);
    const problem = await problemOf(ann, join(task));
    expect(problem).toMatchObject({ code: 'room.elsewhere', retry: true, status: 421 });
    expect(elsewhereUrl(problem)).toBe(b.url);
    expect(problem.errors).toContainEqual(
      expect.objectContaining({ path: 'node', value: b.app.nodes.self.id }),
    );
    // Nothing was claimed by the way.
    expect((await a.platform.store.get('tasks', task))?.record.claims).toEqual([]);

    const ben = await someone(b);
    expect((await ben.join(task)).others).toEqual([a.url]);
    expect((await ann.join(task, 'annotate', { here: true })).view.here).toBe(2);
    await expect.poll(() => ben.view(task)?.here, soon).toBe(2);
  });

  it('serve clients of version 1 wherever they come: they would not understand', async () => {
    const task = await taskOf(b);
    const old = await someone(a, 'annotator', 1);
    expect((await old.join(task)).view.here).toBe(1);
  });

  it('let pages of each other use the cookie, and no other page', async () => {
    const { user } = await a.addUser(`page-${++made}`, 'annotator');
    const admin = await a.app.people.createInvite({
      role: 'annotator',
      label: 'x',
      days: 1,
      createdBy: a.admin.id,
    });
    const { token } = await a.app.people.acceptInvite(admin.token, {
      name: `guest-${made}`,
      display: 'Guest',
      password: 'a long enough one',
    });
    expect(user.active).toBe(true);
    const cookie = `${sessionCookie}=${token}`;
    const connect = (origin: string) =>
      new Promise<string>((done) => {
        const socket = io(`${b.url}/rooms`, {
          transports: ['websocket'],
          extraHeaders: { origin, cookie },
          forceNew: true,
          reconnection: false,
        });
        const end = (how: string) => {
          socket.disconnect();
          done(how);
        };
        socket.once('connect', () => end('in'));
        socket.once('connect_error', (error) =>
          end((error as Error & { data?: Problem }).data?.code ?? 'lost'),
        );
      });
    expect(await connect(b.url)).toBe('in');
    expect(await connect(a.url)).toBe('in');
    expect(await connect('http://evil.example')).toBe('auth.forbidden');
    expect(await connect(a.url.replace('127.0.0.1', 'localhost'))).toBe('auth.forbidden');
    expect(await connect('http://127.0.0.1:1')).toBe('auth.forbidden');
  });

  it('allow their pages to connect to each of them, and to nothing else', async () => {
    const response = await fetch(`${a.url}/`);
    const policy = response.headers.get('content-security-policy') ?? '';
    const connect = policy.split('; ').find((part) => part.startsWith('connect-src'));
    expect(new Set(connect?.split(' '))).toEqual(
      new Set([
        'connect-src',
        "'self'",
        ...[a.url, b.url].flatMap((url) => [url, url.replace('http', 'ws')]),
      ]),
    );
  });

  it('give who asks twice the task they hold, whichever node they ask', async () => {
    const { project } = await tasks(6);
    const { key } = await a.addUser(`asker-${++made}`, 'annotator');
    const next = async (node: TestServer) =>
      (await node.as(key).post<{ task: { id: string } }>(`/projects/${project}/next`, {})).task.id;
    const first = await next(a);
    expect(await next(b)).toBe(first);
    const submission = { annotation: { regions: [], answers: { label: 'ham' } }, leadTimeMs: 5 };
    await b.as(key).post(`/tasks/${first}/submissions`, submission);
    const second = await next(a);
    expect(second).not.toBe(first);
    expect(await next(b)).toBe(second);
  });

  it('move lists on pages of all of them, and say so when some of it may have been lost', async () => {
    const lead = await a.addUser(`lead-${++made}`, 'lead');
    const live = io(`${b.url}/live`, {
      transports: ['websocket'],
      auth: { token: lead.key },
      forceNew: true,
    });
    const heard: unknown[] = [];
    live.onAny((event: string, message: unknown) => heard.push([event, message]));
    await live.emitWithAck('live:subscribe', { topics: ['projects', 'disputes'] });
    const { project } = await tasks(1);
    const { key } = await a.addUser(`writer-${++made}`, 'annotator');
    const { task } = await a.as(key).post<{ task: { id: string } }>(`/projects/${project}/next`, {});
    await a.as(key).post(`/tasks/${task.id}/submissions`, {
      annotation: { regions: [], answers: { label: 'ham' } },
      leadTimeMs: 5,
    });
    const summaries = () =>
      heard.filter(
        (one) => JSON.stringify(one).includes(project) && JSON.stringify(one).includes('"submissions":1'),
      );
    await expect.poll(() => summaries().length, soon).toBeGreaterThan(0);
    cluster.hub.cut();
    cluster.hub.heal();
    await expect.poll(() => heard.map((one) => (one as [string])[0]), soon).toContain('live:missed');
    live.disconnect();
  });

  it('end the connections of who is disabled on another, also when the news of it was lost', async () => {
    const [ann, ben] = [await someone(b), await someone(b)];
    await ann.join(await taskOf(b));
    await ben.join(await taskOf(b));
    await a.api.patch(`/users/${ann.userId}`, { active: false });
    await expect.poll(() => ann.socket.connected, soon).toBe(false);
    cluster.hub.cut();
    await a.api.patch(`/users/${ben.userId}`, { active: false });
    expect(ben.socket.connected).toBe(true);
    cluster.hub.heal();
    await expect.poll(() => ben.socket.connected, soon).toBe(false);
  });

  it('tell admins who is there and what they stand on', async () => {
    const { self, items, adapters } = await b.api.get<{
      self: string;
      items: { id: string; url: string }[];
      adapters: { adapter: string; state: string }[];
    }>('/admin/nodes');
    expect(self).toBe(b.app.nodes.self.id);
    expect(items.map(({ url }) => url).sort()).toEqual([a.url, b.url].sort());
    expect(adapters.map(({ adapter, state }) => `${adapter} ${state}`)).toEqual([
      'store ok',
      'bus ok',
      'blobs ok',
      'fanout ok',
    ]);
    const { key } = await a.addUser(`nosy-${++made}`, 'lead');
    expect((await b.as(key).raw('GET', '/admin/nodes')).status).toBe(403);
    expect((await b.as(key).raw('POST', '/admin/drain')).status).toBe(403);
  });

  it('are degraded and ready while messages are lost, and not ready without the store', async () => {
    const ready = async () => {
      const response = await fetch(`${a.url}/readyz`);
      const { status, problems } = (await response.json()) as { status: string; problems: string[] };
      return [response.status, status, ...problems];
    };
    cluster.hub.cut();
    await expect.poll(ready, soon).toEqual([200, 'degraded', 'fanout is retrying: the hub is cut']);
    const metrics = await (await fetch(`${a.url}/metrics`)).text();
    expect(metrics).toContain('concord_adapter_state{adapter="fanout"} 1');
    expect(metrics).toContain('concord_adapter_state{adapter="store"} 0');
    cluster.hub.heal();
    await expect.poll(ready, soon).toEqual([200, 'ready']);
    const { counters } = a.platform.store;
    Object.assign(a.platform.store, { counters: () => Promise.reject(new Error('gone fishing\nand more')) });
    await expect.poll(ready, soon).toEqual([503, 'not ready', 'store is retrying: gone fishing']);
    Object.assign(a.platform.store, { counters });
    await expect.poll(ready, soon).toEqual([200, 'ready']);
  });
});

describe('the outbox of several nodes', () => {
  it('is sent by one of them, at a word from the others, and by another within three seconds of its death', async () => {
    const cluster = await startTestCluster();
    try {
      const { store, bus } = cluster.nodes[0]!.platform;
      const holder = async () => (await store.get('leases', 'outbox'))?.record.node;
      await expect.poll(holder, soon).toBeDefined();
      const first = await holder();
      const leading = cluster.nodes.find(({ app }) => app.nodes.self.id === first)!;
      const other = cluster.nodes.find((node) => node !== leading)!;

      const rules = { overlap: { min: 1, max: 1 }, leaseMs: 60_000 };
      const project = await other.createProject({
        rules: { minAgreement: 0.5, minConfidence: 0.5, consensus: 'majority', ...rules },
      });
      const { key } = await other.addUser('writer', 'annotator');
      const settle = async (text: string) => {
        const { task } = await other.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
          data: { text },
        });
        await other.as(key).post(`/tasks/${task.id}/submissions`, {
          annotation: { regions: [], answers: { label: 'ham' } },
          leadTimeMs: 5,
        });
        const from = performance.now();
        const onTheBus = async () =>
          (await bus.read(0, 1000, { types: ['concord.item.finalized.v1'] })).map(({ event }) => event.id);
        await expect.poll(onTheBus, soon).toContain(`${task.id}:1`);
        return { tookMs: performance.now() - from, all: await onTheBus() };
      };
      expect((await settle('one')).tookMs).toBeLessThan(1_000);
      await leading.crash();
      const { tookMs, all } = await settle('two');
      expect(tookMs).toBeLessThan(3_500);
      expect(new Set(all).size).toBe(all.length);
      expect(await holder()).toBe(other.app.nodes.self.id);
    } finally {
      await cluster.close();
    }
  });
});
