import type { TaskDetail } from '@concord/core/protocol/resources';
import type { OpsReply, SubmitReply } from '@concord/core/protocol/rooms';
import type { Project } from '@concord/core/records/project';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectPerson, type RoomPerson } from '../testing/room-person.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

const client = 'client-0001';

describe('what is hidden stays hidden', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  async function taskIn(fields: Partial<Project> = {}): Promise<{ project: Project; task: string }> {
    const project = await server.createProject({ name: 'Hidden', ...fields });
    const { task } = await server.api.post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, {
      data: { text: 'a letter' },
    });
    return { project, task: task.id };
  }
  const classify = (n: number, layer: string, label: string) => ({
    n,
    layer,
    op: { t: 'classify', set: { label } },
  });
  const statusOf = async (key: string, path: string, method: 'GET' | 'POST' = 'GET', body?: object) =>
    (await server.as(key).raw(method, path, body === undefined ? {} : { body })).status;

  test('[PR14] an archived project is gone for everybody but leads, by every way', async () => {
    const ann = await server.addUser('ann', 'annotator');
    const rev = await server.addUser('rev', 'super-reviewer');
    const lead = await server.addUser('lea', 'lead');
    const { project, task } = await taskIn();
    await server.as(ann.key).post(`/tasks/${task}/submissions`, {
      annotation: { regions: [], answers: { label: 'spam' } },
    });
    const forAnnotators = [
      `/projects/${project.id}`,
      `/projects/${project.id}/tasks`,
      `/tasks/${task}`,
      `/tasks/${task}/submissions`,
      `/tasks/${task}/people`,
    ];
    const forReviewers = [
      ...forAnnotators,
      `/tasks/${task}/history`,
      `/projects/${project.id}/agreement`,
      `/projects/${project.id}/agreement/pairs`,
      `/projects/${project.id}/annotators`,
      `/projects/${project.id}/throughput`,
      `/projects/${project.id}/models`,
    ];
    const statuses = (key: string, paths: string[]) => Promise.all(paths.map((path) => statusOf(key, path)));
    const all = (paths: string[], status: number) => paths.map(() => status);
    expect(await statuses(ann.key, forAnnotators)).toEqual(all(forAnnotators, 200));
    expect(await statuses(rev.key, forReviewers)).toEqual(all(forReviewers, 200));
    await server.as(lead.key).patch(`/projects/${project.id}`, { archived: true });
    expect(await statuses(ann.key, forAnnotators)).toEqual(all(forAnnotators, 404));
    expect(await statuses(rev.key, forReviewers)).toEqual(all(forReviewers, 404));
    expect(await statuses(lead.key, forReviewers)).toEqual(all(forReviewers, 200));
    for (const role of ['annotator', 'super-reviewer'] as const) {
      const live = await connectPerson(server, { role, namespace: '/live' });
      expect(await live.ask('live:subscribe', { topics: [`project:${project.id}`] })).toMatchObject({
        ok: false,
        problem: { code: 'not_found' },
      });
      live.socket.disconnect();
    }
  });

  test('[PR14] an archived project takes no decision, no reopening, no withdrawal and no suggestion', async () => {
    const ann = await server.addUser('abe', 'annotator');
    const bot = await server.addUser('bot', 'model');
    const { project, task } = await taskIn();
    const model = await server
      .as(bot.key)
      .put<{ id: string; version: number }>(`/projects/${project.id}/models/m`, {
        kind: 'external',
        blobHash: null,
        trainedOn: 0,
        accuracy: null,
      });
    const person = await connectPerson(server, { as: { user: ann.user, key: ann.key } });
    await person.ask('room:join', { task, mode: 'annotate', client });
    await person.ask('room:ops', { task, client, ops: [classify(1, ann.user.id, 'spam')] });
    await person.ask('room:submit', { task, client, n: 2 });
    await server.api.patch(`/projects/${project.id}`, { archived: true });
    const answer = { regions: [], answers: { label: 'ham' } };
    expect(await person.ask('room:withdraw', { task, client, n: 3 })).toMatchObject({
      ok: false,
      problem: { code: 'room.closed' },
    });
    const decision = { reason: 'it is', answer };
    expect(await statusOf(server.adminKey, `/tasks/${task}/decisions`, 'POST', decision)).toBe(409);
    const { id, version } = model;
    expect(
      await server.as(bot.key).post(`/projects/${project.id}/suggestions`, {
        model: id,
        version,
        items: [{ taskId: task, annotation: answer, score: 0.5, uncertainty: 0.5 }],
      }),
    ).toMatchObject({ stored: 0, refused: [{ problem: { code: 'room.closed' } }] });
    expect(
      await server.as(bot.key).get(`/projects/${project.id}/unsuggested?model=${id}&version=${version}`),
    ).toMatchObject({ items: [] });
    person.socket.disconnect();
  });

  test.each(['blind', 'blind-then-open'] as const)(
    '[PR15] in a %s room no number of an own answer tells what others do',
    async (visibility) => {
      const { project, task } = await taskIn({
        visibility,
        rules: {
          overlap: { min: 3, max: 3 },
          minAgreement: 0.5,
          minConfidence: 0.5,
          consensus: 'majority',
          leaseMs: 600_000,
        },
      });
      const ben = await connectPerson(server);
      await ben.ask('room:join', { task, mode: 'annotate', client });
      const seen = async () => {
        const api = server.as(ben.key);
        const { task: own } = await api.get<TaskDetail>(`/tasks/${task}`);
        const { items } = await api.get<{ items: Task[] }>(`/projects/${project.id}/tasks`);
        const { items: submissions } = await api.get<{ items: Submission[] }>(`/tasks/${task}/submissions`);
        return { own, items, submissions };
      };
      const before = await seen();
      const others: RoomPerson[] = [];
      for (const label of ['spam', 'ham']) {
        const one = await connectPerson(server);
        others.push(one);
        await one.ask('room:join', { task, mode: 'annotate', client });
        for (let n = 1; n <= 7; n++)
          await one.ask('room:ops', {
            task,
            client,
            ops: [classify(n, one.user.id, n % 2 === 0 ? 'spam' : 'ham')],
          });
        await one.ask('room:ops', { task, client, ops: [classify(8, one.user.id, label)] });
        await one.ask('room:submit', { task, client, n: 9 });
      }
      expect(await seen()).toEqual(before);
      expect(
        await ben.ask<OpsReply>('room:ops', { task, client, ops: [classify(1, ben.user.id, 'ham')] }),
      ).toMatchObject({ acked: [{ n: 1, lseq: 1 }] });
      const submitted = await ben.ask<SubmitReply>('room:submit', { task, client, n: 2 });
      expect(Object.keys(submitted).sort()).toEqual(['ok', 'state', 'submissionId']);
      const { submissions } = await seen();
      expect(submissions.map(({ roomSeq }) => roomSeq)).toEqual([0]);
      // Who reviews still reads where it stands in the log.
      const whole = await server.api.get<{ items: Submission[] }>(`/tasks/${task}/submissions`);
      expect(whole.items.every(({ roomSeq }) => roomSeq > 0)).toBe(true);
      for (const one of [ben, ...others]) one.socket.disconnect();
    },
  );

  test('[PR15] an answer given over HTTP has no place in the log either', async () => {
    const { task } = await taskIn({ visibility: 'blind' });
    const cat = await server.addUser('cat', 'annotator');
    expect(
      await server.as(cat.key).post(`/tasks/${task}/submissions`, {
        annotation: { regions: [], answers: { label: 'spam' } },
      }),
    ).toMatchObject({ submission: { roomSeq: 0 } });
  });
});
