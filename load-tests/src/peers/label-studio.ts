import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '../http.ts';
import type { Peer } from './peer.ts';
import { freePort, waitFor } from './process.ts';

const config =
  '<View><Text name="text" value="$text"/><Choices name="label" toName="text"><Choice value="spam"/><Choice value="ham"/></Choices></View>';
const result = [{ from_name: 'label', to_name: 'text', type: 'choices', value: { choices: ['spam'] } }];
export const labelStudioAccount = { name: 'bench@example.com', password: 'bench-password-1' };

/** Label Studio as `label-studio start` runs it, from the environment at `bin` (its `label-studio` program). */
export async function startLabelStudio(bin: string, lanes: number): Promise<Peer> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-ls-'));
  const port = await freePort();
  const token = 'abcdef0123456789abcdef0123456789abcdef01';
  const { name, password } = labelStudioAccount;
  const child: ChildProcess = spawn(
    bin,
    [
      'start',
      '--no-browser',
      '--internal-host',
      '127.0.0.1',
      '--port',
      String(port),
      '--data-dir',
      dir,
      '--username',
      name,
      '--password',
      password,
      '--user-token',
      token,
    ],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN: 'true',
        COLLECT_ANALYTICS: 'false',
        SENTRY_DSN: '',
        FRONTEND_SENTRY_DSN: '',
        LATEST_VERSION_CHECK: 'false',
        DATA_UPLOAD_MAX_MEMORY_SIZE: '500000000',
      },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await waitFor(`${url}/health`, 180_000);
  const headers = { authorization: `Token ${token}` };
  // One connection a request: its own server answers a kept one about 40 ms later, which would not be its design's doing.
  const clients = Array.from({ length: lanes }, () => createClient(url, headers, 'fresh'));
  const api = clients[0]!;
  const version = (await api.call('GET', '/api/version')).json<{ release: string }>().release;
  const post = async (project: string, rows: unknown[]) => {
    for (let i = 0; i < rows.length; i += 10_000)
      await api.call('POST', `/api/projects/${project}/import`, rows.slice(i, i + 10_000));
  };
  return {
    name: 'Label Studio',
    version,
    pid: child.pid!,
    url,
    async createProject(title) {
      return String(
        (
          await api.call('POST', '/api/projects/', { title, label_config: config, maximum_annotations: 2 })
        ).json<{ id: number }>().id,
      );
    },
    importTexts: (project, texts) =>
      post(
        project,
        texts.map((text) => ({ text })),
      ),
    importLabelled: (project, texts) =>
      post(
        project,
        texts.map((text) => ({ data: { text }, annotations: [{ result }] })),
      ),
    async addOne(project, text) {
      await api.call('POST', '/api/tasks/', { project: Number(project), data: { text } });
    },
    async listPage(project, page) {
      await api.call('GET', `/api/tasks/?project=${project}&page=${page}&page_size=30&fields=all`);
    },
    async listProjects() {
      await api.call('GET', '/api/projects/?page_size=30');
    },
    async nextTask(project, lane) {
      return String(
        (await clients[lane]!.call('GET', `/api/projects/${project}/next`)).json<{ id: number }>().id,
      );
    },
    async submit(_project, task, lane) {
      await clients[lane]!.call('POST', `/api/tasks/${task}/annotations/`, { result, lead_time: 1 });
    },
    async taskIds(project, n) {
      const ids: string[] = [];
      for (let page = 1; ids.length < n; page++) {
        const answer = await api.call('GET', `/api/tasks/?project=${project}&page=${page}&page_size=500`);
        const { tasks } = answer.json<{ tasks: { id: number }[] }>();
        if (tasks.length === 0) break;
        ids.push(...tasks.map((t) => String(t.id)));
      }
      return ids.slice(0, n);
    },
    exportJson: (project) =>
      api.drain(`/api/projects/${project}/export?exportType=JSON&download_all_tasks=true`),
    async stop() {
      for (const client of clients) client.close();
      child.kill('SIGKILL');
      await new Promise((done) => child.once('exit', done));
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
