import { readFileSync } from 'node:fs';
import type { TaskState } from '@concord/core/records/task';
import type { ProjectFields } from './server.ts';

/** Dawid & Skene's 45 patients judged by five anaesthetists in 1979; the first of them judged three times. */
const golden = JSON.parse(
  readFileSync(new URL('../../../shared/core/goldens/aggregation.json', import.meta.url), 'utf8'),
) as {
  cases: { id: string; input: { labels: string[]; judgements: [string, string, string][] } }[];
};
const { labels, judgements } = golden.cases.find((c) => c.id === 'majority-anaesthesia')!.input;

export const observers = ['o1', 'o2', 'o3', 'o4', 'o5'];
export const patients = [...new Set(judgements.map(([patient]) => patient))];

/** What an observer said of a patient, one after the other; a judgement that repeats the one before is left out. */
export function judgementsOf(patient: string, observer: string): string[] {
  return judgements
    .filter(([about, by]) => about === patient && by === observer)
    .map(([, , label]) => label)
    .filter((label, i, all) => label !== all[i - 1]);
}

/** What each observer said of a patient in the end, by observer. */
export function lastWords(patient: string): Record<string, string> {
  return Object.fromEntries(observers.map((name) => [name, judgementsOf(patient, name).at(-1)!]));
}

/** What the majority of five says: one class that at least half of them named, or a dispute. */
export function majorityOf(patient: string): { readonly state: TaskState; readonly answer?: string } {
  const said = Object.values(lastWords(patient));
  const counts = new Map<string, number>();
  for (const label of said) counts.set(label, (counts.get(label) ?? 0) + 1);
  const top = Math.max(...counts.values());
  const winners = [...counts].filter(([, n]) => n === top).map(([label]) => label);
  return winners.length === 1 && top / said.length >= 0.5
    ? { state: 'finalized', answer: winners[0]! }
    : { state: 'disputed' };
}

/** A project for them: all five label every patient, blind, and the majority settles. */
export const anaesthesiaProject: Partial<ProjectFields> = {
  name: 'Anaesthesia 1979',
  schema: {
    version: 1,
    modality: 'text-classification',
    classes: labels.map((name, i) => ({ name, color: `#${(i + 1) * 222222}`.slice(0, 7) })),
  },
  rules: {
    overlap: { min: 5, max: 5 },
    minAgreement: 0,
    minConfidence: 0.5,
    consensus: 'majority',
    leaseMs: 600_000,
  },
};
