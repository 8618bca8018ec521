import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf } from '../consensus/regions.ts';
import { type Annotation, annotation as annotationSchema } from '../records/annotation.ts';
import type { LabelSchema } from '../records/label-schema.ts';
import { anyAsset, schemaFor, seededRandom } from '../testing/fixtures.ts';
import type { Modality, Vote } from './modality.ts';
import { modalities } from './registry.ts';

const seed = fc.integer({ min: 0, max: 2 ** 31 });
const reasons = { ask: true, required: true, prompt: 'Why?' };

function problems(modality: Modality, annotation: Annotation, schema: LabelSchema): unknown[] {
  return [
    ...annotation.regions.flatMap((region) => modality.checkRegion(region, schema, anyAsset)),
    ...Object.entries(annotation.answers).flatMap(([key, value]) => modality.checkAnswer(key, value, schema)),
    ...modality.checkComplete(annotation, schema),
  ];
}

/** The same content under other region ids and in another order, as another person would have made it. */
function byAnother(annotation: Annotation, who: string): Annotation {
  const regions = [...annotation.regions].reverse().map((region, i) => ({ ...region, id: `${who}${i}` }));
  return { ...annotation, regions };
}

it('finds the four kinds of work, and the generated registry is fresh', async () => {
  expect([...modalities.keys()]).toEqual([
    'image-boxes',
    'pairwise-preference',
    'text-classification',
    'text-spans',
  ]);
  const generator: string = '../../../../scripts/generate-modalities.mjs';
  const { registryIsFresh } = (await import(generator)) as { registryIsFresh(): boolean };
  expect(registryIsFresh()).toBe(true);
});

describe.each([...modalities.values()].map((modality) => [modality.name, modality] as const))(
  '%s',
  (name, modality) => {
    const plain = schemaFor(modality);
    const schemas = [plain, schemaFor(modality, { reason: reasons })];
    const made = (n: number, schema = plain) => modality.arbitrary(seededRandom(n), schema, anyAsset);

    it('is named as its folder and brings classes that a project may start with', () => {
      expect(modality.name).toBe(name);
      expect(plain.classes.length).toBeGreaterThan(1);
    });

    it('makes up annotations that are always valid and complete', () => {
      fc.assert(
        fc.property(seed, fc.constantFrom(...schemas), (n, schema) => {
          const annotation = made(n, schema);
          expect(problems(modality, annotation, schema)).toEqual([]);
          expect(annotationSchema.safeParse(annotation).success).toBe(true);
        }),
      );
    });

    it('measures 0..1, symmetric to the last bit, and 1 against itself', () => {
      fc.assert(
        fc.property(seed, seed, (m, n) => {
          const [a, b] = [made(m), made(n)];
          const measured = modality.measure(a, b, anyAsset);
          expect(measured).toBe(modality.measure(b, a, anyAsset));
          expect(measured).toBeGreaterThanOrEqual(0);
          expect(measured).toBeLessThanOrEqual(1);
          expect(modality.measure(a, byAnother(a, 'x'), anyAsset)).toBe(1);
          expect(modality.same(a, byAnother(a, 'x'), anyAsset)).toBe(true);
        }),
      );
    });

    it('[CO30] votes that say the same give that same annotation, without a tie', () => {
      fc.assert(
        fc.property(
          seed,
          fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
          fc.constantFrom('majority' as const, 'weighted' as const),
          (n, weights, method) => {
            const annotation = made(n);
            const votes = weights.map((weight, i): Vote => ({ by: `usr_${i}`, annotation, weight }));
            const outcome = modality.consensus(votes, method, plain, anyAsset);
            expect(outcome.annotation).toEqual(annotation);
            expect(outcome.tie).toBe(false);
            if (method === 'majority') expect(outcome.confidence).toBe(1);
            const others = votes.map((vote) => ({
              ...vote,
              annotation: byAnother(annotation, `${vote.by}-`),
            }));
            expect(contentOf(modality.consensus(others, method, plain, anyAsset).annotation)).toBe(
              contentOf(annotation),
            );
          },
        ),
      );
    });

    it('[CO31] the consensus is valid, and does not depend on the order of the votes', () => {
      fc.assert(
        fc.property(
          fc.array(fc.tuple(seed, fc.double({ min: 0, max: 1, noNaN: true })), {
            minLength: 1,
            maxLength: 5,
          }),
          fc.constantFrom('majority' as const, 'weighted' as const),
          (voters, method) => {
            const votes = voters.map(
              ([n, weight], i): Vote => ({ by: `usr_${i}`, annotation: made(n), weight }),
            );
            const outcome = modality.consensus(votes, method, plain, anyAsset);
            expect(problems(modality, outcome.annotation, plain)).toEqual([]);
            expect(annotationSchema.safeParse(outcome.annotation).success).toBe(true);
            expect(outcome.confidence).toBeGreaterThanOrEqual(0);
            expect(outcome.confidence).toBeLessThanOrEqual(1);
            expect(modality.consensus([...votes].reverse(), method, plain, anyAsset)).toEqual(outcome);
          },
        ),
      );
    });

    it('comes back from Label Studio as it went', () => {
      fc.assert(
        fc.property(seed, fc.constantFrom(...schemas), (n, schema) => {
          const annotation = made(n, schema);
          const reports: string[] = [];
          const result = modality.toLabelStudio(annotation, anyAsset);
          const back = modality.fromLabelStudio(JSON.parse(JSON.stringify(result)), anyAsset, (what) =>
            reports.push(what),
          );
          expect(reports).toEqual([]);
          expect(back).toEqual(annotation);
        }),
      );
    });

    it('reports what Label Studio entries it cannot hold, and never throws', () => {
      fc.assert(
        fc.property(fc.array(fc.jsonValue()), (junk) => {
          const reports: string[] = [];
          const result = [...junk, { type: 'videorectangle', value: {} }];
          const read = modality.fromLabelStudio(result, anyAsset, (what) => reports.push(what));
          expect(annotationSchema.safeParse(read).success).toBe(true);
          expect(reports.join('\n')).toContain('videorectangle');
        }),
      );
    });

    it('refuses unknown answers and foreign regions, naming field, value and remedy', () => {
      const region = { id: 'r1', kind: 'cuboid', label: plain.classes[0]!.name, shape: {} };
      const [wrongKind] = modality.checkRegion(region, plain, anyAsset);
      expect(wrongKind).toMatchObject({ path: 'kind', value: 'cuboid' });
      expect(wrongKind!.remedy).toBeTruthy();
      const [wrongKey] = modality.checkAnswer('mood', 'good', plain);
      expect(wrongKey).toMatchObject({ path: 'mood', value: 'good' });
      expect(wrongKey!.remedy).toBeTruthy();
      expect(modality.checkAnswer('mood', null, plain)).toEqual([]);
    });

    it('wants the reason where the project requires one', () => {
      const schema = schemaFor(modality, { reason: reasons });
      const { reason: _reason, ...answers } = made(1, schema).answers;
      const errors = modality.checkComplete({ ...made(1, schema), answers }, schema);
      expect(errors).toMatchObject([{ path: 'answers.reason', remedy: 'Why?' }]);
      const blank = { ...made(1, schema), answers: { ...answers, reason: '  ' } };
      expect(modality.checkComplete(blank, schema)).toHaveLength(1);
    });
  },
);
