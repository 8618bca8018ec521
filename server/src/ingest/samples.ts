import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConcordError } from '@concord/core/errors/concord-error';
import { parseInput } from '@concord/core/errors/parse';
import { projectInput } from '@concord/core/protocol/routes';
import type { UserId } from '@concord/core/records/ids';
import type { Project } from '@concord/core/records/project';
import { z } from 'zod';
import type { Projects } from '../projects/index.ts';
import type { Ingest } from './ingest.ts';

/** A sample's description: what the project is made from, and its data file beside it. */
const sampleFile = z.object({
  data: z.string().regex(/^[A-Za-z0-9._-]+$/),
  items: z.number().int(),
  project: projectInput,
});

export interface Samples {
  list(): Promise<
    {
      name: string;
      title: string;
      description: string;
      modality: string;
      items: number;
      attribution: string;
      added: boolean;
    }[]
  >;
  /** Makes the project and brings its data in. Throws `not_found`, and `conflict` when it is there already. */
  add(name: string, userId: UserId): Promise<Project>;
  addAll(userId: UserId): Promise<void>;
}

/** Names of the samples in a folder, sorted; none when there is no such folder. */
export async function listSamples(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((e) => e.isDirectory())
    .map((e) => e.name)
    .sort();
}

export function createSamples(folder: string, projects: Projects, ingest: Ingest): Samples {
  const read = async (name: string) =>
    parseInput(
      sampleFile,
      JSON.parse(await readFile(join(folder, name, 'sample.json'), 'utf8')),
      `${name}/sample.json`,
    );
  const present = async (title: string) =>
    (await projects.list({ after: undefined, limit: 500, archived: false })).items.some(
      (p) => p.project.name === title,
    );

  async function add(name: string, userId: UserId): Promise<Project> {
    if (!(await listSamples(folder)).includes(name))
      throw new ConcordError('not_found', `There is no sample ${name}.`);
    const sample = await read(name);
    if (await present(sample.project.name))
      throw new ConcordError('conflict', `${sample.project.name} is there already.`, [
        { path: 'sample', message: 'was added already' },
      ]);
    const { record: project } = await projects.create(sample.project, userId);
    const { done } = await ingest.start({
      projectId: project.id,
      userId,
      name: sample.data,
      mapping: undefined,
      encoding: 'utf-8',
      bytes: createReadStream(join(folder, name, sample.data)),
      total: null,
      takeOver: false,
    });
    const job = await done;
    if (job.status !== 'done' || job.errorCount > 0)
      throw new ConcordError('internal', `The sample ${name} could not be read whole.`);
    return project;
  }

  return {
    async list() {
      const names = await listSamples(folder);
      return Promise.all(
        names.map(async (name) => {
          const { project, items } = await read(name);
          return {
            name,
            title: project.name,
            description: project.description,
            modality: project.schema.modality,
            items,
            attribution: project.attribution,
            added: await present(project.name),
          };
        }),
      );
    },
    add,
    async addAll(userId) {
      for (const name of await listSamples(folder))
        if (!(await present((await read(name)).project.name))) await add(name, userId);
    },
  };
}
