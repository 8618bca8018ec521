import type { TaskDetail } from '@concord/core/protocol/resources';
import type {
  JoinReply,
  OpsReply,
  Reply,
  RoomToServer,
  ServerToRoom,
  SubmitReply,
} from '@concord/core/protocol/rooms';
import type { Submission } from '@concord/core/records/submission';
import type { Task } from '@concord/core/records/task';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  anaesthesiaProject,
  judgementsOf,
  lastWords,
  majorityOf,
  observers,
  patients,
} from '../testing/anaesthesia.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

type Client = Socket<ServerToRoom, RoomToServer>;
function ask<T>(socket: Client, event: string, message: object): Promise<T> {
  return new Promise((done, fail) => {
    (socket as unknown as { emit(e: string, m: object, r: (reply: Reply<T & object>) => void): void }).emit(
      event,
      message,
      (reply) => (reply.ok ? done(reply) : fail(new Error(JSON.stringify(reply.problem)))),
    );
  });
}

it('settles 45 items with five observers over sockets as the majority rule says, and keeps every label as it was sent', async () => {
  const project = await server.createProject(anaesthesiaProject);
  for (const patient of patients)
    await server.api.post(`/projects/${project.id}/tasks`, { data: { text: patient } });

  await Promise.all(
    observers.map(async (name) => {
      const { key } = await server.addUser(`observer-${name}`, 'annotator');
      const api = server.as(key);
      const socket: Client = io(`${server.url}/rooms`, {
        transports: ['websocket'],
        auth: { token: key, protocol: 1 },
        forceNew: true,
      });
      const client = `client-${name}-0001`;
      for (let done = 0; done < patients.length; done++) {
        const detail = await api.post<TaskDetail>(`/projects/${project.id}/next`, {});
        const task = detail.task.id;
        await ask<JoinReply>(socket, 'room:join', { task, mode: 'annotate', client });
        const label = judgementsOf(String(detail.asset.data['text']), name).at(-1)!;
        const ops = await ask<OpsReply>(socket, 'room:ops', {
          task,
          client,
          ops: [{ n: 1, layer: detail.task.claims[0]!.userId, op: { t: 'classify', set: { label } } }],
        });
        expect(ops.refused).toEqual([]);
        await ask<SubmitReply>(socket, 'room:submit', { task, client, n: 2, leadTimeMs: 1000 });
      }
      socket.disconnect();
    }),
  );

  const { items } = await server.api.get<{ items: Task[] }>(`/projects/${project.id}/tasks?limit=100`);
  expect(items).toHaveLength(45);
  for (const task of items) {
    expect(task).toMatchObject(majorityOf(task.preview));
    const list = await server.api.get<{ items: Submission[] }>(`/tasks/${task.id}/submissions`);
    const sent = Object.fromEntries(
      await Promise.all(
        list.items.map(async (s) => [
          (await server.app.people.getUser(s.userId))!.name.slice('observer-'.length),
          s.annotation.answers['label'],
        ]),
      ),
    );
    expect(sent).toEqual(lastWords(task.preview));
    expect(list.items.every((s) => s.blind)).toBe(true);
  }
});
