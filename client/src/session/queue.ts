import type { LayerId } from '@concord/core/records/ids';
import type { ClientOp } from '@concord/core/rooms/op';

/**
 * What this client still has to tell a room, in the order it happened. `n` counts a client's requests in one room
 * from 1 and never changes once given: a resend carries the same n, which is how the server recognises it.
 */
export type QueueItem =
  | { readonly n: number; readonly kind: 'op'; readonly layer: LayerId; readonly op: ClientOp }
  | { readonly n: number; readonly kind: 'submit'; readonly leadTimeMs: number };

/** One request to the server: a run of ops, or one submit. */
export type Batch =
  | { readonly kind: 'ops'; readonly ops: readonly Extract<QueueItem, { kind: 'op' }>[] }
  | { readonly kind: 'submit'; readonly item: Extract<QueueItem, { kind: 'submit' }> };

/** The protocol takes at most this many ops in one message. */
export const batchLimit = 500;

/**
 * The next request: the run of ops at the head of the queue, or the submit that stands there. Null when empty.
 * Ops and submits never share a request, so that a submit covers exactly what was queued before it.
 */
export function nextBatch(queue: readonly QueueItem[]): Batch | null {
  const first = queue[0];
  if (first === undefined) return null;
  if (first.kind === 'submit') return { kind: 'submit', item: first };
  const ops: Extract<QueueItem, { kind: 'op' }>[] = [];
  for (const item of queue) {
    if (item.kind !== 'op' || ops.length === batchLimit) break;
    ops.push(item);
  }
  return { kind: 'ops', ops };
}

/**
 * Adds an op, folding it into the newest one where only the last matters: a drag that moves a box through forty
 * places, or a sentence being typed, is one op for the log. `sentUpTo` is the highest n that may already be with the
 * server; those are never touched. Returns the queue and whether the op was folded.
 */
export function enqueueOp(
  queue: readonly QueueItem[],
  item: Extract<QueueItem, { kind: 'op' }>,
  sentUpTo: number,
): { readonly queue: readonly QueueItem[]; readonly folded: boolean } {
  const last = queue[queue.length - 1];
  if (last?.kind === 'op' && last.n > sentUpTo && last.layer === item.layer) {
    const both = foldOps(last.op, item.op);
    if (both !== null) return { queue: [...queue.slice(0, -1), { ...last, op: both }], folded: true };
  }
  return { queue: [...queue, item], folded: false };
}

function foldOps(a: ClientOp, b: ClientOp): ClientOp | null {
  if (a.t === 'update' && b.t === 'update' && a.id === b.id) return { ...a, set: { ...a.set, ...b.set } };
  if (a.t === 'classify' && b.t === 'classify') return { ...a, set: { ...a.set, ...b.set } };
  return null;
}
