import { describe, expect, it } from 'vitest';
import type { Annotation } from '../records/annotation.ts';
import { anyAsset, schemaFor } from '../testing/fixtures.ts';
import { modalities } from './registry.ts';

const text = modalities.get('text-classification')!;
const pair = modalities.get('pairwise-preference')!;
const schema = schemaFor(text);
const label = (name: string, reason?: string): Annotation => ({
  regions: [],
  answers: reason === undefined ? { label: name } : { label: name, reason },
});
const settle = (method: 'majority' | 'weighted', ...votes: [Annotation, number][]) =>
  text.consensus(
    votes.map(([annotation, weight], i) => ({ by: `usr_${i}`, annotation, weight })),
    method,
    schema,
    anyAsset,
  );

describe('one answer out of a list', () => {
  it('[CO10] by majority, the confidence is the share of the top answer', () => {
    const outcome = settle('majority', [label('neutral'), 1], [label('negative'), 1], [label('neutral'), 1]);
    expect(outcome).toMatchObject({
      annotation: label('neutral'),
      tie: false,
      reason: '2 of 3 chose neutral',
    });
    expect(outcome.confidence).toBeCloseTo(2 / 3, 12);
  });

  it('[CO11] weighted, it is the posterior of the one-coin model', () => {
    const outcome = settle('weighted', [label('neutral'), 0.9], [label('negative'), 0.6]);
    const [neutral, negative, positive] = [0.9 * 0.2, 0.05 * 0.6, 0.05 * 0.2];
    expect(outcome.annotation).toEqual(label('neutral'));
    expect(outcome.confidence).toBeCloseTo(neutral / (neutral + negative + positive), 12);
  });

  it('[CO11] one reliable person outweighs two who guess', () => {
    const outcome = settle(
      'weighted',
      [label('positive'), 0.95],
      [label('negative'), 0.4],
      [label('negative'), 0.4],
    );
    expect(outcome.annotation).toEqual(label('positive'));
  });

  it('[CO11] somebody worse than chance is never counted against their own answer', () => {
    const outcome = settle('weighted', [label('negative'), 0.01]);
    expect(outcome).toMatchObject({ annotation: label('negative'), tie: false });
  });

  it('[CO12] equal shares are a tie, the class declared first is shown', () => {
    const outcome = settle('majority', [label('neutral'), 1], [label('positive'), 1]);
    expect(outcome).toMatchObject({ annotation: label('positive'), tie: true, confidence: 0.5 });
  });

  it('[CO13] carries the reason of the most reliable person who chose the answer', () => {
    const outcome = settle(
      'weighted',
      [label('negative', 'rude'), 0.6],
      [label('negative', 'insulting'), 0.9],
      [label('positive', 'kind'), 0.95],
    );
    expect(outcome.annotation).toEqual(label('negative', 'insulting'));
  });

  it('refuses a class that the schema has not, and a submission without one', () => {
    expect(text.checkAnswer('label', 'spam', schema)).toMatchObject([{ path: 'label', value: 'spam' }]);
    expect(text.checkAnswer('label', ['positive'], schema)).toHaveLength(1);
    expect(text.checkComplete({ regions: [], answers: {} }, schema)).toMatchObject([
      { path: 'answers.label' },
    ]);
  });

  it('takes the first of several Label Studio choices and says so', () => {
    const reports: string[] = [];
    const result = [{ type: 'choices', value: { choices: ['neutral', 'positive'] } }];
    expect(text.fromLabelStudio(result, anyAsset, (what) => reports.push(what))).toEqual(label('neutral'));
    expect(reports[0]).toContain('only neutral was taken');
  });

  it('reads left and right of Label Studio as a and b', () => {
    const read = (selected: string) =>
      pair.fromLabelStudio([{ type: 'pairwise', value: { selected } }], anyAsset, () => undefined).answers;
    expect([read('left'), read('right'), read('both')]).toEqual([{ choice: 'a' }, { choice: 'b' }, {}]);
  });

  it('shows one line of the text, whole characters only', () => {
    const preview = text.preview({ text: `a\n\tb ${'🎩'.repeat(300)}` }, undefined);
    expect(preview.startsWith('a b 🎩')).toBe(true);
    expect(preview.length).toBeLessThanOrEqual(200);
    expect([...preview].every((character) => !/^[\uD800-\uDFFF]$/.test(character))).toBe(true);
  });
});
