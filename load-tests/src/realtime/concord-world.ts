import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Project } from '@concord/core/records/project';
import { createClient } from '../http.ts';
import { inParallel } from '../measure.ts';
import { picture } from './ops.ts';
import { root, workFolder } from './places.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** Arguments to `node` that start Concord and its command line: as `npm start` does it, or from the sources. */
export interface ConcordBuild {
  readonly server: readonly string[];
  readonly cli: readonly string[];
}
export const built: ConcordBuild = {
  server: [join(root, 'server/dist/main.js')],
  cli: [join(root, 'server/dist/cli.js')],
};

/** A data folder with people, an open project of pictures, and tasks that nobody has opened. */
export interface ConcordWorld {
  readonly folder: string;
  readonly users: readonly { readonly id: string; readonly key: string }[];
  readonly tasks: readonly string[];
}

export async function startConcord(
  build: ConcordBuild,
  folder: string,
): Promise<{ readonly server: ServerProcess; readonly port: number }> {
  const args = ['--data', folder, '--port', '0', '--no-inference', '--no-versioning'];
  const server = await startServer([...build.server, ...args], /Concord is at http:\/\/\S+:(\d+)/);
  return { server, port: Number(server.said[0]) };
}

/** Makes a world through Concord's own API, in which `people` may work on a task at a time. */
export async function buildWorld(
  build: ConcordBuild,
  size: { readonly users: number; readonly tasks: number; readonly people: number },
): Promise<ConcordWorld> {
  mkdirSync(workFolder, { recursive: true });
  const folder = mkdtempSync(join(workFolder, 'world-'));
  const add = ['user', 'add', 'bench-admin', '--role', 'admin', '--data', folder, '--json'];
  const admin = JSON.parse(execFileSync(process.execPath, [...build.cli, ...add], { encoding: 'utf8' })) as {
    key: string;
  };
  const { server, port } = await startConcord(build, folder);
  const api = createClient(`http://127.0.0.1:${port}`, { authorization: `Bearer ${admin.key}` }, 'kept');
  try {
    const users: { id: string; key: string }[] = new Array(size.users);
    await inParallel(size.users, 8, async (i) => {
      const answer = await api.call('POST', '/api/v1/users', { name: `bench-${i}`, role: 'annotator' });
      const { user, key } = answer.json<{ user: { id: string }; key: string }>();
      users[i] = { id: user.id, key };
    });
    const project = (
      await api.call('POST', '/api/v1/projects', {
        name: 'bench',
        schema: { modality: 'image-boxes', classes: [{ name: 'Object', color: '#d97706' }] },
        visibility: 'open',
        suggestions: false,
        rules: {
          overlap: { min: size.people, max: size.people },
          minAgreement: 0.5,
          minConfidence: 0.5,
          consensus: 'majority',
          leaseMs: 3_600_000,
        },
        retrainEvery: 0,
      })
    ).json<Project>();
    await inParallel(size.tasks, 8, async (i) => {
      await api.call(
        'POST',
        `/api/v1/projects/${project.id}/imports?name=picture-${i}.png&wait=true`,
        undefined,
        { type: 'application/octet-stream', bytes: pngOf(i) },
      );
    });
    const tasks: string[] = [];
    for (let from = 0; tasks.length < size.tasks; from = tasks.length) {
      const page = await api.call('GET', `/api/v1/projects/${project.id}/tasks?limit=500&from=${from}`);
      const { items } = page.json<{ items: { id: string }[] }>();
      if (items.length === 0) throw new Error(`${tasks.length} of ${size.tasks} pictures became tasks`);
      tasks.push(...items.map((task) => task.id));
    }
    return { folder, users, tasks };
  } finally {
    api.close();
    await server.stop('ask');
  }
}

/** A grey picture that differs from every other by its first four pixels. */
function pngOf(i: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(picture.width, 0);
  header.writeUInt32BE(picture.height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const pixels = Buffer.alloc((picture.width + 1) * picture.height, 128);
  for (let y = 0; y < picture.height; y++) pixels[y * (picture.width + 1)] = 0;
  pixels.writeUInt32BE(i, 1);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, sum]);
}
