import { ConcordError, isConcordError } from '@concord/core/errors/concord-error';
import type { ProjectId } from '@concord/core/records/ids';
import type { Model } from '@concord/core/records/model';
import type { Task } from '@concord/core/records/task';
import { Answer, type Handlers } from '../gateway/http/handler.ts';
import type { ImportedModels } from '../ingest/index.ts';
import type { Platform } from '../platform.ts';
import type { Projects } from '../projects/index.ts';
import type { Rooms } from '../rooms/index.ts';
import { modelIdOf, mustOwn, register } from './registry.ts';

const MAX_MODEL_BYTES = 512 * 1024 * 1024;
/** Tasks looked at in one call of `suggestions.wanted`, so that it stays quick in a queue that has been seen already. */
const SCAN = 2000;

type ModelHandlers = Pick<
  Handlers,
  'models.put' | 'models.upload' | 'models.file' | 'suggestions.create' | 'suggestions.wanted'
>;

/** Models whose predictions come with imported items; nobody runs them here. */
export function createImportedModels(platform: Platform, rooms: Rooms): ImportedModels {
  return {
    async model(projectId, name, userId) {
      const id = modelIdOf(projectId, name, 'imported');
      const known = await platform.store.get('models', id);
      if (known !== null) return known.record;
      const facts = { kind: 'external', blobHash: null, trainedOn: 0, accuracy: null, bump: false } as const;
      return register(platform, id, projectId, name, userId, facts);
    },
    async suggest(model, items) {
      const { stored, refused } = await rooms.suggest(model, items);
      return { stored, refused: refused.map(({ task, problem }) => ({ task, why: problem.detail })) };
    },
  };
}

/** Says who uploaded a model's file, and for which project. */
const uploadName = (projectId: ProjectId, userId: string, hash: string) =>
  `model-files/${projectId}/${userId}/${hash}`;

/** Models register here, keep their files here, and put their suggestions on their layers. */
export function modelHandlers(platform: Platform, projects: Projects, rooms: Rooms): ModelHandlers {
  const { store, blobs } = platform;

  async function known(id: string): Promise<Model> {
    const stored = await store.get('models', id);
    if (stored === null) throw new ConcordError('not_found', `There is no model ${id}.`);
    return stored.record;
  }

  return {
    'models.put': async ({ user, params, body }) => {
      const { record: project } = await projects.get(params.project as ProjectId);
      const id = modelIdOf(project.id, params.name, 'put');
      const current = await store.get('models', id);
      if (current !== null) mustOwn(user, current.record);
      const known = body.blobHash === null || body.blobHash === current?.record.blobHash;
      // Content is shared by all who hold its hash: only what this account uploaded here becomes a model's file.
      if (!known && (await blobs.getRef(uploadName(project.id, user.id, body.blobHash ?? ''))) === null) {
        throw new ConcordError('input.invalid', 'blobHash: no file that you uploaded to this project', [
          {
            path: 'blobHash',
            message: 'is no file that you uploaded to this project',
            value: body.blobHash,
            remedy: 'Upload it first: POST /projects/{project}/model-files.',
          },
        ]);
      }
      return register(platform, id, project.id, params.name, user.id, body);
    },

    'models.upload': async ({ user, params, bytes }) => {
      const { record: project } = await projects.get(params.project as ProjectId);
      const stored = await blobs.putStream(bytes, MAX_MODEL_BYTES);
      await blobs
        .putRef(uploadName(project.id, user.id, stored.hash), stored.hash, 'absent')
        .catch((error: unknown) => {
          // Uploaded before.
          if (!isConcordError(error, 'conflict')) throw error;
        });
      return stored;
    },

    'models.file': async ({ params }) => {
      const model = await known(params.model);
      const stream = model.blobHash === null ? null : await blobs.stream(model.blobHash);
      if (stream === null) throw new ConcordError('not_found', `Model ${model.name} has no file here.`);
      return new Answer({
        stream,
        headers: { 'content-type': 'application/octet-stream', etag: `"${model.blobHash}"` },
      });
    },

    'suggestions.create': async ({ user, params, body }) => {
      const model = await known(body.model);
      if (model.projectId !== params.project)
        throw new ConcordError('not_found', `There is no model ${body.model} in this project.`);
      mustOwn(user, model);
      if (body.version > model.version) {
        throw new ConcordError('input.invalid', `version: ${model.name} is at version ${model.version}`, [
          {
            path: 'version',
            message: `newer than the registered version ${model.version}`,
            value: body.version,
            remedy: 'Register it first: PUT /projects/{project}/models/{name}.',
          },
        ]);
      }
      const { stored, refused } = await rooms.suggest({ ...model, version: body.version }, body.items);
      return { stored: stored.length, refused: [...refused] };
    },

    'suggestions.wanted': async ({ params, query }) => {
      // An archived project takes no more suggestions.
      if ((await projects.get(params.project)).record.archived) return { items: [], next: null };
      const wanted: Task[] = [];
      let after = query.after;
      let next: string | null = null;
      for (let scanned = 0; scanned < SCAN; ) {
        const page = await store.page('tasks', {
          index: 'queue',
          where: { projectId: params.project, queue: 1 },
          after,
          limit: Math.min(200, query.limit - wanted.length),
        });
        scanned += Math.max(1, page.items.length);
        for (const { record } of page.items) {
          const seen = record.suggestion;
          if (seen === null || seen.modelId !== query.model || seen.version < query.version)
            wanted.push(record);
        }
        next = page.next;
        if (next === null || wanted.length >= query.limit) break;
        after = next;
      }
      const assets = await store.getMany(
        'assets',
        wanted.map((t) => t.assetId),
      );
      const byId = new Map(assets.map(({ record }) => [record.id, record]));
      return { items: wanted.map((t) => ({ task: t.id, asset: byId.get(t.assetId) })), next };
    },
  };
}
