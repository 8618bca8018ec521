import { nominalConsensus } from '../consensus/nominal.ts';
import type { FieldError } from '../errors/concord-error.ts';
import type { Annotation } from '../records/annotation.ts';
import type { Json } from '../records/json.ts';
import type { LabelSchema } from '../records/label-schema.ts';
import { checkClass, checkReason, classNames, missingReason, refuseRegion, unknownAnswer } from './checks.ts';
import type { Consensus, Modality, Vote } from './modality.ts';

/** What text classification and pairwise preference share: one answer out of a list, and perhaps a reason. */
type ChoiceParts = Pick<
  Modality,
  | 'checkRegion'
  | 'checkAnswer'
  | 'checkComplete'
  | 'category'
  | 'measure'
  | 'consensus'
  | 'same'
  | 'classCounts'
  | 'summary'
  | 'columns'
  | 'arbitrary'
>;

/** @param key the answer that holds the class: `label` or `choice`. */
export function choiceParts(key: 'label' | 'choice'): ChoiceParts {
  const known = [key, 'reason'] as const;
  const category = (annotation: Annotation): string | null => {
    const value = annotation.answers[key];
    return typeof value === 'string' ? value : null;
  };
  const same = (a: Annotation, b: Annotation) => category(a) === category(b);
  return {
    category,
    same,
    checkRegion: (region) => refuseRegion(region, `Answer with answers.${key}.`),
    checkAnswer: (name, value, schema) => checkChoice(key, name, value, schema, known),
    checkComplete: (annotation, schema) => [
      ...missingChoice(key, category(annotation), schema),
      ...missingReason(annotation, schema),
    ],
    measure: (a, b) => (same(a, b) ? 1 : 0),
    consensus: (votes, method, schema) => settle(key, votes, method, schema),
    classCounts: (annotation) => {
      const label = category(annotation);
      return label === null ? {} : { [label]: 1 };
    },
    summary: (annotation) => category(annotation) ?? 'no answer',
    columns: (annotation) => ({ [key]: category(annotation), reason: annotation.answers['reason'] ?? null }),
    arbitrary: (random, schema) => arbitraryChoice(key, random, schema),
  };
}

function checkChoice(
  key: string,
  name: string,
  value: Json,
  schema: LabelSchema,
  known: readonly string[],
): FieldError[] {
  if (value === null) return [];
  if (name === key) return checkClass(key, value, schema);
  if (name === 'reason') return checkReason(value);
  return unknownAnswer(name, value, known);
}

function missingChoice(key: string, given: string | null, schema: LabelSchema): FieldError[] {
  if (given !== null) return [];
  return [
    {
      path: `answers.${key}`,
      message: `the ${key} is missing`,
      value: null,
      remedy: `Choose one of: ${classNames(schema).join(', ')}.`,
    },
  ];
}

/**
 * The winning class, with the reason of the most reliable person who chose it (the first by id among equals).
 * Votes without an answer do not count; when nobody answered, nothing is said.
 */
function settle(
  key: string,
  votes: readonly Vote[],
  method: 'majority' | 'weighted',
  schema: LabelSchema,
): Consensus {
  const answered = votes
    .filter((vote) => typeof vote.annotation.answers[key] === 'string')
    .sort((a, b) => (a.by < b.by ? -1 : 1));
  const first = answered[0];
  if (first === undefined)
    return { annotation: { regions: [], answers: {} }, confidence: 0, tie: false, reason: 'nobody answered' };
  const outcome = nominalConsensus(
    answered.map((vote) => ({
      by: vote.by,
      label: vote.annotation.answers[key] as string,
      weight: vote.weight,
    })),
    classNames(schema),
    method,
  );
  const voice = answered
    .filter((vote) => vote.annotation.answers[key] === outcome.label)
    .reduce((best, vote) => (method === 'weighted' && vote.weight > best.weight ? vote : best));
  return {
    annotation: voice.annotation,
    confidence: outcome.confidence,
    tie: outcome.tie,
    reason: outcome.reason,
  };
}

function arbitraryChoice(key: string, random: () => number, schema: LabelSchema): Annotation {
  const names = classNames(schema);
  const name = names[Math.floor(random() * names.length)]!;
  const withReason = schema.reason?.required === true || (schema.reason?.ask === true && random() < 0.5);
  return {
    regions: [],
    answers: withReason ? { [key]: name, reason: `Looks like ${name}.` } : { [key]: name },
  };
}
