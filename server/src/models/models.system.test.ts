import type { ModelFigures } from '@concord/core/protocol/resources';
import type { Model } from '@concord/core/records/model';
import type { Task } from '@concord/core/records/task';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiClient } from '../cli/api-client.ts';
import { bring } from '../testing/imports.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let own: ApiClient;
let other: ApiClient;
beforeAll(async () => {
  server = await startTestServer();
  const keys = await Promise.all(['own', 'other'].map((name) => server.addUser(name, 'model')));
  [own, other] = keys.map(({ key }) => server.as(key)) as [ApiClient, ApiClient];
});
afterAll(() => server.close());

const models = async (project: string) =>
  (await server.api.get<{ items: ModelFigures[] }>(`/projects/${project}/models`)).items;
const spam = { regions: [], answers: { label: 'spam' } };

test('a model speaks with its own account’s key alone', async () => {
  const project = await server.createProject();
  const { task } = await server.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, {
    data: { text: 'one' },
  });
  const path = `/projects/${project.id}/models/m`;
  const model = await own.put<Model>(path, { kind: 'external' });
  const suggestions = {
    model: model.id,
    version: 1,
    items: [{ taskId: task.id, annotation: spam, score: 1, uncertainty: 0 }],
  };
  await expect(other.put(path, { kind: 'external' })).rejects.toThrow('another account');
  const create = (api: ApiClient) =>
    api.post<{ stored: number }>(`/projects/${project.id}/suggestions`, suggestions);
  await expect(create(other)).rejects.toThrow('another account');
  expect(await create(own)).toEqual({ stored: 1, refused: [] });
  // Said once is said.
  expect(await create(own)).toEqual({ stored: 0, refused: [] });
  expect(await models(project.id)).toMatchObject([{ version: 1 }]);
});

test('a model’s file is one that its account uploaded to the project', async () => {
  const [project, elsewhere] = await Promise.all([server.createProject(), server.createProject()]);
  const path = `/projects/${project.id}/models/m`;
  const { hash } = await own.upload<{ hash: string }>(`/projects/${project.id}/model-files`, 'weights');
  const secret = await server.platform.blobs.put(Buffer.from('somebody’s picture'));
  for (const [api, at, blobHash] of [
    [own, path, secret],
    [other, `/projects/${project.id}/models/n`, hash],
    [own, `/projects/${elsewhere.id}/models/m`, hash],
    [own, path, '../../concord.db'],
  ] as const)
    await expect(api.put(at, { kind: 'external', blobHash })).rejects.toThrow();
  expect(await models(project.id)).toEqual([]);
  await own.upload(`/projects/${project.id}/model-files`, 'weights');
  await own.put(path, { kind: 'text-classifier', blobHash: hash, trainedOn: 3, finalized: 5 });
  await own.put(path, { kind: 'text-classifier', blobHash: hash, trainedOn: 3, finalized: 5 });
  expect(await models(project.id)).toMatchObject([{ version: 2, hasFile: true, trainedOn: 3, finalized: 5 }]);
});

test('models that imported files name are nobody’s, whatever they are called', async () => {
  const project = await server.createProject();
  const result = [{ from_name: 'label', to_name: 'text', type: 'choices', value: { choices: ['spam'] } }];
  const row = { data: { text: 'one' }, predictions: [{ model_version: 'text-classifier', result }] };
  await bring(server, project.id, 'a.json', JSON.stringify([row]));
  await own.put(`/projects/${project.id}/models/text-classifier`, { kind: 'text-classifier' });
  const found = await models(project.id);
  expect(found.map(({ name, kind, hasFile }) => [name, kind, hasFile]).sort()).toEqual([
    ['text-classifier', 'external', false],
    ['text-classifier', 'text-classifier', false],
  ]);
  expect(new Set(found.map(({ id }) => id)).size).toBe(2);
});
