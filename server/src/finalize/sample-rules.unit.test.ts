import { readdirSync, readFileSync } from 'node:fs';
import { voteWeight } from '@concord/core/consensus/reliability';
import { judge } from '@concord/core/consensus/settle';
import { modalities } from '@concord/core/modalities/registry';
import type { Annotation } from '@concord/core/records/annotation';
import { labelSchema } from '@concord/core/records/label-schema';
import { rules } from '@concord/core/records/project';
import { anyAsset, seededRandom } from '@concord/core/testing/fixtures';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const examples = new URL('../../../examples/', import.meta.url);
const samples = readdirSync(examples).map((name) => {
  const sample = JSON.parse(readFileSync(new URL(`${name}/sample.json`, examples), 'utf8')) as {
    project: { schema: unknown; rules: unknown };
  };
  return [name, labelSchema.parse(sample.project.schema), rules.parse(sample.project.rules)] as const;
});

it.each(samples)(
  '[CO3] the rules of the sample %s let further people settle what the first differ on',
  (_name, schema, given) => {
    const modality = modalities.get(schema.modality)!;
    const made = (seed: number) => modality.arbitrary(seededRandom(seed), schema, anyAsset);
    const { min, max } = given.overlap;
    const verdictOf = (annotations: readonly Annotation[]) =>
      judge({
        submissions: annotations.map((annotation, i) => ({
          userId: `usr_${i}`,
          annotation,
          blind: annotation,
          weight: voteWeight(0, 0),
        })),
        modality,
        schema,
        asset: anyAsset,
        rules: given,
        visibility: 'blind-then-open',
      }).verdict;
    const seeds = fc.array(fc.integer({ min: 0, max: 2 ** 31 }), { minLength: min, maxLength: min });
    let differed = 0;
    fc.assert(
      fc.property(seeds, (all) => {
        const first = all.map(made);
        if (verdictOf(first) !== 'more') return;
        differed += 1;
        // Some of the first are joined by everybody who comes after.
        const joined = first.map((one) => verdictOf([...first, ...Array<Annotation>(max - min).fill(one)]));
        expect(joined).toContain('finalize');
      }),
    );
    expect(differed).toBeGreaterThan(10);
  },
);
