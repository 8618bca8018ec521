import type { FieldError } from '../errors/concord-error.ts';
import type { Annotation, Region } from '../records/annotation.ts';
import type { Json } from '../records/json.ts';
import type { LabelSchema } from '../records/label-schema.ts';

/** Longest free-text answer, in UTF-16 units. */
export const MAX_REASON = 10_000;

export function classNames(schema: LabelSchema): string[] {
  return schema.classes.map((c) => c.name);
}

/** Whether `value` is one of the schema's classes. */
export function checkClass(path: string, value: Json, schema: LabelSchema): FieldError[] {
  const names = classNames(schema);
  if (typeof value === 'string' && names.includes(value)) return [];
  return [
    {
      path,
      message: `${JSON.stringify(value)} is not a class of this project`,
      value,
      remedy: `Use one of: ${names.join(', ')}.`,
    },
  ];
}

export function checkReason(value: Json): FieldError[] {
  if (typeof value === 'string' && value.length <= MAX_REASON) return [];
  return [
    {
      path: 'reason',
      message:
        typeof value === 'string' ? `the reason has ${value.length} characters` : 'the reason is not a text',
      value: typeof value === 'string' ? `${value.slice(0, 100)}…` : value,
      remedy: `Give a text of at most ${MAX_REASON} characters.`,
    },
  ];
}

export function unknownAnswer(key: string, value: Json, known: readonly string[]): FieldError[] {
  return [
    {
      path: key,
      message: `there is no question ${key} here`,
      value,
      remedy: known.length === 0 ? 'This kind of work has only regions.' : `Use one of: ${known.join(', ')}.`,
    },
  ];
}

/** For modalities without regions. */
export function refuseRegion(region: Region, instead: string): FieldError[] {
  return [
    {
      path: 'kind',
      message: 'this kind of work has no regions',
      value: region.kind,
      remedy: instead,
    },
  ];
}

export function checkKind(region: Region, kind: string): FieldError[] {
  if (region.kind === kind) return [];
  return [
    {
      path: 'kind',
      message: `a region here is a ${kind}`,
      value: region.kind,
      remedy: `Set kind to ${kind}.`,
    },
  ];
}

/** The shape's keys must be exactly these, each a finite number. */
export function checkNumbers(region: Region, keys: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  for (const key of keys) {
    const value = region.shape[key];
    if (typeof value !== 'number' || !Number.isFinite(value))
      errors.push({
        path: `shape.${key}`,
        message: value === undefined ? `${key} is missing` : `${key} is not a number`,
        value,
        remedy: `Give ${key} as a number.`,
      });
  }
  for (const key of Object.keys(region.shape)) {
    if (!keys.includes(key))
      errors.push({
        path: `shape.${key}`,
        message: `a ${region.kind} has no ${key}`,
        value: region.shape[key],
        remedy: `Give only ${keys.join(', ')}.`,
      });
  }
  return errors;
}

/** What the schema's free-text question still wants. */
export function missingReason(annotation: Annotation, schema: LabelSchema): FieldError[] {
  if (schema.reason?.required !== true) return [];
  const reason = annotation.answers['reason'];
  if (typeof reason === 'string' && reason.trim() !== '') return [];
  return [
    {
      path: 'answers.reason',
      message: 'a reason is required here',
      value: reason ?? null,
      remedy: schema.reason.prompt === '' ? 'Say in a few words why.' : schema.reason.prompt,
    },
  ];
}
