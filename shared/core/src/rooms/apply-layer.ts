import type { Annotation, Region } from '../records/annotation.ts';
import type { Json } from '../records/json.ts';
import { isModelLayer, isPersonLayer } from './layer.ts';
import type { Op, WireEntry } from './op.ts';
import type { Comment, LayerState, RegionState, Stamp } from './state.ts';

/** What applying needs of an entry; pending ops of a client have a provisional `lseq`. */
export type LayerEntry = Pick<WireEntry, 'lseq' | 'by' | 'at' | 'op'>;

type Draft = { -readonly [K in keyof LayerState]: LayerState[K] };
type Owned = Set<'regions' | 'deleted' | 'answers'>;
/** Nothing needs a copy before it is written. */
const everything: Owned = new Set(['regions', 'deleted', 'answers']);

/** Applies one entry of this layer. Pure, and total: what no longer fits (a deleted region) changes nothing but `lseq`. */
export function applyLayerOp(layer: LayerState, entry: LayerEntry): LayerState {
  return applyLayerOps(layer, [entry]);
}

/** The same for many entries in order, copying the layer's maps once. */
export function applyLayerOps(layer: LayerState, entries: readonly LayerEntry[]): LayerState {
  if (entries.length === 0) return layer;
  const draft: Draft = { ...layer };
  const owned: Owned = new Set();
  for (const entry of entries) {
    draft.lseq = entry.lseq;
    step(draft, owned, entry);
  }
  return draft;
}

/**
 * The same, changing the layer itself: for its only owner, to whom an op then costs what it touches, not what the layer
 * holds.
 */
export function applyLayerOpsInPlace(layer: LayerState, entries: readonly LayerEntry[]): void {
  const draft: Draft = layer;
  for (const entry of entries) {
    draft.lseq = entry.lseq;
    step(draft, everything, entry);
  }
}

/** The draft's map, copied on first write. */
function own<K extends 'regions' | 'deleted' | 'answers'>(draft: Draft, owned: Owned, key: K) {
  if (!owned.has(key)) {
    draft[key] = { ...draft[key] };
    owned.add(key);
  }
  return draft[key] as { -readonly [P in keyof LayerState[K]]: LayerState[K][P] };
}

function step(draft: Draft, owned: Owned, { lseq, by, at, op }: LayerEntry): void {
  const stamp: Stamp = { lseq, by };
  switch (op.t) {
    case 'create': {
      const { id } = op.region;
      // The id says whether it is the same create again; a deleted region does not come back by a late one.
      if (draft.regions[id] !== undefined || draft.deleted[id] !== undefined) return;
      own(draft, owned, 'regions')[id] = stamped(withoutScore(op.region, draft), stamp);
      return;
    }
    case 'update': {
      const old = draft.regions[op.id];
      if (old === undefined) return;
      own(draft, owned, 'regions')[op.id] = updated(old, op.set, stamp);
      return;
    }
    case 'delete': {
      if (draft.regions[op.id] === undefined) return;
      delete own(draft, owned, 'regions')[op.id];
      own(draft, owned, 'deleted')[op.id] = lseq;
      return;
    }
    case 'classify': {
      const answers = own(draft, owned, 'answers');
      for (const [key, value] of Object.entries(op.set)) answers[key] = { value, stamp };
      return;
    }
    case 'comment': {
      if (draft.comments.some((c) => c.id === op.id)) return;
      if (op.parent !== undefined && !isThread(draft.comments, op.parent)) return;
      draft.comments = [...draft.comments, commentOf(op, by, at)];
      return;
    }
    case 'resolve': {
      if (!isThread(draft.comments, op.id)) return;
      draft.comments = draft.comments.map((c) => (c.id === op.id ? { ...c, resolved: op.resolved } : c));
      return;
    }
    case 'hand': {
      if (!isPersonLayer(draft.layer)) return;
      // Raised again with the same words it is the same call, and waits since the first.
      if (op.raised && draft.hand?.text === op.text) return;
      draft.hand = op.raised ? { at, text: op.text } : null;
      return;
    }
    default:
      serverStep(draft, stamp, at, op);
  }
}

/** Whether this is a comment that can be replied to and resolved: one that is no reply itself. */
export function isThread(comments: readonly Comment[], id: string): boolean {
  return comments.some((c) => c.id === id && c.parent === undefined);
}

function commentOf(op: Extract<Op, { t: 'comment' }>, by: string, at: number): Comment {
  const { id, region, text, parent, mentions = [] } = op;
  return {
    id,
    region,
    by,
    at,
    text,
    resolved: false,
    ...(parent === undefined ? {} : { parent }),
    ...(mentions.length === 0 ? {} : { mentions }),
  };
}

function serverStep(draft: Draft, stamp: Stamp, at: number, op: Op): void {
  switch (op.t) {
    case 'replace':
      Object.assign(draft, replaced(draft, op.annotation, stamp), { version: op.version });
      return;
    case 'submit':
      draft.submitted = { id: op.submissionId, blind: op.blind, at };
      return;
    case 'withdraw':
      if (draft.submitted?.id === op.submissionId) draft.submitted = null;
      return;
    default:
      // expose, decide, finalize, dispute and reopen are of the room, not of the layer: see apply.ts.
      return;
  }
}

function replaced(draft: Draft, annotation: Annotation, stamp: Stamp): Partial<LayerState> {
  const regions: Record<string, RegionState> = {};
  for (const region of annotation.regions) regions[region.id] = stamped(region, stamp);
  const answers: Record<string, { value: Json; stamp: Stamp }> = {};
  for (const [key, value] of Object.entries(annotation.answers)) answers[key] = { value, stamp };
  // No person edits a model's layer, so nothing late can come for its old regions; tombstones would only pile up.
  const deleted: Record<string, number> = {};
  if (!isModelLayer(draft.layer)) {
    Object.assign(deleted, draft.deleted);
    for (const id of Object.keys(draft.regions)) deleted[id] = stamp.lseq;
    for (const id of Object.keys(regions)) delete deleted[id];
  }
  return { regions, answers, deleted };
}

/** Confidence belongs to suggestions; a person's region that was accepted from one does not keep it. */
function withoutScore(region: Region, draft: Draft): Region {
  if (region.score === undefined || !draft.layer.startsWith('usr_')) return region;
  const { score: _score, ...rest } = region;
  return rest;
}

function stamped(region: Region, stamp: Stamp): RegionState {
  const stamps: Record<string, Stamp> = { label: stamp, shape: stamp };
  for (const name of Object.keys(region.attrs ?? {})) stamps[`attrs.${name}`] = stamp;
  return { region, stamps };
}

/** Field by field: whoever comes later in the layer's order wins, other fields keep what they have. */
function updated(old: RegionState, set: Readonly<Record<string, Json>>, stamp: Stamp): RegionState {
  const stamps: Record<string, Stamp> = { ...old.stamps };
  for (const field of Object.keys(set)) stamps[field] = stamp;
  return { region: patchRegion(old.region, set), stamps };
}

/** A region with some fields set; an attribute set to null is taken away. */
export function patchRegion(region: Region, set: Readonly<Record<string, Json>>): Region {
  const next: Region = { ...region };
  const attrs: Record<string, Json> = { ...region.attrs };
  let attrsTouched = false;
  for (const [field, value] of Object.entries(set)) {
    if (field === 'label') next.label = value as string;
    else if (field === 'shape') next.shape = value as Record<string, Json>;
    else {
      attrsTouched = true;
      const name = field.slice('attrs.'.length);
      if (value === null) delete attrs[name];
      else attrs[name] = value;
    }
  }
  if (!attrsTouched) return next;
  if (Object.keys(attrs).length > 0) return { ...next, attrs };
  const { attrs: _none, ...rest } = next;
  return rest;
}
