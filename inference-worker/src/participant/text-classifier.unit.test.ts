import type { ModelFigures } from '@concord/core/protocol/resources';
import type { Project } from '@concord/core/records/project';
import { silentLogger } from '@concord/platform/observability/logger';
import { expect, it } from 'vitest';
import type { Api } from './api.ts';
import type { Suggester } from './suggester.ts';
import { textClassifierKind } from './text-classifier.ts';

const project = {
  id: 'prj_x',
  schema: { modality: 'text-classification' },
  retrainEvery: 4,
} as unknown as Project;

/** A server with so many settled items; `labelOf` says how the nth was settled. */
function createServer(settled: number, labelOf: (n: number) => string, models: Partial<ModelFigures>[] = []) {
  const state = { settled, trained: 0, opened: 0, read: 0 };
  let file = new Uint8Array();
  const api = {
    async call(name: string, { query, body }: Record<string, Record<string, unknown>>) {
      if (name === 'projects.models') return { items: models };
      if (name === 'finalizations.list') {
        state.read += 1;
        const from = Number(query?.['after'] ?? 0);
        const items = Array.from({ length: Math.min(500, state.settled - from) }, (_, i) => ({
          taskId: `tsk_${from + i}`,
          revision: 1,
          answer: { answers: { label: labelOf(from + i) } },
          asset: { data: { text: `${labelOf(from + i)} ${(from + i) % 7}` } },
        }));
        return { items, next: from + 500 < state.settled ? String(from + 500) : null };
      }
      state.trained += 1;
      const own = { id: 'mdl_x', name: 'text-classifier', kind: 'text-classifier', hasFile: true };
      models.push({ ...own, version: state.trained, ...body } as Partial<ModelFigures>);
      return { ...own, version: state.trained, projectId: 'prj_x' };
    },
    async upload(_name: string, bytes: Uint8Array<ArrayBuffer>) {
      file = bytes;
      return { hash: 'h', bytes: bytes.length };
    },
    async bytes() {
      state.opened += 1;
      return file;
    },
  };
  const kind = textClassifierKind(api as unknown as Api, silentLogger);
  let current: Suggester | null = null;
  const look = async () => {
    current = await kind.refresh(project, state.settled, current);
    return current;
  };
  return { state, look, models };
}
const either = (n: number) => (n % 2 === 0 ? 'spam' : 'ham');

it('trains when enough is settled, and again after as many more', async () => {
  const { state, look, models } = createServer(3, either);
  expect(await look()).toBeNull();
  state.settled = 4;
  expect((await look())?.model.version).toBe(1);
  state.settled = 7;
  expect((await look())?.model.version).toBe(1);
  state.settled = 8;
  expect((await look())?.model.version).toBe(2);
  expect(models.at(-1)).toMatchObject({ trainedOn: 8, finalized: 8 });
});

it('does not train for ever once more is settled than one training looks at', {
  timeout: 120_000,
}, async () => {
  const { state, look, models } = createServer(5010, either);
  for (let i = 0; i < 3; i++) await look();
  expect(state.trained).toBe(1);
  expect(models.at(-1)).toMatchObject({ trainedOn: 5000, finalized: 5010 });
});

it('does not read everything at every look while there is only one answer to learn', async () => {
  const { state, look } = createServer(5, () => 'ham');
  for (let i = 0; i < 5; i++) expect(await look()).toBeNull();
  expect([state.trained, state.read]).toEqual([0, 1]);
});

it('takes no imported model, and none without a file, for its own', async () => {
  const { state, look } = createServer(2, either, [
    { id: 'mdl_i', name: 'text-classifier', kind: 'external', version: 3, finalized: 0, hasFile: false },
    {
      id: 'mdl_f',
      name: 'text-classifier',
      kind: 'text-classifier',
      version: 1,
      finalized: 0,
      hasFile: false,
    },
  ]);
  expect(await look()).toBeNull();
  expect(state.opened).toBe(0);
});
