import type { ModelFigures } from '@concord/core/protocol/resources';
import type { ProjectId } from '@concord/core/records/ids';
import type { Store } from '@concord/platform/ports/store';

/** The models of a project and how people took their suggestions, from counters. */
export async function readModelFigures(store: Store, projectId: ProjectId): Promise<ModelFigures[]> {
  const [page, counts] = await Promise.all([
    store.page('models', { index: 'project', where: { projectId }, limit: 200 }),
    store.countersWith(`${projectId}/model/`),
  ]);
  return page.items.map(({ record }) => {
    const count = (what: string) => counts.get(`${projectId}/model/${record.id}/${what}`) ?? 0;
    return {
      id: record.id,
      name: record.name,
      version: record.version,
      kind: record.kind,
      trainedOn: record.trainedOn,
      finalized: record.finalized ?? record.trainedOn,
      accuracy: record.accuracy,
      hasFile: record.blobHash !== null,
      updatedAt: record.updatedAt,
      accepted: count('accepted'),
      edited: count('edited'),
      rejected: count('rejected'),
    };
  });
}
