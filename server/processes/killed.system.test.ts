import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommitSummary } from '@concord/core/protocol/resources';
import type { Finalization } from '@concord/core/records/finalization';
import type { Model } from '@concord/core/records/model';
import type { Task } from '@concord/core/records/task';
import type { LogEntry } from '@concord/core/rooms/op';
import type { DatasetRecord } from '@concord/core/versioning/record';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiClient, createApiClient } from '../src/cli/api-client.ts';
import {
  anaesthesiaProject,
  lastWords,
  majorityOf,
  observers,
  patients,
} from '../src/testing/anaesthesia.ts';
import { type NatsProcess, startNats } from '../src/testing/nats.ts';
import { type Script, type ScriptProcess, startScript } from '../src/testing/process.ts';
import { startTestServer } from '../src/testing/server.ts';
import { type Acknowledged, type Hearing, type Observer, startWork } from './observer.ts';

/** Settled items until a model is trained, and again. */
const RETRAIN_EVERY = 8;
const settled = patients.filter((patient) => majorityOf(patient).state === 'finalized');

interface ExportedTask {
  readonly task: string;
  readonly state: string;
  readonly asset: { readonly data: { readonly text: string } };
  readonly submissions: readonly {
    readonly by: string;
    readonly blind: boolean;
    readonly annotation: { readonly answers: { readonly label: string } };
  }[];
}

describe('the anaesthesia labels, sent by five observers while every process is killed', () => {
  let data: string;
  let nats: NatsProcess | null;
  let running: Map<string, ScriptProcess>;
  let over: boolean;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'concord-processes-'));
    nats = null;
    running = new Map();
    over = false;
  });
  afterEach(async () => {
    over = true;
    for (const name of running.keys()) await kill(name);
    await nats?.end();
    rmSync(data, { recursive: true, force: true });
  });

  function start(name: string, script: Script, args: readonly string[]): ScriptProcess {
    if (over) throw new Error(`the test is over: ${name} is not started again`);
    const started = startScript(script, args);
    running.set(name, started);
    return started;
  }
  async function kill(name: string): Promise<void> {
    const process = running.get(name);
    process?.child.kill('SIGKILL');
    await process?.ended;
  }

  async function prepare() {
    const setup = await startTestServer({ data });
    const project = await setup.createProject({ ...anaesthesiaProject, retrainEvery: RETRAIN_EVERY });
    for (const patient of patients)
      await setup.api.post(`/projects/${project.id}/tasks`, { data: { text: patient } });
    const people: Observer[] = [];
    for (const name of observers) people.push({ name, ...(await setup.addUser(name, 'annotator')) });
    await setup.close();
    return { projectId: project.id, people, adminKey: setup.adminKey };
  }

  /** Starts the three on the data folder; each can be killed and started again where it was. */
  async function startAll(bus: string) {
    const places = ['--data', data, '--bus', bus];
    const server = async (port: string) => {
      const options = [...places, '--port', port, '--no-inference', '--no-versioning'];
      const [, url = ''] = await start('server', 'main.ts', options).waitFor(/Concord is at (\S+)/);
      return url;
    };
    const url = await server('0');
    const versioning = () =>
      start('versioning', '../../versioning-worker/src/main.ts', places).waitFor(/follows the bus/);
    const inference = () => {
      const key = readFileSync(join(data, 'worker.key'), 'utf8').trim();
      const options = ['--server', url, '--key', key];
      return start('inference', '../../inference-worker/src/main.ts', options).waitFor(/takes part/);
    };
    await Promise.all([versioning(), inference()]);
    const again = { server: () => server(new URL(url).port), versioning, inference };
    const crash = async (name: keyof typeof again) => {
      await kill(name);
      await again[name]();
    };
    return { url, again, crash };
  }

  async function everythingArrives(bus: string): Promise<void> {
    const { projectId, people, adminKey } = await prepare();
    const { url, again, crash } = await startAll(bus);
    const admin = createApiClient(url, adminKey);
    const acknowledged: Acknowledged = { ops: [], submissions: [], onSubmission() {} };
    const models = async () => (await admin.get<{ items: Model[] }>(`/projects/${projectId}/models`)).items;

    const hearing: Hearing = { deafTo: null, untold: new Set() };
    const work = people.map((one) => startWork(url, projectId, one, acknowledged, hearing));
    /** Kills the server when it has carried out something for each of the five, and none of them heard so. */
    const crashUnheard = async (deafTo: Hearing['deafTo']) => {
      hearing.untold.clear();
      hearing.deafTo = deafTo;
      await expect.poll(() => hearing.untold.size, { timeout: 30_000, interval: 1 }).toBe(observers.length);
      await kill('server');
      hearing.deafTo = null;
      await again.server();
    };
    const disturbances = [
      () => crash('server'),
      () => crash('versioning'),
      () => crashUnheard('ops'),
      () => nats?.crash() ?? crash('versioning'),
      () => crash('inference'),
      () => crashUnheard('submit'),
    ];
    for (const [round, disturb] of disturbances.entries()) {
      const before = acknowledged.submissions.length;
      const until = Math.ceil((patients.length * (round + 1)) / disturbances.length);
      const amidst = new Promise<void>((now) => {
        acknowledged.onSubmission = () =>
          acknowledged.submissions.length > before + observers.length && now();
      });
      await Promise.all([amidst.then(disturb), ...work.map((one) => one.labelUntil(until))]);
    }
    for (const one of work) one.end();
    expect(acknowledged.submissions).toHaveLength(patients.length * observers.length);

    await everyLabelStands(admin, projectId, acknowledged);
    await datasetHoldsWhatIsSettled(admin, projectId);
    await expect
      .poll(async () => (await models())[0]?.trainedOn, { timeout: 60_000, interval: 250 })
      .toBeGreaterThan(settled.length - RETRAIN_EVERY);
    expect(await models()).toHaveLength(1);
  }

  async function everyLabelStands(admin: ApiClient, projectId: string, { ops, submissions }: Acknowledged) {
    const file = await admin.raw('GET', `/projects/${projectId}/export?format=jsonl`);
    const tasks = linesOf<ExportedTask>(await file.text());
    expect(tasks.map(({ asset }) => asset.data.text)).toEqual(patients);
    for (const task of tasks) {
      const patient = task.asset.data.text;
      expect(task).toMatchObject(majorityOf(patient));
      expect(task.submissions).toHaveLength(observers.length);
      expect(task.submissions.every(({ blind }) => blind)).toBe(true);
      expect(Object.fromEntries(task.submissions.map((s) => [s.by, s.annotation.answers.label]))).toEqual(
        lastWords(patient),
      );

      const { entries } = await admin.get<{ entries: LogEntry[] }>(`/tasks/${task.task}/history`);
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
      const sent = entries.filter(({ client }) => client !== 'server');
      const byNumber = new Map(sent.map((entry) => [`${entry.client}/${entry.n}`, entry]));
      expect(byNumber.size).toBe(sent.length);
      for (const { client, n, op } of ops.filter((one) => one.task === task.task))
        expect(byNumber.get(`${client}/${n}`)?.op).toEqual(op);
      expect(
        sent
          .filter(({ op }) => op.t === 'submit')
          .map(({ by }) => by)
          .sort(),
      ).toEqual(
        submissions
          .filter((one) => one.task === task.task)
          .map(({ userId }) => userId)
          .sort(),
      );
    }
  }

  async function datasetHoldsWhatIsSettled(admin: ApiClient, projectId: string) {
    const commits = async () => {
      const answer = await admin.raw('GET', `/datasets/${projectId}/commits?limit=500`);
      return answer.ok ? ((await answer.json()) as { items: CommitSummary[] }).items : [];
    };
    await expect
      .poll(async () => (await commits())[0]?.stats.total, { timeout: 60_000, interval: 250 })
      .toBe(settled.length);
    const log = await commits();
    expect(log.reduce((sum, { stats }) => sum + stats.added, 0)).toBe(settled.length);
    expect(log.every(({ stats }) => stats.changed === 0 && stats.removed === 0)).toBe(true);

    const file = await admin.raw('GET', `/datasets/${projectId}/export?format=jsonl`);
    const records = linesOf<DatasetRecord>(await file.text());
    expect(records.map(({ asset }) => asset.data['text'])).toEqual(settled);
    const { items: tasks } = await admin.get<{ items: Task[] }>(`/projects/${projectId}/tasks?limit=100`);
    for (const record of records) {
      const patient = String(record.asset.data['text']);
      expect(record.revision).toBe(1);
      expect(record.answer.answers['label']).toBe(majorityOf(patient).answer);
      expect(
        Object.fromEntries(record.contributions.map((c) => [c.name, c.annotation.answers['label']])),
      ).toEqual(lastWords(patient));
    }
    const { items: finalizations } = await admin.get<{ items: Finalization[] }>(
      `/projects/${projectId}/finalizations?limit=500`,
    );
    expect(finalizations.map(({ taskId }) => taskId).sort()).toEqual(
      tasks
        .filter(({ state }) => state === 'finalized')
        .map(({ id }) => id)
        .sort(),
    );
  }

  test('nothing acknowledged is missing and nothing stands twice, on the embedded bus', async () => {
    await everythingArrives('embedded');
  });

  test('nothing acknowledged is missing and nothing stands twice, on NATS that is killed too', async () => {
    nats = await startNats();
    await everythingArrives(nats.url);
  });
});

function linesOf<T>(text: string): T[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}
