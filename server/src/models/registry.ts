import { createHash } from 'node:crypto';
import { ConcordError } from '@concord/core/errors/concord-error';
import { makeEvent } from '@concord/core/events/event';
import type { ModelId, ProjectId, UserId } from '@concord/core/records/ids';
import type { Model } from '@concord/core/records/model';
import type { User } from '@concord/core/records/user';
import type { Platform } from '../platform.ts';

/** What is known of a model besides its name; `bump` makes it a newer version. */
export interface Facts extends Pick<Model, 'kind' | 'blobHash' | 'trainedOn' | 'finalized' | 'accuracy'> {
  readonly bump: boolean;
}

/** One model a project and name: the same name is the same model, in a newer version. Names in files that were imported are names of their own. */
export function modelIdOf(projectId: ProjectId, name: string, origin: 'put' | 'imported'): ModelId {
  const key = origin === 'put' ? `${projectId}\n${name}` : `imported\n${projectId}\n${name}`;
  return `mdl_${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
}

/** Only the account that registered a model (or an admin) speaks for it. Throws `auth.forbidden`. */
export function mustOwn(user: Pick<User, 'id' | 'role'>, model: Model): void {
  if (model.createdBy === user.id || user.role === 'admin') return;
  throw new ConcordError('auth.forbidden', `${model.name} is the model of another account.`, [
    {
      path: 'model',
      message: 'belongs to another account',
      value: model.name,
      remedy: 'Register yours under another name.',
    },
  ]);
}

/** Writes a model, or a newer version of it, and announces what is new. */
export async function register(
  platform: Platform,
  id: ModelId,
  projectId: ProjectId,
  name: string,
  userId: UserId,
  { bump, ...facts }: Facts,
): Promise<Model> {
  const { store, clock } = platform;
  const current = await store.get('models', id);
  const version = current === null ? 1 : current.record.version + (bump ? 1 : 0);
  const at = clock.now();
  const createdBy = current?.record.createdBy ?? userId;
  const model: Model = { id, projectId, name, version, ...facts, createdBy, updatedAt: at };
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
