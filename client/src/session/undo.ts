import type { LayerId } from '@concord/core/records/ids';
import type { ClientOp } from '@concord/core/rooms/op';
import type { LayerState } from '@concord/core/rooms/state';
import { createUndo, type Undo, type UndoResult } from '@concord/core/rooms/undo';

/** One thing the person did, as they think of it: a drag, a word typed, a suggestion accepted. */
interface Step {
  readonly layer: LayerId;
  readonly group: string | null;
  /** How many ops of the layer's undo it consists of. */
  ops: number;
}

export interface GroupedUndo {
  /** Call for every op just before it is applied. Ops of one `group` in a row are one step. */
  record(before: LayerState, op: ClientOp, group: string | null): void;
  /** Reverts the last step; `apply` must apply the ops at once. Null when it was done or nothing is left, else why not. */
  undo(): string | null;
  redo(): string | null;
  canUndo(): boolean;
  canRedo(): boolean;
}

const longestHistory = 2000;

/** Core's undo, which goes op by op in one layer, in the steps a person thinks in and across layers. */
export function createGroupedUndo(options: {
  readonly me: string;
  readonly newId: () => string;
  readonly layer: (id: LayerId) => LayerState | undefined;
  readonly apply: (layer: LayerId, ops: readonly ClientOp[]) => void;
}): GroupedUndo {
  const undos = new Map<LayerId, Undo>();
  const done: Step[] = [];
  const undone: Step[] = [];
  const of = (layer: LayerId): Undo => {
    const known = undos.get(layer);
    if (known !== undefined) return known;
    const made = createUndo({ me: options.me, newId: options.newId, keep: longestHistory });
    undos.set(layer, made);
    return made;
  };

  function turn(from: Step[], to: Step[], go: (undo: Undo, state: LayerState) => UndoResult | null) {
    const step = from.pop();
    if (step === undefined) return null;
    let reverted = 0;
    let left = 0;
    for (let i = 0; i < step.ops; i++) {
      const state = options.layer(step.layer);
      const result = state === undefined ? null : go(of(step.layer), state);
      if (result === null) break;
      left += result.left.length;
      reverted += result.ops.length;
      if (result.ops.length > 0) options.apply(step.layer, result.ops);
    }
    if (reverted > 0) to.push({ ...step, group: null, ops: reverted });
    return left > 0 ? 'Somebody changed this since. Their change stays.' : null;
  }

  return {
    record(before, op, group) {
      if (!of(before.layer).record(before, op)) return;
      undone.length = 0;
      const last = done[done.length - 1];
      if (group !== null && last?.group === group && last.layer === before.layer) last.ops += 1;
      else done.push({ layer: before.layer, group, ops: 1 });
      if (done.length > longestHistory) done.shift();
    },
    undo: () => turn(done, undone, (undo, state) => undo.undo(state)),
    redo: () => turn(undone, done, (undo, state) => undo.redo(state)),
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
  };
}
