import type { LogEntry } from '@concord/core/rooms/op';

/** An entry worth jumping to. */
export interface Mark {
  readonly seq: number;
  readonly kind: 'submission' | 'decision' | 'dispute';
}

const kinds: Partial<Record<LogEntry['op']['t'], Mark['kind']>> = {
  submit: 'submission',
  withdraw: 'submission',
  decide: 'decision',
  finalize: 'decision',
  dispute: 'dispute',
  reopen: 'dispute',
};

/** Where somebody submitted, and where the task was disputed, settled or opened again. */
export function marksOf(entries: readonly LogEntry[]): Mark[] {
  return entries.flatMap(({ seq, op }): Mark[] => {
    const kind = kinds[op.t];
    return kind === undefined ? [] : [{ seq, kind }];
  });
}

/** The nearest mark after `seq`, or before it; null when there is none. */
export function markBeside(marks: readonly Mark[], seq: number, side: 'next' | 'previous'): number | null {
  const found =
    side === 'next' ? marks.find((mark) => mark.seq > seq) : marks.findLast((mark) => mark.seq < seq);
  return found?.seq ?? null;
}
