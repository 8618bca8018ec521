import type { CommitSummary } from '@concord/core/protocol/resources';
import type { Task } from '@concord/core/records/task';
import type { DatasetRecord } from '@concord/core/versioning/record';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ScriptProcess, startScript } from '../testing/process.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let worker: ScriptProcess;
beforeEach(async () => {
  server = await startTestServer();
  worker = startScript('../../versioning-worker/src/main.ts', ['--data', server.data]);
});
afterEach(async () => {
  worker.child.kill('SIGKILL');
  await worker.ended;
  await server.close();
});

/** The library gives JSON columns as text; a label with quotes, commas and other scripts must come back as it was. */
const LETTERS = ['plain', 'with "quotes", commas\nand lines', '=1+1', 'Приве́т 👋', ''.padEnd(5000, 'long ')];

interface Label {
  readonly annotator: string;
  readonly label: string;
  readonly annotation: unknown;
}

test('a Parquet export read by another library holds what was sent, row for row what JSONL holds', async () => {
  const project = await server.createProject({
    rules: {
      overlap: { min: 3, max: 3 },
      minAgreement: 0.3,
      minConfidence: 0.3,
      consensus: 'majority',
      leaseMs: 600_000,
    },
  });
  const people = await Promise.all(['ann', 'ben', 'cas'].map((name) => server.addUser(name, 'annotator')));
  const sent: string[][] = [];
  const tasks: Task[] = [];
  for (const [i, text] of LETTERS.entries()) {
    const made = await server.api.post<{ task: Task }>(`/projects/${project.id}/tasks`, { data: { text } });
    tasks.push(made.task);
    const labels = people.map((_, n) => (n === 2 && i % 2 === 0 ? 'ham' : 'spam'));
    sent.push(labels);
    for (const [n, { key }] of people.entries()) {
      const annotation = { regions: [], answers: { label: labels[n] } };
      const body = { annotation, leadTimeMs: 1000 * i + n };
      await server.as(key).post(`/tasks/${made.task.id}/submissions`, body);
    }
  }
  const total = async () => {
    const answer = await server.api.raw('GET', `/datasets/${project.id}/commits`);
    return answer.ok ? ((await answer.json()) as { items: CommitSummary[] }).items[0]?.stats.total : 0;
  };
  await expect.poll(total, { timeout: 60_000, interval: 200 }).toBe(LETTERS.length);

  const exported = (format: string) =>
    server.api.raw('GET', `/datasets/${project.id}/export?format=${format}`);
  const lines = (await (await exported('jsonl')).text()).trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as DatasetRecord);
  const rows = await parquetReadObjects({ file: await (await exported('parquet')).arrayBuffer() });

  expect(rows.map((row) => row['task'])).toEqual(tasks.map(({ id }) => id));
  expect(rows.map((row) => row['data_text'])).toEqual(LETTERS);
  for (const [i, row] of rows.entries()) {
    const record = records[i]!;
    const labels = JSON.parse(String(row['labels'])) as Label[];
    const byName = new Map(labels.map(({ annotator, label }) => [annotator, label]));
    expect(['ann', 'ben', 'cas'].map((name) => byName.get(name))).toEqual(sent[i]);
    expect(labels.map(({ annotation }) => annotation)).toEqual(
      record.contributions.map(({ annotation }) => annotation),
    );
    expect(row['agreement']).toBe(record.agreement);
    expect(row['agreement']).toBeCloseTo(i % 2 === 0 ? 1 / 3 : 1, 5);
    expect(row['confidence']).toBe(record.confidence);
    expect(row['answer']).toBe('spam');
    expect(JSON.parse(String(row['answer_json']))).toEqual(record.answer);
    expect(JSON.parse(String(row['decision_path']))).toEqual({ ...record.settledBy, ops: record.ops });
    expect(row['settled_by']).toBe('consensus');
    expect(Number(row['revision'])).toBe(1);
    expect(Number(row['annotators'])).toBe(3);
    expect((row['settled_at'] as Date).getTime()).toBe(record.at);
  }
});
