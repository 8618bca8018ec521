import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportJob } from '@concord/core/records/import';
import type { Unit } from '@concord/platform/ports/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bring } from '../testing/imports.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let data: string;
let server: TestServer;
beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'concord-jobs-'));
  server = await startTestServer({ data });
});
afterAll(async () => {
  await server.close();
  rmSync(data, { recursive: true, force: true });
});

const rows = (n: number) => `text\n${Array.from({ length: n }, (_, i) => `row ${i}\n`).join('')}`;
const adds = (unit: Unit) => unit.writes?.some((write) => 'put' in write && write.put === 'assets') ?? false;
const jobOf = (id: string) => server.api.get<ImportJob>(`/imports/${id}`);

/** Lets units that add items pass only after `open`. */
function gate() {
  const { store } = server.platform;
  const commit = store.commit.bind(store);
  let open!: () => void;
  const opened = new Promise<void>((done) => {
    open = done;
  });
  store.commit = async (unit) => {
    if (adds(unit)) await opened;
    return commit(unit);
  };
  return () => {
    open();
    store.commit = commit;
  };
}

test('who does not wait gets the running job once the body is here', async () => {
  const project = await server.createProject();
  const open = gate();
  const job = await bring(server, project.id, 'a.csv', rows(5), { wait: false });
  expect(job).toMatchObject({ status: 'running', added: 0 });
  open();
  await expect.poll(() => jobOf(job.id)).toMatchObject({ status: 'done', added: 5 });
  expect(await bring(server, project.id, 'a.csv', rows(5))).toMatchObject({ status: 'done', duplicates: 5 });
});

test('an import ends as failed when the disk is full, and the store hears of it when it can', async () => {
  const project = await server.createProject();
  const { store } = server.platform;
  const commit = store.commit.bind(store);
  let started = false;
  store.commit = async (unit) => {
    const own = unit.writes?.some((write) => 'put' in write && write.put === 'imports') ?? false;
    if (started && (own || adds(unit)))
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    started ||= own;
    return commit(unit);
  };
  const job = await bring(server, project.id, 'a.csv', rows(5));
  const failed = { status: 'failed', failure: expect.stringContaining('No space is left') };
  expect(job).toMatchObject(failed);
  expect(await jobOf(job.id)).toMatchObject(failed);
  const list = await server.api.get<{ items: ImportJob[] }>(`/projects/${project.id}/imports`);
  expect(list.items).toMatchObject([failed]);
  expect((await store.get('imports', job.id))?.record.status).toBe('running');
  store.commit = commit;
  const stored = async () => (await store.get('imports', job.id))?.record;
  await expect.poll(stored, { timeout: 20_000 }).toMatchObject(failed);
  expect(await bring(server, project.id, 'a.csv', rows(5))).toMatchObject({ status: 'done', added: 5 });
});

test('a server that stops ends its imports as interrupted; the same file brings the rest', async () => {
  const project = await server.createProject();
  const open = gate();
  const job = await bring(server, project.id, 'a.csv', rows(20_000), { wait: false });
  const closing = server.close();
  open();
  await closing;
  server = await startTestServer({ data });
  const { status, added } = await jobOf(job.id);
  expect(status).toBe('interrupted');
  expect(added).toBeLessThan(20_000);
  const again = await bring(server, project.id, 'a.csv', rows(20_000));
  expect(again).toMatchObject({ status: 'done', added: 20_000 - added, duplicates: added });
});
