import type { Task } from '@concord/core/records/task';
import { io } from 'socket.io-client';
import { expect, test } from 'vitest';
import { startTestServer } from '../../testing/server.ts';

test('who leaves while still joining is not in the room afterwards', async () => {
  const server = await startTestServer();
  const project = await server.createProject();
  const { task } = await server.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, {
    data: { text: 'a letter' },
  });
  const { key } = await server.addUser('ann', 'annotator');
  const socket = io(`${server.url}/rooms`, {
    transports: ['websocket'],
    auth: { token: key, protocol: 2 },
    forceNew: true,
  });
  const joined = socket.emitWithAck('room:join', { task: task.id, mode: 'annotate', client: 'client-0001' });
  const left = socket.emitWithAck('room:leave', { task: task.id, release: true });
  expect(await joined).toMatchObject({ ok: true });
  expect(await left).toMatchObject({ ok: true });
  expect((await server.app.rooms.open(task.id)).occupants.all()).toEqual([]);
  socket.disconnect();
  await server.close();
});
