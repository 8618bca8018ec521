import type { Project } from '@concord/core/records/project';
import { cleanClasses } from './class-list.ts';

/** What of a project can be edited. */
export const editable = [
  'name',
  'description',
  'schema',
  'guidelines',
  'visibility',
  'suggestions',
  'shownColumns',
  'rules',
  'queueOrder',
  'retrainEvery',
  'attribution',
] as const;
export type Editable = (typeof editable)[number];
export type Draft = Pick<Project, Editable>;

const names: Record<Editable, string> = {
  name: 'the name',
  description: 'the description',
  schema: 'the classes',
  guidelines: 'the guidelines',
  visibility: 'who sees whose labels',
  suggestions: 'suggestions',
  shownColumns: 'the columns shown',
  rules: 'the rules',
  queueOrder: 'the order of the queue',
  retrainEvery: 'when a model is trained',
  attribution: 'source and licence',
};
/** "the guidelines and the rules" */
export function inWords(fields: readonly Editable[]): string {
  const all = fields.map((f) => names[f]);
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all[all.length - 1]}`;
}

/** The editable part of a project, as the server would give it back. */
export function draftOf(project: Draft): Draft {
  const out = Object.fromEntries(editable.map((field) => [field, project[field]])) as Draft;
  return {
    ...structuredClone(out),
    schema: { ...structuredClone(out.schema), classes: cleanClasses(out.schema.classes) },
  };
}

/** Value equality; the order of an object's keys does not count. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((k) => same((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]));
}

/** Fields in which two states of a project differ. A schema's version is the server's count, not somebody's change. */
export function changedFields(a: Draft, b: Draft): Editable[] {
  const plain = (d: Draft): Draft => ({ ...d, schema: { ...d.schema, version: 1 } });
  const [x, y] = [plain(a), plain(b)];
  return editable.filter((field) => !same(x[field], y[field]));
}

/**
 * What saving means when somebody else saved first: fields only I changed go on top of theirs;
 * `both` are the ones we both changed, differently, and only a person can choose there.
 */
export function mergeDrafts(
  base: Draft,
  mine: Draft,
  theirs: Draft,
): { readonly merged: Draft; readonly theirs: readonly Editable[]; readonly both: readonly Editable[] } {
  const my = changedFields(base, mine);
  const their = changedFields(base, theirs);
  const different = new Set(changedFields(mine, theirs));
  const merged = { ...theirs, ...Object.fromEntries(my.map((field) => [field, mine[field]])) } as Draft;
  return { merged, theirs: their, both: my.filter((field) => their.includes(field) && different.has(field)) };
}
