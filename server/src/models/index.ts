import { createHash } from 'node:crypto';
import { ConcordError } from '@concord/core/errors/concord-error';
import { makeEvent } from '@concord/core/events/event';
import type { ModelId, ProjectId, UserId } from '@concord/core/records/ids';
import type { Model } from '@concord/core/records/model';
import type { Task } from '@concord/core/records/task';
import { Answer, type Handlers } from '../gateway/http/handler.ts';
import type { BringSuggestions } from '../ingest/index.ts';
import type { Platform } from '../platform.ts';
import type { Projects } from '../projects/index.ts';
import type { Rooms } from '../rooms/index.ts';

const MAX_MODEL_BYTES = 512 * 1024 * 1024;
/** Tasks looked at in one call of `suggestions.wanted`, so that it stays quick in a queue that has been seen already. */
const SCAN = 2000;

type ModelHandlers = Pick<
  Handlers,
  'models.put' | 'models.upload' | 'models.file' | 'suggestions.create' | 'suggestions.wanted'
>;

/** One model a project and name: the same name is the same model, in a newer version. */
function modelIdOf(projectId: string, name: string): ModelId {
  return `mdl_${createHash('sha256').update(`${projectId}\n${name}`).digest('hex').slice(0, 24)}`;
}

/** What is known of a model besides its name; `bump` makes it a newer version. */
interface Facts extends Pick<Model, 'kind' | 'blobHash' | 'trainedOn' | 'accuracy'> {
  readonly bump: boolean;
}

/** Writes a model, or a newer version of it, and announces what is new. */
async function register(
  platform: Platform,
  projectId: ProjectId,
  name: string,
  userId: UserId,
  { bump, ...facts }: Facts,
): Promise<Model> {
  const { store, clock } = platform;
  const id = modelIdOf(projectId, name);
  const current = await store.get('models', id);
  const version = current === null ? 1 : current.record.version + (bump ? 1 : 0);
  const at = clock.now();
  const model: Model = { id, projectId, name, version, ...facts, createdBy: userId, updatedAt: at };
  const { trainedOn, accuracy } = model;
  const news = makeEvent(
    'concord.model.updated.v1',
    `${id}:${version}`,
    { projectId, modelId: id, version, trainedOn, accuracy, at },
    at,
  );
  await store.commit({
    writes: [{ put: 'models', record: model, expect: current?.rev ?? 'absent' }],
    outbox: version === current?.record.version ? [] : [news],
  });
  platform.live.projectChanged(projectId);
  return model;
}

/** Suggestions that come with imported items, under a model that nobody runs here. */
export function createBringSuggestions(platform: Platform, rooms: Rooms): BringSuggestions {
  return async (project, name, userId, items) => {
    const known = await platform.store.get('models', modelIdOf(project.id, name));
    const model =
      known?.record ??
      (await register(platform, project.id, name, userId, {
        kind: 'external',
        blobHash: null,
        trainedOn: 0,
        accuracy: null,
        bump: false,
      }));
    const { refused } = await rooms.suggest(model, items);
    return { refused: refused.length };
  };
}

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
      if (body.blobHash !== null && (await blobs.size(body.blobHash)) === null) {
        throw new ConcordError('input.invalid', 'blobHash: no such file here', [
          {
            path: 'blobHash',
            message: 'no such file here',
            value: body.blobHash,
            remedy: 'Upload it first: POST /projects/{project}/model-files.',
          },
        ]);
      }
      return register(platform, project.id, params.name, user.id, body);
    },

    'models.upload': async ({ params, bytes }) => {
      await projects.get(params.project as ProjectId);
      return blobs.putStream(bytes, MAX_MODEL_BYTES);
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

    'suggestions.create': async ({ params, body }) => {
      const model = await known(body.model);
      if (model.projectId !== params.project)
        throw new ConcordError('not_found', `There is no model ${body.model} in this project.`);
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
      return rooms.suggest({ ...model, version: body.version }, body.items);
    },

    'suggestions.wanted': async ({ params, query }) => {
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
