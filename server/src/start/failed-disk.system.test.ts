import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Project } from '@concord/core/records/project';
import { childEnvironment } from '@concord/platform/config/child-environment';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApiClient } from '../cli/api-client.ts';
import { startTestServer } from '../testing/server.ts';

const main = join(dirname(fileURLToPath(import.meta.url)), '../main.ts');
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'concord-disk-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

test('a disk that fails ends the server in one line; what it acknowledged is there at the next start', async () => {
  const first = await startTestServer({ data });
  const project = await first.createProject();
  const key = first.adminKey;
  await first.close();

  // No file may grow past some megabytes: a write beyond fails as a broken disk does.
  const args = ['--import', tsx, main, '--data', data, '--port', '0', '--no-inference', '--no-versioning'];
  const child = spawn('sh', ['-c', 'ulimit -f 8000; exec "$0" "$@"', process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({}),
  });
  let stderr = '';
  child.stderr.on('data', (piece: Buffer) => {
    stderr += piece.toString();
  });
  const gone = once(child, 'exit');
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const api = createApiClient(/Concord is at (\S+)/.exec(said.toString())?.[1] ?? '', key);

  const acknowledged: string[] = [];
  for (let n = 0; child.exitCode === null && n < 60; n++) {
    const text = `item ${n} ${'x'.repeat(400_000)}`;
    await api
      .post<{ task: { id: string } }>(`/projects/${project.id}/tasks`, { data: { text } })
      .then(({ task }) => acknowledged.push(task.id))
      .catch(() => {});
  }
  const [code] = (await gone) as [number];
  expect(code).toBe(8);
  expect(stderr.trim().split('\n').at(-1)).toMatch(
    /^Writing to .* failed for good \(.*\): .* Look after the disk, then start again\.$/,
  );
  expect(acknowledged.length).toBeGreaterThan(2);

  const again = await startTestServer({ data });
  const held = await again.platform.store.getMany('tasks', acknowledged);
  expect(held.map((task) => task.record.id)).toEqual(acknowledged);
  expect((await again.api.get<{ project: Project }>(`/projects/${project.id}`)).project.id).toBe(project.id);
  await again.close();
});
