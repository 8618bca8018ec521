import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modalities } from '../modalities/registry.ts';
import { annotateAsBot } from './annotator-bot.ts';
import { anyAsset, schemaFor, seededRandom } from './fixtures.ts';

describe.each([...modalities.values()].map((modality) => [modality.name, modality] as const))(
  'bot on %s',
  (_name, modality) => {
    const schema = schemaFor(modality);
    const work = (seed: number) => ({
      modality,
      schema,
      asset: anyAsset,
      truth: modality.arbitrary(seededRandom(seed), schema, anyAsset),
    });

    it('a perfect one says the truth', () => {
      fc.assert(
        fc.property(fc.nat(), fc.nat(), (item, seed) => {
          const { annotation } = annotateAsBot({ skill: 1 }, work(item), seededRandom(seed));
          expect(annotation).toEqual(work(item).truth);
        }),
      );
    });

    it('whatever it says is valid, and the same seed says it again', () => {
      const profile = { skill: 0.4, jitter: 0.2, paceMs: 1000 };
      fc.assert(
        fc.property(fc.nat(), fc.nat(), (item, seed) => {
          const said = annotateAsBot(profile, work(item), seededRandom(seed));
          for (const region of said.annotation.regions)
            expect(modality.checkRegion(region, schema, anyAsset)).toEqual([]);
          expect(modality.checkComplete(said.annotation, schema)).toEqual([]);
          expect(new Set(said.annotation.regions.map((r) => r.id)).size).toBe(said.annotation.regions.length);
          expect(said.leadTimeMs).toBeGreaterThanOrEqual(500);
          expect(said.leadTimeMs).toBeLessThanOrEqual(1500);
          expect(annotateAsBot(profile, work(item), seededRandom(seed))).toEqual(said);
        }),
      );
    });

    it('is right about as often as its skill says', () => {
      const random = seededRandom(7);
      const mean = (skill: number) => {
        let sum = 0;
        for (let item = 0; item < 400; item++) {
          const task = work(item);
          sum += modality.measure(annotateAsBot({ skill }, task, random).annotation, task.truth, anyAsset);
        }
        return sum / 400;
      };
      const [poor, good] = [mean(0.3), mean(0.9)];
      expect(good).toBeGreaterThan(0.8);
      expect(poor).toBeLessThan(good - 0.2);
    });
  },
);
