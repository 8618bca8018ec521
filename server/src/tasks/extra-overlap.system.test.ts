import type { Task } from '@concord/core/records/task';
import { expect, it } from 'vitest';
import { startTestServer } from '../testing/server.ts';

it('[CO8] more answers that a lead asks for are waited for, and still wanted after a restart and another name', async () => {
  const first = await startTestServer();
  const keys = await Promise.all(
    ['ann', 'ben', 'cem', 'dan'].map(async (name) => (await first.addUser(name, 'annotator')).key),
  );
  const project = await first.createProject();
  const add = async (text: string) =>
    (await first.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, { data: { text } })).task.id;
  const [one, two, plain] = [await add('one'), await add('two'), await add('three')];
  expect(
    await first.api.post(`/projects/${project.id}/jobs`, { tasks: [one, two], extraOverlap: 2 }),
  ).toEqual({ queued: 2, left: [] });
  expect(await first.api.post(`/projects/${project.id}/jobs`, { tasks: [plain] })).toMatchObject({
    queued: 1,
  });
  const submit = async (task: string, person: number, label: string) =>
    (
      await first.as(keys[person]!).post<{ state: Task['state'] }>(`/tasks/${task}/submissions`, {
        annotation: { regions: [], answers: { label } },
        leadTimeMs: 1,
      })
    ).state;
  const states = [];
  for (const person of [0, 1, 2, 3]) states.push(await submit(one, person, 'spam'));
  expect(states).toEqual(['open', 'open', 'open', 'finalized']);
  expect(await submit(plain, 0, 'spam')).toBe('open');
  expect(await submit(plain, 1, 'spam')).toBe('finalized');

  await first.crash();
  const second = await startTestServer({ data: first.data });
  const wanted = async () => (await second.platform.store.get('tasks', two))!.record;
  await second.api.patch(`/projects/${project.id}`, { description: 'a mended typo' });
  await second.app.tasks.reranked();
  expect(await wanted()).toMatchObject({ target: 4, least: 4, priority: 1 });
  await second.api.patch(`/projects/${project.id}`, {
    rules: { ...project.rules, overlap: { min: 1, max: 2 } },
  });
  await second.app.tasks.reranked();
  expect(await wanted()).toMatchObject({ target: 4 });
  await second.close();
});
