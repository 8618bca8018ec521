import type { Region } from '@concord/core/records/annotation';
import type { Json } from '@concord/core/records/json';
import type { ClientOp } from '@concord/core/rooms/op';
import type { LayerState } from '@concord/core/rooms/state';

/** A region's field as an op names it: `label`, `shape`, `attrs.<name>`; null where it is not set. */
function fieldOf(region: Region, field: string): Json {
  if (field === 'label') return region.label;
  if (field === 'shape') return region.shape;
  return region.attrs?.[field.slice('attrs.'.length)] ?? null;
}

/** The ops that take `ops` back, in the order to send them, given the layer as it was before. */
export function inverseOf(before: LayerState, ops: readonly ClientOp[]): ClientOp[] {
  const made = new Set<string>();
  const back: ClientOp[] = [];
  for (const op of ops) {
    if (op.t === 'create') {
      made.add(op.region.id);
      back.unshift({ t: 'delete', id: op.region.id });
    } else if (op.t === 'delete') {
      const region = before.regions[op.id]?.region;
      if (region !== undefined) back.unshift({ t: 'create', region });
    } else if (op.t === 'update') {
      const region = before.regions[op.id]?.region;
      if (region === undefined || made.has(op.id)) continue;
      const set = Object.fromEntries(Object.keys(op.set).map((field) => [field, fieldOf(region, field)]));
      back.unshift({ t: 'update', id: op.id, set });
    } else if (op.t === 'classify') {
      const set = Object.fromEntries(
        Object.keys(op.set).map((key) => [key, before.answers[key]?.value ?? null]),
      );
      back.unshift({ t: 'classify', set });
    }
  }
  return back;
}

/** Why sending these ops now would undo somebody else's work; null when it would not. */
export function conflictOf(state: LayerState, ops: readonly ClientOp[], me: string): string | null {
  for (const op of ops) {
    if (op.t === 'update') {
      const region = state.regions[op.id];
      if (region === undefined) return 'Somebody deleted this region since. It is left as it is.';
      const theirs = Object.keys(op.set).some((field) => (region.stamps[field]?.by ?? me) !== me);
      if (theirs) return 'Somebody changed this since. Their change stays.';
    }
    if (op.t === 'delete') {
      const region = state.regions[op.id];
      if (region === undefined) return 'Somebody deleted this region already.';
      if (Object.values(region.stamps).some((stamp) => stamp.by !== me))
        return 'Somebody changed this region since. It stays.';
    }
    if (op.t === 'classify') {
      const theirs = Object.keys(op.set).some((key) => (state.answers[key]?.stamp.by ?? me) !== me);
      if (theirs) return 'Somebody changed this answer since. Their change stays.';
    }
  }
  return null;
}
