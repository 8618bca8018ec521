import type { RouteQuery, RouteResponse } from '@concord/core/protocol/routes';
import type { Store } from '@concord/platform/ports/store';

/** Settled answers in order of time, every revision of them; with their assets where asked. */
export async function listFinalizations(
  store: Store,
  projectId: string,
  query: RouteQuery<'finalizations.list'>,
): Promise<RouteResponse<'finalizations.list'>> {
  const page = await store.page('finalizations', {
    index: 'time',
    where: { projectId },
    after: query.after,
    limit: query.limit,
  });
  const settled = page.items.map(({ record }) => record);
  if (!query.assets) return { items: settled, next: page.next };
  const ids = [...new Set(settled.map((record) => record.assetId))];
  const assets = new Map((await store.getMany('assets', ids)).map(({ record }) => [record.id, record]));
  return {
    items: settled.map((record) => ({ ...record, asset: assets.get(record.assetId) })),
    next: page.next,
  };
}
