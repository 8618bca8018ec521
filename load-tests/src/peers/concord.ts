import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from '../http.ts';
import type { Peer } from './peer.ts';
import { freePort, waitFor } from './process.ts';

const root = resolve(import.meta.dirname, '../../..');
const classes = [
  { name: 'spam', color: '#dc2626' },
  { name: 'ham', color: '#16a34a' },
];

/** Concord as `npm start` runs it, on the embedded default; `key` is an administrator's. */
export async function startConcord(
  lanes: number,
): Promise<Peer & { readonly key: string; readonly laneKeys: readonly string[] }> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-concord-'));
  const port = await freePort();
  const add = (name: string, role: string): string =>
    JSON.parse(
      execFileSync(
        process.execPath,
        [join(root, 'server/dist/cli.js'), 'user', 'add', name, '--role', role, '--data', dir, '--json'],
        { encoding: 'utf8' },
      ),
    ).key as string;
  const key = add('bench-admin', 'admin');
  const child: ChildProcess = spawn(
    process.execPath,
    [join(root, 'scripts/start.mjs'), '--data', dir, '--port', String(port)],
    { stdio: 'ignore', cwd: root },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitFor(`${url}/readyz`, 60_000);
  const api = createClient(url, { authorization: `Bearer ${key}` }, 'kept');
  const laneKeys: string[] = [];
  for (let i = 0; i < lanes; i++) {
    laneKeys.push(
      (await api.call('POST', '/api/v1/users', { name: `bench-${i}`, role: 'annotator' })).json<{
        key: string;
      }>().key,
    );
  }
  const clients = laneKeys.map((k) => createClient(url, { authorization: `Bearer ${k}` }, 'kept'));
  const upload = async (project: string, name: string, lines: readonly string[]) => {
    const bytes = Buffer.from(lines.join('\n'));
    const job = (
      await api.call('POST', `/api/v1/projects/${project}/imports?name=${name}&wait=true`, undefined, {
        type: 'application/octet-stream',
        bytes,
      })
    ).json<{ added: number; errorCount: number; status: string }>();
    if (job.added !== lines.length || job.errorCount > 0)
      throw new Error(`import took ${job.added} of ${lines.length}: ${JSON.stringify(job).slice(0, 500)}`);
  };
  return {
    name: 'Concord',
    version: '0.1.0',
    pid: child.pid!,
    url,
    key,
    laneKeys,
    async createProject(name) {
      const rules = {
        overlap: { min: 2, max: 2 },
        minAgreement: 0.5,
        minConfidence: 0.5,
        consensus: 'majority',
        leaseMs: 600_000,
      };
      return (
        await api.call('POST', '/api/v1/projects', {
          name,
          schema: { modality: 'text-classification', classes },
          rules,
          retrainEvery: 0,
        })
      ).json<{ id: string }>().id;
    },
    importTexts: (project, all) =>
      upload(
        project,
        'texts.jsonl',
        all.map((text) => JSON.stringify({ text })),
      ),
    importLabelled: (project, all) =>
      upload(
        project,
        'labelled.jsonl',
        all.map((text) =>
          JSON.stringify({
            data: { text },
            annotations: [
              {
                completed_by: 1,
                result: [
                  { from_name: 'label', to_name: 'text', type: 'choices', value: { choices: ['spam'] } },
                ],
              },
            ],
          }),
        ),
      ),
    async addOne(project, text) {
      await api.call('POST', `/api/v1/projects/${project}/tasks`, { data: { text } });
    },
    async listPage(project, page) {
      await api.call('GET', `/api/v1/projects/${project}/tasks?limit=30&from=${(page - 1) * 30}`);
    },
    async listProjects() {
      await api.call('GET', '/api/v1/projects?limit=30');
    },
    async nextTask(project, lane) {
      return (await clients[lane]!.call('POST', `/api/v1/projects/${project}/next`, {})).json<{
        task: { id: string };
      }>().task.id;
    },
    async submit(_project, task, lane) {
      await clients[lane]!.call('POST', `/api/v1/tasks/${task}/submissions`, {
        annotation: { regions: [], answers: { label: 'spam' } },
        leadTimeMs: 1000,
      });
    },
    async taskIds(project, n) {
      const ids: string[] = [];
      let from = 0;
      while (ids.length < n) {
        const { items } = (
          await api.call('GET', `/api/v1/projects/${project}/tasks?limit=500&from=${from}`)
        ).json<{ items: { id: string }[] }>();
        if (items.length === 0) break;
        ids.push(...items.map((t) => t.id));
        from += items.length;
      }
      return ids.slice(0, n);
    },
    exportJson: (project) => api.drain(`/api/v1/projects/${project}/export?format=label-studio`),
    async stop() {
      for (const client of [api, ...clients]) client.close();
      child.kill('SIGTERM');
      await new Promise((done) => child.once('exit', done));
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
