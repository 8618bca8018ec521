import type { TaskDetail } from '@concord/core/protocol/resources';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import type { LogEntry } from '@concord/core/rooms/op';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../cli/api-client.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

const SECRET = 'ham';
let server: TestServer;
let ann: ApiClient;
let lead: Awaited<ReturnType<TestServer['addUser']>>;
let asLead: ApiClient;
beforeAll(async () => {
  server = await startTestServer();
  ann = server.as((await server.addUser('ann', 'annotator')).key);
  lead = await server.addUser('lea', 'lead');
  asLead = server.as(lead.key);
});
afterAll(() => server.close());

const answer = (label: string) => ({
  annotation: { regions: [], answers: { label } },
  leadTimeMs: 1,
});
const submit = (as: ApiClient, task: string, label: string) =>
  as.post<{ submission: Submission; state: Task['state'] }>(`/tasks/${task}/submissions`, answer(label));
async function answeredTask(): Promise<{ project: string; task: string }> {
  const project = await server.createProject();
  const { task } = await server.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, {
    data: { text: 'a letter' },
  });
  await submit(ann, task.id, SECRET);
  return { project: project.id, task: task.id };
}
const exposed = async (task: string): Promise<string[]> =>
  (await server.platform.store.log.read(task, 0)).flatMap(({ op }: LogEntry) =>
    op.t === 'expose' ? [op.userId] : [],
  );
const read = async (as: ApiClient, path: string) => {
  const response = await as.raw('GET', path);
  return { status: response.status, text: await response.text() };
};

describe('[RM17] what is read over HTTP', () => {
  it.each([
    ['a task', (at: { task: string }) => `/tasks/${at.task}`],
    ['its submissions', (at: { task: string }) => `/tasks/${at.task}/submissions`],
    ['its history', (at: { task: string }) => `/tasks/${at.task}/history`],
  ])('%s leaves nobody blind who was given others’ labels by it', async (_what, pathOf) => {
    const at = await answeredTask();
    const { text } = await read(asLead, pathOf(at));
    expect(text).toContain(SECRET);
    expect(await exposed(at.task)).toEqual([lead.user.id]);
    const { submission, state } = await submit(asLead, at.task, SECRET);
    expect(submission.blind).toBe(false);
    expect(state).toBe('open');
    expect(await server.api.get(`/projects/${at.project}/agreement`)).toMatchObject({ items: 0 });
    // Once is enough.
    await read(asLead, pathOf(at));
    expect(await exposed(at.task)).toHaveLength(1);
  });

  it('the export of all tasks is noted once, and reaches a log when who was given it comes to label it', async () => {
    const at = await answeredTask();
    const { project } = at;
    const { task: later } = await server.api.post<{ task: Task }>(`/projects/${project}/tasks`, {
      data: { text: 'answered after the export' },
    });
    const path = `/projects/${project}/export?format=jsonl`;
    expect((await read(asLead, path)).text).toContain(SECRET);
    expect(await exposed(at.task)).toEqual([]);
    const { submission, state } = await submit(asLead, at.task, SECRET);
    expect([submission.blind, state]).toEqual([false, 'open']);
    expect(await exposed(at.task)).toEqual([lead.user.id]);
    // Nobody had said anything of this one, nor has for long.
    expect((await submit(asLead, later.id, SECRET)).submission.blind).toBe(true);
  });

  it('the export of all tasks tells the log of one that is being labelled at once', async () => {
    const at = await answeredTask();
    await asLead.post(`/projects/${at.project}/next`, {});
    await read(asLead, `/projects/${at.project}/export?format=jsonl`);
    expect(await exposed(at.task)).toEqual([lead.user.id]);
  });

  it('is given only once the log holds that it was', async () => {
    const at = await answeredTask();
    const { store } = server.platform;
    const { commit } = store;
    store.commit = async (unit) => {
      if (unit.log?.entries.some(({ op }) => op.t === 'expose')) throw new Error('the disk is full');
      return commit(unit);
    };
    try {
      for (const path of [
        `/tasks/${at.task}`,
        `/tasks/${at.task}/submissions`,
        `/tasks/${at.task}/history`,
      ]) {
        const { status, text } = await read(asLead, path);
        expect(status).toBe(500);
        expect(text).not.toContain(SECRET);
      }
    } finally {
      store.commit = commit;
    }
    expect((await submit(asLead, at.task, SECRET)).submission.blind).toBe(true);
  });

  it('exposes nobody where there is nothing of others to see, or who only comes to label', async () => {
    const project = await server.createProject();
    const add = async (text: string) =>
      (await server.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, { data: { text } })).task.id;
    const untouched = await add('one');
    for (const path of ['', '/submissions', '/history']) await read(asLead, `/tasks/${untouched}${path}`);
    expect((await submit(asLead, untouched, 'spam')).submission.blind).toBe(true);

    const begun = await add('two');
    await submit(ann, begun, SECRET);
    const detail = await asLead.get<TaskDetail>(`/tasks/${begun}?to=annotate`);
    expect(detail).not.toHaveProperty('submissions');
    expect(detail.task).toMatchObject({ answer: null, agreement: null, confidence: null, submissions: 0 });
    expect((await submit(asLead, begun, 'spam')).submission.blind).toBe(true);
  });

  it('lists tell nothing of an open task’s answers, and expose nobody', async () => {
    const at = await answeredTask();
    const { items } = await asLead.get<{ items: Task[] }>(`/projects/${at.project}/tasks`);
    expect(items).toMatchObject([{ answer: null, agreement: null, confidence: null, submissions: 1 }]);
    const found = await asLead.get<{ items: Task[] }>(`/projects/${at.project}/tasks?answer=${SECRET}`);
    expect(found.items).toEqual([]);
    const again = await asLead.post<{ task: Task }>(`/projects/${at.project}/tasks`, {
      data: { text: 'a letter' },
    });
    expect(again.task).toMatchObject({ id: at.task, answer: null });
    expect(await exposed(at.task)).toEqual([]);
    expect((await submit(asLead, at.task, SECRET)).submission.blind).toBe(true);
    // Settled, it is for everybody to see who may read the list, and so is anything to who can label nothing.
    const settled = await asLead.get<{ items: Task[] }>(`/projects/${at.project}/tasks?answer=${SECRET}`);
    expect(settled.items).toMatchObject([{ state: 'finalized', answer: SECRET, agreement: 1 }]);
  });

  it('lists show all to a consumer, who labels nothing, and figures but no answer of a dispute', async () => {
    const at = await answeredTask();
    const consumer = server.as((await server.addUser('stream', 'consumer')).key);
    const list = async (as: ApiClient) =>
      (await as.get<{ items: Task[] }>(`/projects/${at.project}/tasks`)).items[0];
    expect(await list(consumer)).toMatchObject({ answer: SECRET });
    for (const [name, label] of [
      ['bob', 'spam'],
      ['cy', 'unsure'],
    ] as const) {
      const { key } = await server.addUser(name, 'annotator');
      if (label === 'unsure')
        await server.api.patch(`/projects/${at.project}`, {
          schema: {
            version: 1,
            modality: 'text-classification',
            classes: ['spam', 'ham', 'unsure'].map((n) => ({ name: n, color: '#336699' })),
          },
        });
      await submit(server.as(key), at.task, label);
    }
    expect(await list(asLead)).toMatchObject({ state: 'disputed', answer: null, agreement: 0 });
  });
});
