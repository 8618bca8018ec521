import { type ConcordEvent, makeEvent } from '@concord/core/events/event';
import type { Task } from '@concord/core/records/task';
import type { User } from '@concord/core/records/user';
import type { LogEntry } from '@concord/core/rooms/op';

/** Small valid records for the contract suites. */
export function sampleTask(seq: number, fields: Partial<Task> = {}): Task {
  return {
    id: `tsk_${String(seq).padStart(6, '0')}`,
    projectId: 'prj_a',
    assetId: `ast_${seq}`,
    seq,
    state: 'open',
    queue: 1,
    priority: 0,
    rank: seq,
    target: 1,
    claims: [],
    leaseUntil: null,
    submissions: 0,
    agreement: null,
    confidence: null,
    answer: null,
    preview: `text ${seq}`,
    revision: 0,
    suggestion: null,
    disputedAt: null,
    finalizedAt: null,
    createdAt: 1_767_225_600_000,
    ...fields,
  };
}

export function sampleUser(name: string): User {
  return {
    id: `usr_${name}`,
    name,
    display: name,
    role: 'annotator',
    active: true,
    passwordHash: null,
    color: '#336699',
    createdAt: 1_767_225_600_000,
  };
}

export function sampleEntry(seq: number, text = 'hello'): LogEntry {
  return {
    seq,
    layer: 'usr_a',
    lseq: seq,
    by: 'usr_a',
    client: 'c1',
    n: seq,
    at: 1_767_225_600_000 + seq,
    op: { t: 'comment', id: `cm${seq}`, region: null, text },
  };
}

export function sampleEvent(id: string, project = 'prj_a'): ConcordEvent {
  const projectId = project as `prj_${string}`;
  return makeEvent(
    'concord.item.disputed.v1',
    id,
    { projectId, taskId: 'tsk_1', agreement: 0.5, confidence: null, at: 1 },
    1_767_225_600_000,
  );
}
