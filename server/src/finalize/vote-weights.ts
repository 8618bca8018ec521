import { voteWeight } from '@concord/core/consensus/reliability';
import type { ProjectId } from '@concord/core/records/ids';
import type { Store } from '@concord/platform/ports/store';

/** What each of these people's votes weighs in this project now, 0..1. */
export async function weightsOf(
  store: Store,
  projectId: ProjectId,
  users: readonly string[],
): Promise<Map<string, number>> {
  const key = (id: string, what: string) => `${projectId}/by/${id}/${what}`;
  const values = await store.counters(users.flatMap((id) => [key(id, 'right'), key(id, 'settled')]));
  return new Map(
    users.map((id) => [
      id,
      voteWeight(values.get(key(id, 'right')) ?? 0, values.get(key(id, 'settled')) ?? 0),
    ]),
  );
}
