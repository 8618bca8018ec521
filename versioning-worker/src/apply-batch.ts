import type { ConcordEvent } from '@concord/core/events/event';
import type { Codec } from '@concord/core/versioning/codec';
import { decodeRecord, encodeRecord, recordKey, recordOf } from '@concord/core/versioning/record';
import type { Repository } from '@concord/core/versioning/repository';
import { rememberNodes } from '@concord/core/versioning/tree-cursor';
import { getRecord } from '@concord/core/versioning/tree-read';
import { emptyTree, writeVersion } from '@concord/core/versioning/write-version';
import type { Blobs } from '@concord/platform/ports/blobs';
import type { Positioned, SetAside } from '@concord/platform/ports/bus';
import type { Clock } from '@concord/platform/ports/clock';

export const MAIN = 'main';
export const AUTHOR = 'concord';

/** A settled answer, ready to be kept. */
interface NewRecord {
  readonly revision: number;
  readonly schemaVersion: number;
  readonly value: string;
}

/** What a batch of the bus says about one project: the newest settled answer of each task, and the positions it spans. */
export interface ProjectBatch {
  readonly project: string;
  readonly records: ReadonlyMap<string, NewRecord>;
  readonly from: number;
  readonly to: number;
}

/**
 * Sorts a batch by project. Of several revisions of one task only the highest is kept [VC14]. An event that makes no
 * record is set aside: whether it does depends on the event alone, so no later delivery could fare better [VC17].
 */
export function groupByProject(batch: readonly Positioned[], setAside: SetAside): ProjectBatch[] {
  const groups = new Map<string, { records: Map<string, NewRecord>; from: number; to: number }>();
  for (const positioned of batch) {
    const { position, event } = positioned;
    if (!isFinalized(event)) continue;
    const project = event.data.projectId;
    const group = groups.get(project) ?? { records: new Map(), from: position, to: position };
    try {
      const record = recordOf(event.data);
      const key = recordKey(record.seq, record.task);
      const { revision, schemaVersion } = record;
      if (revision > (group.records.get(key)?.revision ?? 0))
        group.records.set(key, { revision, schemaVersion, value: encodeRecord(record) });
    } catch (error) {
      setAside(positioned, `makes no record: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    group.to = position;
    groups.set(project, group);
  }
  return [...groups].map(([project, group]) => ({ project, ...group }));
}

function isFinalized(
  event: ConcordEvent,
): event is Extract<ConcordEvent, { type: 'concord.item.finalized.v1' }> {
  return event.type === 'concord.item.finalized.v1';
}

export interface Committing {
  readonly blobs: Blobs;
  readonly codec: Codec;
  readonly repository: Repository;
  readonly clock: Clock;
}

/**
 * Puts what is new of one project's batch onto its branch as one commit. Null when the branch holds all of it already [VC14].
 * Throws `conflict` when another worker moved the branch meanwhile; then the caller looks again.
 */
export async function commitBatch(on: Committing, batch: ProjectBatch) {
  const { repository, codec, blobs } = on;
  const head = await repository.head(batch.project, MAIN);
  const commit = head === null ? null : await repository.commit(batch.project, head.commit);
  if (head !== null && commit === null)
    throw new Error(`commit ${head.commit} of ${batch.project} is missing`);
  const base =
    head === null || commit === null
      ? null
      : { head, commit, nodes: rememberNodes(repository.nodes(batch.project, MAIN, head)) };
  const { root, nodes } = base === null ? emptyTree(codec) : { root: base.commit.root, nodes: base.nodes };

  const changes = [];
  let schemaVersion = 0;
  for (const [key, record] of batch.records) {
    const held = await getRecord(nodes, root, key);
    if (held !== null && decodeRecord(held).revision >= record.revision) continue;
    changes.push({ key, value: record.value });
    schemaVersion = Math.max(schemaVersion, record.schemaVersion);
  }
  if (changes.length === 0) return null;
  return writeVersion(blobs, codec, {
    project: batch.project,
    branch: MAIN,
    base,
    changes,
    author: AUTHOR,
    at: on.clock.now(),
    message: ({ added, changed }) => describe(added, changed),
    source: { from: batch.from, to: batch.to },
    schemaVersion,
  });
}

/** "12 items settled, 1 item settled again". */
function describe(added: number, changed: number): string {
  const items = (n: number) => `${n} item${n === 1 ? '' : 's'}`;
  const parts = [];
  if (added > 0) parts.push(`${items(added)} settled`);
  if (changed > 0) parts.push(`${items(changed)} settled again`);
  return parts.join(', ');
}
