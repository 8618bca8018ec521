import { ConcordError, type ErrorCode, type FieldError } from '../errors/concord-error.ts';
import { type Annotation, mostRegions, type Region } from '../records/annotation.ts';
import type { Json } from '../records/json.ts';
import { isThread, patchRegion } from './apply-layer.ts';
import { jsonWithin } from './json-size.ts';
import { isPersonLayer } from './layer.ts';
import type { ClientOp } from './op.ts';
import { isReservedKey } from './same-json.ts';
import type { LayerState } from './state.ts';

/** What the modality says about content; passed in, so that rooms know no modality. */
export interface ContentChecks {
  region(region: Region): readonly FieldError[];
  answer(key: string, value: Json): readonly FieldError[];
}

/** Most a layer may hold. Sizes in characters of JSON. */
export const limits = {
  regions: mostRegions,
  comments: 1000,
  answers: 100,
  attrs: 100,
  regionSize: 65_536,
  layerSize: 4 * 1024 * 1024,
} as const;

export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly errors: readonly FieldError[];
}

/** `fine`: to be written; `nothing`: it would change nothing, so it is not written and counts as done; else why not. */
export type Verdict = 'fine' | 'nothing' | Refusal;

const refuse = (message: string, errors: readonly FieldError[] = []): Refusal => ({
  code: 'room.op_refused',
  message,
  errors,
});
const one = (path: string, message: string, remedy: string, value?: unknown): FieldError => ({
  path,
  message,
  remedy,
  ...(value === undefined ? {} : { value }),
});

/** Whether an op fits the layer as it stands. Pure; throws nothing. */
export function check(layer: LayerState, op: ClientOp, content: ContentChecks): Verdict {
  const bad = namesOf(op).find(isReservedKey);
  if (bad !== undefined) return reserved('op', bad);
  switch (op.t) {
    case 'create': {
      const { id } = op.region;
      if (layer.regions[id] !== undefined || layer.deleted[id] !== undefined) return 'nothing';
      if (Object.keys(layer.regions).length >= limits.regions)
        return full('op.region', 'regions', limits.regions, 'Delete some first.');
      return regionVerdict(op.region, content);
    }
    case 'update': {
      const old = layer.regions[op.id];
      if (old === undefined) return missing(layer, op.id);
      const wrong = fieldTypes(op.set);
      if (wrong.length > 0) return refuse(first(wrong), wrong);
      return regionVerdict(patchRegion(old.region, op.set), content);
    }
    case 'delete':
      if (layer.regions[op.id] !== undefined) return 'fine';
      return layer.deleted[op.id] === undefined ? missing(layer, op.id) : 'nothing';
    case 'classify':
      return classifyVerdict(layer, op.set, content);
    case 'comment':
      if (layer.comments.some((c) => c.id === op.id)) return 'nothing';
      if (layer.comments.length >= limits.comments)
        return full('op', 'comments', limits.comments, 'Write in a thread that is there.');
      return op.parent === undefined ? 'fine' : threadVerdict(layer, op.parent, 'op.parent');
    case 'resolve': {
      const verdict = threadVerdict(layer, op.id, 'op.id');
      const resolved = layer.comments.find((c) => c.id === op.id)?.resolved;
      return verdict === 'fine' && resolved === op.resolved ? 'nothing' : verdict;
    }
    case 'hand':
      if (!isPersonLayer(layer.layer)) return refuse('Hands are raised on people’s own layers.');
      return (layer.hand?.text ?? null) === (op.raised ? op.text : null) ? 'nothing' : 'fine';
  }
}

/** Why an op that fits is refused all the same: it would make its layer larger than a layer may be. */
export function tooLarge(size: number): Refusal {
  return refuse(`A layer has at most ${limits.layerSize} characters of JSON.`, [
    one('op', `would make ${size} characters of it`, 'Delete regions, or make their shapes simpler.', size),
  ]);
}

/** What is wrong with a whole annotation (a submission in one call, a suggestion, a decision); empty when fine. */
export function checkAnnotation(annotation: Annotation, content: ContentChecks): FieldError[] {
  if (!jsonWithin(annotation as unknown as Json, limits.layerSize)) {
    const remedy = 'Give fewer regions, or simpler shapes.';
    return [one('regions', `more than ${limits.layerSize} characters of JSON`, remedy)];
  }
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  annotation.regions.forEach((region, i) => {
    if (seen.has(region.id))
      errors.push(one(`regions.${i}.id`, 'two regions have this id', 'Give each its own id.', region.id));
    seen.add(region.id);
    const verdict = isReservedKey(region.id) ? reserved('id', region.id) : regionVerdict(region, content);
    if (verdict === 'fine' || verdict === 'nothing') return;
    const causes = verdict.errors.length > 0 ? verdict.errors : [one('', verdict.message, 'Change it.')];
    for (const cause of causes) errors.push({ ...cause, path: joined(`regions.${i}`, cause.path) });
  });
  for (const [key, value] of Object.entries(annotation.answers))
    for (const cause of answerErrors(key, value, content))
      errors.push({ ...cause, path: joined('answers', cause.path) });
  return errors;
}

export function refusalError(refusal: Refusal): ConcordError {
  return new ConcordError(refusal.code, refusal.message, refusal.errors);
}

/** The names an op would use as keys, before anything is looked up by them. */
function namesOf(op: ClientOp): string[] {
  if (op.t === 'create') return [op.region.id];
  if (op.t === 'classify') return Object.keys(op.set);
  if (op.t === 'hand') return [];
  if (op.t !== 'update') return [op.id];
  return [op.id, ...Object.keys(op.set).map((field) => field.replace(/^attrs\./, ''))];
}

function regionVerdict(region: Region, content: ContentChecks): Verdict {
  const names = Object.keys(region.attrs ?? {});
  const bad = names.find(isReservedKey);
  if (bad !== undefined) return reserved(`attrs.${bad}`, bad);
  if (names.length > limits.attrs)
    return refuse(`A region has at most ${limits.attrs} attributes.`, [
      one('attrs', `more than ${limits.attrs}`, 'Leave some out.', names.length),
    ]);
  if (!jsonWithin(region as Json, limits.regionSize))
    return refuse(`A region has at most ${limits.regionSize} characters of JSON.`, [
      one('shape', `more than ${limits.regionSize} characters with the attributes`, 'Give fewer points.'),
    ]);
  const errors = content.region(region);
  return errors.length === 0 ? 'fine' : refuse(first(errors), errors);
}

function full(path: string, what: string, most: number, remedy: string): Refusal {
  return refuse(`A layer holds at most ${most} ${what}.`, [
    one(path, `more than ${most} ${what}`, remedy, most + 1),
  ]);
}

/** Whether there is a thread that begins with this comment. */
function threadVerdict(layer: LayerState, id: string, path: string): Verdict {
  if (isThread(layer.comments, id)) return 'fine';
  return layer.comments.some((c) => c.id === id)
    ? refuse('This comment is a reply.', [
        one(path, 'is a reply', 'Name the first comment of its thread.', id),
      ])
    : refuse('There is no such comment here.', [one(path, 'no such comment', 'Load the room again.', id)]);
}

function classifyVerdict(
  layer: LayerState,
  set: Readonly<Record<string, Json>>,
  content: ContentChecks,
): Verdict {
  const errors = Object.entries(set).flatMap(([key, value]) => answerErrors(key, value, content));
  if (errors.length > 0) return refuse(first(errors), errors);
  const all = new Set([...Object.keys(layer.answers), ...Object.keys(set)]);
  if (all.size > limits.answers) return full('op.set', 'answers', limits.answers, 'Take some back first.');
  return 'fine';
}

function answerErrors(key: string, value: Json, content: ContentChecks): readonly FieldError[] {
  if (isReservedKey(key)) return reserved(key, key).errors;
  return value === null ? [] : content.answer(key, value);
}

function fieldTypes(set: Readonly<Record<string, Json>>): FieldError[] {
  const errors: FieldError[] = [];
  for (const [field, value] of Object.entries(set)) {
    if (field === 'label' && typeof value !== 'string')
      errors.push(one('set.label', 'a label is a text', 'Give the name of a class.', value));
    if (field === 'shape' && (typeof value !== 'object' || value === null || Array.isArray(value)))
      errors.push(one('set.shape', 'a shape is an object', 'Give the whole shape.', value));
  }
  return errors;
}

function missing(layer: LayerState, id: string): Refusal {
  const gone = layer.deleted[id] !== undefined;
  return refuse(gone ? 'This region was deleted meanwhile.' : 'There is no such region on this layer.', [
    one('op.id', gone ? 'deleted' : 'no such region', 'Make the region anew if it is still wanted.', id),
  ]);
}

function reserved(path: string, name: string): Refusal {
  return refuse(`“${name}” cannot be used as a name.`, [
    one(path, 'this name is reserved', 'Use another name.', name),
  ]);
}

const first = (errors: readonly FieldError[]): string => errors[0]?.message ?? 'not valid';
const joined = (head: string, tail: string): string => (tail === '' ? head : `${head}.${tail}`);
