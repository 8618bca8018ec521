import type { Region } from '../records/annotation.ts';
import type { Json } from '../records/json.ts';
import type { ClientOp } from './op.ts';
import { sameJson } from './same-json.ts';
import type { LayerState } from './state.ts';

/** One op of mine with what it takes to revert it. */
interface Step {
  readonly op: ClientOp;
  /** Values of the fields it set, before it; absent for fields that were not there. */
  readonly before: Readonly<Record<string, Json>>;
  /** The region it deleted. */
  readonly region?: Region;
}

export interface UndoResult {
  /** Ops to send; empty when nothing could be reverted. */
  readonly ops: readonly ClientOp[];
  /** Fields left as they are because somebody else changed them since, and by whom. */
  readonly left: readonly { readonly what: string; readonly by: string }[];
}

export interface Undo {
  /**
   * Tell every op of mine just before it is applied to the layer as the page shows it. Forgets what could be redone.
   * False when the op is none that is undone (a comment, a change of nothing).
   */
  record(before: LayerState, op: ClientOp): boolean;
  /** Reverts my last op as far as nobody changed it since; null when there is nothing left. Send what it gives; do not `record` it. */
  undo(layer: LayerState): UndoResult | null;
  redo(layer: LayerState): UndoResult | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface UndoOptions {
  /** My user id, as it stands in stamps. */
  readonly me: string;
  /** A fresh region id: a deleted region comes back under a new one. */
  readonly newId: () => string;
  /** Steps kept; older ones can no longer be undone. */
  readonly keep?: number;
}

/** One person's undo and redo in one layer. Comments are not undone. */
export function createUndo({ me, newId, keep = 200 }: UndoOptions): Undo {
  const done: Step[] = [];
  const undone: Step[] = [];
  /** Deleted regions that came back: old id -> present id. */
  const renamed = new Map<string, string>();

  const present = (id: string): string => {
    let now = id;
    for (let next = renamed.get(now); next !== undefined; next = renamed.get(now)) now = next;
    return now;
  };

  /** Takes a step off one stack, reverts it, and puts what reverts that onto the other. */
  function turn(layer: LayerState, from: Step[], to: Step[]): UndoResult | null {
    const step = from.pop();
    if (step === undefined) return null;
    const result = invert(layer, step, me, present, newId);
    for (const op of result.ops) {
      const reverse = stepOf(layer, op);
      if (reverse !== null) to.push(reverse);
      if (op.t === 'create' && step.region !== undefined) renamed.set(present(step.region.id), op.region.id);
    }
    return result;
  }

  return {
    record(before, op) {
      const step = stepOf(before, op);
      if (step === null) return false;
      done.push(step);
      if (done.length > keep) done.shift();
      undone.length = 0;
      return true;
    },
    undo: (layer) => turn(layer, done, undone),
    redo: (layer) => turn(layer, undone, done),
    get canUndo() {
      return done.length > 0;
    },
    get canRedo() {
      return undone.length > 0;
    },
  };
}

/** What has to be known to revert `op` later; null for ops that are not undone or would change nothing. */
function stepOf(layer: LayerState, op: ClientOp): Step | null {
  switch (op.t) {
    case 'create':
      return layer.regions[op.region.id] === undefined ? { op, before: {} } : null;
    case 'delete': {
      const region = layer.regions[op.id]?.region;
      return region === undefined ? null : { op, before: {}, region };
    }
    case 'update': {
      const region = layer.regions[op.id]?.region;
      if (region === undefined) return null;
      const before: Record<string, Json> = {};
      for (const field of Object.keys(op.set)) before[field] = fieldOf(region, field);
      return { op, before };
    }
    case 'classify': {
      const before: Record<string, Json> = {};
      for (const key of Object.keys(op.set)) before[key] = layer.answers[key]?.value ?? null;
      return { op, before };
    }
    default:
      return null;
  }
}

/** The ops that revert a step in the layer as it is now, leaving whatever somebody else changed since. */
function invert(
  layer: LayerState,
  { op, before, region }: Step,
  me: string,
  present: (id: string) => string,
  newId: () => string,
): UndoResult {
  switch (op.t) {
    case 'create':
      return undoCreate(layer, op.region, me, present);
    case 'delete':
      if (region === undefined) return { ops: [], left: [] };
      return { ops: [{ t: 'create', region: { ...region, id: newId() } }], left: [] };
    case 'update': {
      const id = present(op.id);
      const now = layer.regions[id];
      if (now === undefined) return { ops: [], left: [{ what: id, by: '' }] };
      const set: Record<string, Json> = {};
      const left: { what: string; by: string }[] = [];
      for (const [field, mine] of Object.entries(op.set)) {
        const by = now.stamps[field]?.by;
        if (by === me && sameJson(fieldOf(now.region, field), mine)) set[field] = before[field] ?? null;
        else left.push({ what: `${id}.${field}`, by: by ?? '' });
      }
      return { ops: Object.keys(set).length > 0 ? [{ t: 'update', id, set }] : [], left };
    }
    case 'classify': {
      const set: Record<string, Json> = {};
      const left: { what: string; by: string }[] = [];
      for (const [key, mine] of Object.entries(op.set)) {
        const now = layer.answers[key];
        if (now?.stamp.by === me && sameJson(now.value, mine)) set[key] = before[key] ?? null;
        else left.push({ what: key, by: now?.stamp.by ?? '' });
      }
      return { ops: Object.keys(set).length > 0 ? [{ t: 'classify', set }] : [], left };
    }
    default:
      return { ops: [], left: [] };
  }
}

function undoCreate(
  layer: LayerState,
  created: Region,
  me: string,
  present: (id: string) => string,
): UndoResult {
  const id = present(created.id);
  const now = layer.regions[id];
  // Somebody deleted it already: there is nothing to revert and nothing lost.
  if (now === undefined) return { ops: [], left: [] };
  const other = Object.entries(now.stamps).find(([, stamp]) => stamp.by !== me);
  if (other !== undefined) return { ops: [], left: [{ what: `${id}.${other[0]}`, by: other[1].by }] };
  return { ops: [{ t: 'delete', id }], left: [] };
}

function fieldOf(region: Region, field: string): Json {
  if (field === 'label') return region.label;
  if (field === 'shape') return region.shape;
  return region.attrs?.[field.slice('attrs.'.length)] ?? null;
}
