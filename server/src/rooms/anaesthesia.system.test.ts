import { readFileSync } from 'node:fs';
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
import { startTestServer, type TestServer } from '../testing/server.ts';

/** Dawid & Skene's 45 patients judged by five anaesthetists; observer 1 judged three times, the last counts. */
const golden = JSON.parse(
  readFileSync(new URL('../../../shared/core/goldens/aggregation.json', import.meta.url), 'utf8'),
) as {
  cases: { id: string; input: { labels: string[]; judgements: [string, string, string][] } }[];
};
const { labels, judgements } = golden.cases.find((c) => c.id === 'majority-anaesthesia')!.input;
const votes = new Map<string, Map<string, string>>();
for (const [patient, observer, label] of judgements)
  votes.set(patient, (votes.get(patient) ?? new Map()).set(observer, label));
const observers = ['o1', 'o2', 'o3', 'o4', 'o5'];

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
  const project = await server.createProject({
    name: 'Anaesthesia 1979',
    schema: {
      version: 1,
      modality: 'text-classification',
      classes: labels.map((name, i) => ({ name, color: `#${(i + 1) * 222222}`.slice(0, 7) })),
    },
    rules: {
      overlap: { min: 5, max: 5 },
      minAgreement: 0,
      minConfidence: 0.5,
      consensus: 'majority',
      leaseMs: 600_000,
    },
  });
  for (const patient of votes.keys())
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
      for (let done = 0; done < votes.size; done++) {
        const detail = await api.post<TaskDetail>(`/projects/${project.id}/next`, {});
        const task = detail.task.id;
        await ask<JoinReply>(socket, 'room:join', { task, mode: 'annotate', client });
        const label = votes.get(String(detail.asset.data['text']))!.get(name)!;
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
    const said = votes.get(task.preview)!;
    const counts = new Map<string, number>();
    for (const label of said.values()) counts.set(label, (counts.get(label) ?? 0) + 1);
    const top = Math.max(...counts.values());
    const winners = [...counts].filter(([, n]) => n === top).map(([label]) => label);
    if (winners.length === 1 && top / 5 >= 0.5)
      expect(task).toMatchObject({ state: 'finalized', answer: winners[0] });
    else expect(task.state).toBe('disputed');
    const list = await server.api.get<{ items: Submission[] }>(`/tasks/${task.id}/submissions`);
    const sent = Object.fromEntries(
      await Promise.all(
        list.items.map(async (s) => [
          (await server.app.people.getUser(s.userId))!.name.slice('observer-'.length),
          s.annotation.answers['label'],
        ]),
      ),
    );
    expect(sent).toEqual(Object.fromEntries(said));
    expect(list.items.every((s) => s.blind)).toBe(true);
  }
});
