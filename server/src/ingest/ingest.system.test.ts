import type { TaskDetail } from '@concord/core/protocol/resources';
import type { ImportJob } from '@concord/core/records/import';
import type { Project } from '@concord/core/records/project';
import type { Task } from '@concord/core/records/task';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

describe('importing files', () => {
  let server: TestServer;
  let project: Project;
  let made = 0;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  const fresh = async (fields: Partial<Project> = {}) => {
    project = await server.createProject({ name: `Letters ${++made}`, ...fields });
  };
  async function bring(name: string, content: string | Uint8Array): Promise<ImportJob> {
    const answer = await fetch(
      `${server.url}/api/v1/projects/${project.id}/imports?name=${encodeURIComponent(name)}&wait=true`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${server.adminKey}`, 'content-type': 'application/octet-stream' },
        body: content as string,
      },
    );
    return (await answer.json()) as ImportJob;
  }
  async function get<T>(path: string): Promise<T> {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${server.adminKey}` },
    });
    return (await answer.json()) as T;
  }
  const tasks = async () => (await get<{ items: Task[] }>(`/projects/${project.id}/tasks?limit=500`)).items;

  test('rows that cannot be read are named with their number; the others go in, in order', async () => {
    await fresh();
    const job = await bring(
      'a.csv',
      'text,note\nfirst,1\n"second, with a comma",2\nthird,3,too many\n,4\nfifth,5\n',
    );
    expect(job).toMatchObject({ status: 'done', added: 3, errorCount: 2, duplicates: 0 });
    expect(job.errors.map(({ row }) => row)).toEqual([4, 5]);
    expect((await tasks()).map(({ seq, preview }) => [seq, preview])).toEqual([
      [1, 'first'],
      [2, 'second, with a comma'],
      [3, 'fifth'],
    ]);
  });

  test('the same content again is the same item, also within a file, and several files at once get numbers without gaps', async () => {
    await fresh();
    const lines = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => JSON.stringify({ text: `text ${from + i}` })).join('\n');
    const jobs = await Promise.all([
      bring('one.jsonl', lines(0, 2500)),
      bring('two.jsonl', lines(1500, 4700)),
      bring('three.jsonl', `${lines(0, 10)}\n${lines(0, 10)}`),
    ]);
    expect(jobs.map(({ status, errorCount }) => [status, errorCount])).toEqual(jobs.map(() => ['done', 0]));
    expect(jobs.reduce((sum, { added }) => sum + added, 0)).toBe(4700);
    expect(jobs.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(1000 + 20);
    const again = await bring('one.jsonl', lines(0, 4700));
    expect(again).toMatchObject({ added: 0, duplicates: 4700 });
    const { items } = await get<{ items: Task[] }>(`/projects/${project.id}/tasks?limit=1&from=4699`);
    expect(items.map(({ seq }) => seq)).toEqual([4700]);
    const summary = await get<{ tasks: number; open: number }>(`/projects/${project.id}`);
    expect(summary).toMatchObject({ tasks: 4700, open: 4700 });
  });

  const result = (label: string, score?: number) => [
    {
      from_name: 'label',
      to_name: 'text',
      type: 'choices',
      value: { choices: [label] },
      ...(score === undefined ? {} : { score }),
    },
  ];

  test('Label Studio JSON brings labels and predictions; what does not fit is named and the item is in', async () => {
    await fresh({ queueOrder: 'uncertainty' });
    const file = [
      {
        data: { text: 'sure' },
        predictions: [{ model_version: 'bert-7', score: 0.9, result: result('spam') }],
      },
      {
        data: { text: 'unsure' },
        annotations: [{ completed_by: { email: 'Ann@example.com' }, result: result('ham') }],
        predictions: [
          { model_version: 'bert-7', score: 0.6, result: result('ham') },
          { model_version: '', score: 17, result: result('spam') },
        ],
      },
      {
        data: { text: 'odd' },
        annotations: [{ completed_by: 4, result: result('unheard-of') }],
        predictions: [{ model_version: 'bert-7', result: result('unheard-of') }],
      },
    ];
    const job = await bring('tasks.json', JSON.stringify(file));
    expect(job).toMatchObject({ status: 'done', added: 3, labelled: 2 });
    expect(new Set(job.errors.map(({ path }) => path))).toEqual(new Set(['annotations', 'predictions']));
    expect(job.errors.every(({ row }) => row === 3)).toBe(true);

    const [sure, unsure, odd] = await tasks();
    expect(odd).toMatchObject({ preview: 'odd', suggestion: null, submissions: 0 });
    expect(sure?.suggestion).toMatchObject({ label: 'spam', score: 0.9, version: 1 });
    expect(sure?.suggestion?.uncertainty).toBeCloseTo(0.1);
    const detail = await get<TaskDetail>(`/tasks/${unsure?.id}`);
    expect(detail.submissions?.map((s) => [s.name, s.annotation.answers['label'], s.origin])).toEqual([
      ['ls-ann@example.com', 'ham', 'import'],
    ]);
    const models = await get<{ items: { name: string; kind: string }[] }>(`/projects/${project.id}/models`);
    expect(models.items.map(({ name, kind }) => [name, kind]).sort()).toEqual([
      ['bert-7', 'external'],
      ['imported predictions', 'external'],
    ]);
    const history = await get<{ entries: { layer: string; op: { t: string } }[] }>(
      `/tasks/${unsure?.id}/history`,
    );
    expect(history.entries.map(({ layer, op }) => [layer.slice(0, 4), op.t])).toEqual([
      ['mdl_', 'replace'],
      ['mdl_', 'replace'],
      // Who asked for the labels above was given them [RM17].
      ['cons', 'expose'],
    ]);

    const again = await bring('tasks.json', JSON.stringify(file));
    expect(again).toMatchObject({ added: 0, duplicates: 3, labelled: 0 });
  });

  test('a file of no known kind, an empty one and UTF-16 are refused with what to do', async () => {
    await fresh();
    expect(await bring('a.xlsx', 'PK')).toMatchObject({ code: 'input.invalid', status: 400 });
    expect(await bring('a.csv', '')).toMatchObject({ code: 'input.invalid', detail: 'a.csv is empty.' });
    const utf16 = Buffer.from('\ufefftext\nÄpfel\n', 'utf16le');
    expect(await bring('a.csv', utf16)).toMatchObject({
      status: 'failed',
      failure: 'The file is UTF-16. Save it as UTF-8 and import it again.',
    });
    expect(await tasks()).toEqual([]);
  });
});
