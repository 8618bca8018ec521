import type { FieldError } from '../errors/concord-error.ts';
import type { Json } from '../records/json.ts';
import type { LabelSchema } from '../records/label-schema.ts';
import { checkReason, unknownAnswer } from './checks.ts';

/** Modalities of regions have one question beside them: the reason, where the project asks for it. */
export function checkRegionAnswer(key: string, value: Json, schema: LabelSchema): FieldError[] {
  if (value === null) return [];
  if (key === 'reason' && schema.reason !== undefined) return checkReason(value);
  return unknownAnswer(key, value, schema.reason === undefined ? [] : ['reason']);
}
