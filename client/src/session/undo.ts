import type { LayerId } from '@concord/core/records/ids';
import type { ClientOp } from '@concord/core/rooms/op';
import type { LayerState } from '@concord/core/rooms/state';
import { conflictOf, inverseOf } from './inverse.ts';

/** One thing the person did, as they think of it: a drag, a word typed, a suggestion accepted. */
interface Step {
  readonly layer: LayerId;
  readonly group: string | null;
  readonly ops: readonly ClientOp[];
  readonly back: readonly ClientOp[];
}

/** What an undo or redo comes to: ops to send, why it is not done, or (null) nothing left to do. */
export type UndoResult =
  | { readonly layer: LayerId; readonly ops: readonly ClientOp[] }
  | { readonly refused: string }
  | null;

type Layers = (id: LayerId) => LayerState | undefined;

/**
 * One person's own undo, in one room. It takes back my last step where nobody changed those fields since, and says so
 * where somebody did; another's change is never undone.
 */
export interface Undo {
  /** Remembers a step. Steps of one `group` in a row are one. Anything newly done ends what could be redone. */
  record(before: LayerState, ops: readonly ClientOp[], group: string | null): void;
  undo(layers: Layers): UndoResult;
  redo(layers: Layers): UndoResult;
  canUndo(): boolean;
  canRedo(): boolean;
}

const longestHistory = 500;

/** @param me whose stamps count as mine. @param newId ids for regions that come back from deletion. */
export function createUndo(me: string, newId: () => string): Undo {
  const done: Step[] = [];
  const undone: Step[] = [];
  /** A deleted id never lives again in a room; what comes back lives on under a new one. */
  const alias = new Map<string, string>();
  const now = (id: string): string => alias.get(id) ?? id;

  function current(op: ClientOp): ClientOp {
    if (op.t === 'create') return { ...op, region: { ...op.region, id: now(op.region.id) } };
    return op.t === 'update' || op.t === 'delete' ? { ...op, id: now(op.id) } : op;
  }
  function original(op: ClientOp): ClientOp {
    const known = (id: string): string => [...alias].find(([, to]) => to === id)?.[0] ?? id;
    if (op.t === 'create') return { ...op, region: { ...op.region, id: known(op.region.id) } };
    return op.t === 'update' || op.t === 'delete' ? { ...op, id: known(op.id) } : op;
  }

  function turn(from: Step[], to: Step[], layers: Layers, side: 'ops' | 'back'): UndoResult {
    const step = from.pop();
    if (step === undefined) return null;
    const state = layers(step.layer);
    if (state === undefined) return { refused: 'That layer is no longer here.' };
    const conflict = conflictOf(state, step[side].map(current), me);
    if (conflict !== null) return { refused: conflict };
    const ops = step[side].map((op) => {
      if (op.t === 'create') alias.set(op.region.id, newId());
      return current(op);
    });
    to.push(step);
    return { layer: step.layer, ops };
  }

  return {
    record(before, ops, group) {
      const kept = ops.filter((op) => op.t !== 'comment' && op.t !== 'resolve');
      if (kept.length === 0) return;
      const back = inverseOf(before, kept).map(original);
      const forth = kept.map(original);
      undone.length = 0;
      const last = done[done.length - 1];
      if (group !== null && last?.group === group && last.layer === before.layer)
        done[done.length - 1] = { ...last, ops: [...last.ops, ...forth], back: [...back, ...last.back] };
      else done.push({ layer: before.layer, group, ops: forth, back });
      if (done.length > longestHistory) done.shift();
    },
    undo: (layers) => turn(done, undone, layers, 'back'),
    redo: (layers) => turn(undone, done, layers, 'ops'),
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
  };
}
