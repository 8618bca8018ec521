import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modalities } from '../modalities/registry.ts';
import type { Annotation } from '../records/annotation.ts';
import { labelSchema } from '../records/label-schema.ts';
import { defaultRules, type Rules, type Visibility } from '../records/project.ts';
import { anyAsset, schemaFor, seededRandom } from '../testing/fixtures.ts';
import { goldenCases } from '../testing/golden.ts';
import { voteWeight } from './reliability.ts';
import { judge, type Standing } from './settle.ts';

const modality = modalities.get('text-classification')!;
const schema = labelSchema.parse({
  modality: modality.name,
  classes: ['1', '2', '3', '4'].map((name) => ({ name, color: '#64748b' })),
});
const answer = (name: string): Annotation => ({ regions: [], answers: { label: name } });
/** `blind`: what they said blind, where that is not what they say now; null for nothing. */
const standing = (label: string, i: number, blind: string | null = label, weight = 0.8): Standing => {
  const annotation = answer(label);
  const said = blind === label ? annotation : blind === null ? null : answer(blind);
  return { userId: `usr_${i}`, annotation, blind: said, weight };
};
const rule = (more: Partial<Rules>): Rules => ({ ...defaultRules, ...more });
const judged = (
  submissions: readonly Standing[],
  rules: Rules,
  more: { visibility?: Visibility; least?: number } = {},
) => judge({ submissions, modality, schema, asset: anyAsset, rules, visibility: 'blind-then-open', ...more });
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
    expect(judged([standing('1', 0, null)], one).verdict).toBe('finalize');
  });

  it('[CO4] in an open project, where nobody works blind, the confidence decides', () => {
    const open = { visibility: 'open' } as const;
    const same = [standing('1', 0, null), standing('1', 1, null)];
    expect(judged(same, defaultRules, open)).toMatchObject({ verdict: 'finalize', agreement: null });
    // The first one there may have seen nobody: that is no reason to wait for a second.
    expect(judged([standing('1', 0), same[1]!], defaultRules, open).verdict).toBe('finalize');
    const split = [standing('1', 0, null), standing('2', 1, null)];
    expect(judged(split, defaultRules, open)).toMatchObject({ verdict: 'more', target: 3 });
  });

  it('[CO4] where people work blind, any number of answers that nobody gave blind settles nothing', () => {
    const seen = ['1', '1', '1'].map((label, i) => standing(label, i, null));
    expect(judged(seen.slice(0, 2), defaultRules)).toMatchObject({ verdict: 'more', agreement: null });
    expect(judged(seen, defaultRules)).toMatchObject({ verdict: 'dispute', agreement: null });
  });

  it('[CO1] somebody who saw the others votes, but makes no agreement', () => {
    const mixed = [standing('1', 0), standing('1', 1, null)];
    expect(judged(mixed, defaultRules)).toMatchObject({ agreement: null, verdict: 'more', target: 3 });
    const three = [...mixed, standing('1', 2)];
    expect(judged(three, defaultRules)).toMatchObject({ agreement: 1, verdict: 'finalize' });
  });

  it('[CO1] who changed their answer after they saw others’ speaks with the one they gave blind', () => {
    const revised = [standing('1', 0), standing('1', 1, '2')];
    expect(judged(revised, defaultRules)).toMatchObject({
      agreement: 0,
      verdict: 'more',
      target: 3,
      consensus: { annotation: answer('1'), confidence: 1 },
    });
    // Neither does it help that the other one says the same again, having seen the change.
    expect(judged([standing('1', 0, '1'), revised[1]!], defaultRules).verdict).toBe('more');
  });

  it('[CO7] what people say after they saw others settles only what they settled blind', () => {
    const say = (third: string) =>
      judged([standing('1', 0), standing('1', 1, '2'), standing(third, 2)], defaultRules);
    expect(say('1')).toMatchObject({ verdict: 'finalize', consensus: { annotation: answer('1') } });
    // Blind it was 1, 2, 2: the one who gave way was with the majority.
    expect(say('2')).toMatchObject({ verdict: 'dispute' });
    expect(say('2').reason).toContain('the answer is not that of what was said blind (2 of 3 chose 2)');
    expect(say('3').reason).toContain('two answers stand equally of what was said blind');
    const lone = [standing('1', 0), standing('1', 1, null), standing('2', 2)];
    expect(judged(lone, defaultRules).reason).toContain('two answers stand equally of what was said blind');
  });

  it('[CO3] after two different answers a third that joins one of them settles it by the default rules', () => {
    const verdict = judged(labels('1', '2', '1'), defaultRules);
    expect(verdict).toMatchObject({ verdict: 'finalize', consensus: { annotation: answer('1') } });
    expect(verdict.agreement).toBeCloseTo(1 / 3, 12);
    expect(judged(labels('1', '2', '3'), defaultRules).verdict).toBe('dispute');
    // Three who were all asked from the start must agree as the rules want.
    const three = rule({ overlap: { min: 3, max: 3 } });
    expect(judged(labels('1', '2', '1'), three).reason).toContain('agreement 33 % is below 60 %');
  });

  it('[CO3] stops as soon as the confidence is reached, and not before', () => {
    const rules = rule({ overlap: { min: 2, max: 6 }, minConfidence: 0.6 });
    const verdictOf = (...names: string[]) => judged(labels(...names), rules).verdict;
    expect(verdictOf('1', '2', '3')).toBe('more');
    expect(verdictOf('1', '2', '3', '1')).toBe('more');
    expect(verdictOf('1', '2', '3', '1', '1')).toBe('finalize');
    expect(verdictOf('1', '2', '3', '1', '2', '3')).toBe('dispute');
  });

  it('[CO3] weighted, reliable people settle what they are sure of together', () => {
    const rules = rule({ consensus: 'weighted', minConfidence: 0.9 });
    const [sure, guess] = [0.97, 0.3];
    const three = [standing('1', 0, '1', sure), standing('2', 1, '2', guess), standing('1', 2, '1', sure)];
    expect(judged(three.slice(0, 2), rules)).toMatchObject({ verdict: 'more', target: 3 });
    expect(judged(three, rules)).toMatchObject({
      verdict: 'finalize',
      consensus: { annotation: answer('1') },
    });
  });

  it('[CO8] what a lead asks for beside the rules is waited for, and then judged as the rules say', () => {
    const four = { least: 4 };
    expect(judged(labels('1', '1'), defaultRules, four)).toMatchObject({
      verdict: 'more',
      target: 4,
      reason: '2 of 4 submissions',
    });
    expect(judged(labels('1', '1', '1'), defaultRules, four)).toMatchObject({ verdict: 'more', target: 4 });
    expect(judged(labels('1', '2', '1', '1'), defaultRules, four).verdict).toBe('finalize');
    expect(judged(labels('1', '2', '1', '2'), defaultRules, four).verdict).toBe('dispute');
    expect(judged(labels('1', '1'), defaultRules, { least: 1 }).verdict).toBe('finalize');
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
    expect(judged(labels('1', '2'), rule({ overlap: { min: 2, max: 2 }, minConfidence: 0.5 })).reason).toBe(
      'two answers stand equally (1 of 2 chose 1, and as many another answer) after 2 submissions, the most this project asks for',
    );
    expect(judged(labels('1', '1', '2'), rule({ overlap: { min: 3, max: 4 } })).reason).toBe(
      'agreement 33 % is below 60 %; one more is asked',
    );
    expect(judged(labels('1', '1', '2', '3'), rule({ overlap: { min: 3, max: 4 } })).reason).toBe(
      'confidence 50 % is below 60 % after 4 submissions, the most this project asks for',
    );
    expect(judged(labels('1', '1', '1'), defaultRules).reason).toBe('3 of 3 chose 1');
  });

  it('[CO31] does not depend on the order of the submissions', () => {
    const one = fc.constantFrom('1', '2', '3', '4');
    const some = fc.array(fc.tuple(one, fc.option(one), fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 1,
      maxLength: 6,
    });
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

describe.each([...modalities.values()].map((one) => [one.name, one] as const))(
  'default rules: %s',
  (_name, kind) => {
    const kindSchema = schemaFor(kind);
    const made = (seed: number) => kind.arbitrary(seededRandom(seed), kindSchema, anyAsset);
    const seeds = fc.integer({ min: 0, max: 2 ** 31 });
    const verdictOf = (annotations: readonly Annotation[], consensus: Rules['consensus']) =>
      judge({
        submissions: annotations.map((annotation, i) => ({
          userId: `usr_${i}`,
          annotation,
          blind: annotation,
          weight: voteWeight(0, 0),
        })),
        modality: kind,
        schema: kindSchema,
        asset: anyAsset,
        rules: { ...defaultRules, consensus },
        visibility: 'blind-then-open',
      }).verdict;

    it('[CO3] for every two people who differ there is a third who settles it', () => {
      fc.assert(
        fc.property(
          seeds,
          seeds,
          fc.constantFrom('majority' as const, 'weighted' as const),
          (m, n, consensus) => {
            const [a, b] = [made(m), made(n)];
            if (verdictOf([a, b], consensus) !== 'more') return;
            expect([verdictOf([a, b, a], consensus), verdictOf([a, b, b], consensus)]).toContain('finalize');
          },
        ),
      );
    });

    it('[CO23] three who have nothing in common are a dispute', () => {
      const nothingShared = (x: Annotation, y: Annotation) => kind.measure(x, y, anyAsset) === 0;
      fc.assert(
        fc.property(seeds, seeds, seeds, (l, m, n) => {
          const [a, b, c] = [made(l), made(m), made(n)];
          fc.pre(nothingShared(a, b) && nothingShared(a, c) && nothingShared(b, c));
          expect(verdictOf([a, b, c], 'majority')).toBe('dispute');
        }),
        { numRuns: 20 },
      );
    });
  },
);
