import { setTimeout as sleep } from 'node:timers/promises';
import type { Model } from '@concord/core/records/model';
import { expect, it } from 'vitest';
import { startTestServer } from '../testing/server.ts';

it('more rooms that are not there than are kept in memory end nothing', async () => {
  const server = await startTestServer();
  const own = server.as((await server.addUser('robot', 'model')).key);
  const project = await server.createProject();
  const model = await own.put<Model>(`/projects/${project.id}/models/m`, { kind: 'external' });
  const annotation = { regions: [], answers: { label: 'spam' } };
  const items = Array.from({ length: 301 }, (_, i) => ({
    taskId: `tsk_none${i}`,
    annotation,
    score: 1,
    uncertainty: 0,
  }));
  // A rejection that nobody hears ends the process; here the test runner fails the run for it.
  const unheard: unknown[] = [];
  const hear = (error: unknown) => void unheard.push(error);
  process.on('unhandledRejection', hear);
  const reply = await own.post<{ stored: number; refused: unknown[] }>(
    `/projects/${project.id}/suggestions`,
    {
      model: model.id,
      version: 1,
      items,
    },
  );
  await sleep(300);
  process.off('unhandledRejection', hear);
  expect([reply.stored, reply.refused.length, unheard]).toEqual([0, 301, []]);
  await server.close();
});
