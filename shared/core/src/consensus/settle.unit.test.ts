import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modalities } from '../modalities/registry.ts';
import type { Annotation } from '../records/annotation.ts';
import { labelSchema } from '../records/label-schema.ts';
import { defaultRules, type Rules } from '../records/project.ts';
import { anyAsset } from '../testing/fixtures.ts';
import { goldenCases } from '../testing/golden.ts';
import { judge, type Standing } from './settle.ts';

const modality = modalities.get('text-classification')!;
const schema = labelSchema.parse({
  modality: modality.name,
  classes: ['1', '2', '3', '4'].map((name) => ({ name, color: '#64748b' })),
});
const answer = (name: string): Annotation => ({ regions: [], answers: { label: name } });
const standing = (label: string, i: number, blind = true, weight = 0.8): Standing => ({
  userId: `usr_${i}`,
  annotation: answer(label),
  blind,
  weight,
});
const rule = (more: Partial<Rules>): Rules => ({ ...defaultRules, ...more });
const judged = (submissions: readonly Standing[], rules: Rules) =>
  judge({ submissions, modality, schema, asset: anyAsset, rules });
const labels = (...names: string[]) => names.map((name, i) => standing(name, i));

describe('judge', () => {
  it('[CO2] asks for the least number first, however sure the first is', () => {
    expect(judged([], defaultRules)).toMatchObject({
      verdict: 'more',
      target: 2,
      consensus: null,
      agreement: null,
    });
    expect(judged(labels('1'), defaultRules)).toMatchObject({ verdict: 'more', target: 2, agreement: null });
  });

  it('[CO3] settles what is agreed', () => {
    const verdict = judged(labels('1', '1'), defaultRules);
    expect(verdict).toMatchObject({ verdict: 'finalize', agreement: 1, target: 2 });
    expect(verdict.consensus!.annotation).toEqual(answer('1'));
  });

  it('[CO3] a share that equals the bar meets it: 2 of 3 meets 2/3, and not 0.67', () => {
    const rules = (minConfidence: number) =>
      rule({ overlap: { min: 3, max: 3 }, minAgreement: 0, minConfidence });
    expect(judged(labels('1', '1', '2'), rules(2 / 3)).verdict).toBe('finalize');
    expect(judged(labels('1', '1', '2'), rules(0.67)).verdict).toBe('dispute');
  });

  it('[CO4] one is enough where one was asked for, blind or not', () => {
    const one = rule({ overlap: { min: 1, max: 3 } });
    expect(judged([standing('1', 0)], one).verdict).toBe('finalize');
    expect(judged([standing('1', 0, false)], one).verdict).toBe('finalize');
  });

  it('[CO4] in an open project, where nobody works blind, the confidence decides', () => {
    const open = [standing('1', 0, false), standing('1', 1, false)];
    expect(judged(open, defaultRules)).toMatchObject({ verdict: 'finalize', agreement: null });
    const split = [standing('1', 0, false), standing('2', 1, false)];
    expect(judged(split, defaultRules)).toMatchObject({ verdict: 'more', target: 3 });
  });

  it('[CO1] somebody who saw the others votes, but makes no agreement', () => {
    const mixed = [standing('1', 0), standing('1', 1, false)];
    expect(judged(mixed, defaultRules)).toMatchObject({ agreement: null, verdict: 'more', target: 3 });
    const three = [...mixed, standing('2', 2)];
    expect(judged(three, defaultRules)).toMatchObject({ agreement: 0, verdict: 'dispute' });
  });

  it('[CO5] asks one more until the most it may ask, then it is a dispute', () => {
    const rules = rule({ overlap: { min: 2, max: 4 } });
    expect(judged(labels('1', '2'), rules)).toMatchObject({ verdict: 'more', target: 3 });
    expect(judged(labels('1', '2', '3'), rules)).toMatchObject({ verdict: 'more', target: 4 });
    expect(judged(labels('1', '2', '3', '4'), rules)).toMatchObject({ verdict: 'dispute', target: 4 });
  });

  it('[CO3] a tie is never settled by itself, however low the bars', () => {
    const lax = rule({ overlap: { min: 2, max: 2 }, minAgreement: 0, minConfidence: 0 });
    expect(judged(labels('1', '2'), lax).verdict).toBe('dispute');
  });

  it('[CO6] says what fell short', () => {
    expect(judged(labels('1', '2', '1'), defaultRules).reason).toBe(
      'agreement 33 % is below 60 % after 3 submissions, the most this project asks for',
    );
    expect(judged(labels('1', '1', '1'), defaultRules).reason).toBe('3 of 3 chose 1');
  });

  it('[CO31] does not depend on the order of the submissions', () => {
    const some = fc.array(
      fc.tuple(fc.constantFrom('1', '2', '3', '4'), fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(some, fc.constantFrom('majority' as const, 'weighted' as const), (made, consensus) => {
        const submissions = made.map(([label, blind, weight], i) => standing(label, i, blind, weight));
        const rules = rule({ consensus, overlap: { min: 2, max: 5 } });
        expect(judged([...submissions].reverse(), rules)).toEqual(judged(submissions, rules));
      }),
    );
  });

  it('routes the 1979 anaesthesia labels as the majority rule says', async () => {
    const golden = (await goldenCases('aggregation')).find((one) => one.id === 'majority-anaesthesia')!;
    const { judgements } = golden.input as { judgements: [string, string, string][] };
    const wanted = golden.expect as { labels: Record<string, string>; ties: string[] };
    const patients = new Map<string, Standing[]>();
    for (const [patient, observer, label] of judgements) {
      const own = patients.get(patient) ?? [];
      // The first observer judged every patient three times; each counts as a voter here, as in the golden.
      own.push({ ...standing(label, 0), userId: `usr_${observer}_${own.length}` });
      patients.set(patient, own);
    }
    expect(patients.size).toBe(45);
    const rules = rule({ overlap: { min: 7, max: 7 }, minAgreement: 0, minConfidence: 0 });
    for (const [patient, submissions] of patients) {
      const verdict = judged(submissions, rules);
      expect(verdict.consensus!.annotation).toEqual(answer(wanted.labels[patient]!));
      expect(verdict.verdict).toBe(wanted.ties.includes(patient) ? 'dispute' : 'finalize');
    }
  });
});
