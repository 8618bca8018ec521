import { describe, expect, it } from 'vitest';
import type { Annotation } from '../../records/annotation.ts';
import { anyAsset, schemaFor } from '../../testing/fixtures.ts';
import { modality } from './index.ts';

const schema = schemaFor(modality);
const text = String(anyAsset.data['text']);
const span = (id: string, words: string, label = 'person') => {
  const start = text.indexOf(words);
  return { id, kind: 'span', label, shape: { start, end: start + words.length } };
};
const by = (...regions: Annotation['regions']): Annotation => ({ regions, answers: {} });
const settle = (...annotations: Annotation[]) =>
  modality.consensus(
    annotations.map((annotation, i) => ({ by: `usr_${i}`, annotation, weight: 1 })),
    'majority',
    schema,
    anyAsset,
  );

describe('text spans', () => {
  it('[AG23] measures the F1 of spans equal in start, end and label', () => {
    const ada = by(span('a', 'Ada Lovelace'), span('b', 'London', 'place'));
    expect(modality.measure(ada, by(span('x', 'Ada Lovelace')), anyAsset)).toBeCloseTo(2 / 3, 12);
    expect(modality.measure(ada, by(span('x', 'Ada')), anyAsset)).toBe(0);
    expect(modality.measure(by(), by(), anyAsset)).toBe(1);
    expect(modality.measure(by(), ada, anyAsset)).toBe(0);
  });

  it('[CO21] [CO23] keeps spans that more than half hold exactly, as sure as people are at one with them', () => {
    const outcome = settle(
      by(span('a', 'Ada Lovelace'), span('b', 'London', 'place')),
      by(span('c', 'Ada Lovelace')),
      by(span('d', 'Ada')),
    );
    expect(outcome.annotation.regions).toEqual([{ ...span('c0001', 'Ada Lovelace'), score: 2 / 3 }]);
    // The first has one span too many (F1 2/3), the second exactly this, the third nothing of it.
    expect(outcome.confidence).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12);
    expect(outcome.tie).toBe(false);
  });

  it('[CO23] people who marked entirely different things are not sure at all, those who marked nothing are', () => {
    const apart = settle(by(span('a', 'Ada')), by(span('b', 'London', 'place')), by(span('c', 'program')));
    expect(apart).toMatchObject({ annotation: by(), confidence: 0, tie: false });
    const nothing = settle(by(span('a', 'Ada')), by(), by());
    expect(nothing.annotation).toEqual(by());
    expect(nothing.confidence).toBeCloseTo(2 / 3, 12);
  });

  it('[CO24] numbers what stands by its place, whoever marked it first', () => {
    const [ada, london] = [span('a', 'Ada Lovelace'), span('b', 'London', 'place')];
    const ids = (...annotations: Annotation[]) =>
      settle(...annotations).annotation.regions.map(({ id, shape }) => [id, shape['start']]);
    const third = by(span('x', 'Ada Lovelace'), span('y', 'London', 'place'), span('z', 'program'));
    const wanted = [
      ['c0001', ada.shape.start],
      ['c0002', london.shape.start],
    ];
    expect(ids(by(ada, london), by(london, ada), third)).toEqual(wanted);
    expect(ids(third, by(london, ada), by(ada, london))).toEqual(wanted);
  });

  it('[CO20] two people who differ are a tie', () => {
    expect(settle(by(span('a', 'Ada')), by(span('b', 'London', 'place'))).tie).toBe(true);
  });

  it.each([
    ['past the end', { start: 0, end: text.length + 1 }, 'shape.end'],
    ['that is empty', { start: 4, end: 4 }, 'shape.end'],
    ['that runs backwards', { start: 9, end: 4 }, 'shape.end'],
    ['of half characters', { start: 0, end: text.indexOf('🎩') + 1 }, 'shape.end'],
    ['at broken offsets', { start: 0.5, end: 4 }, 'shape.start'],
  ])('refuses a span %s', (_what, shape, path) => {
    const errors = modality.checkRegion({ ...span('a', 'Ada'), shape }, schema, anyAsset);
    expect(errors.map((error) => error.path)).toEqual([path]);
    expect(errors[0]!.remedy).toBeTruthy();
  });

  it('takes offsets that count code points for what they are, by the quoted text', () => {
    const quoted = 'wrote';
    const start = [...text.slice(0, text.indexOf(quoted))].length;
    const entry = {
      id: 'w',
      type: 'labels',
      value: { start, end: start + 5, text: quoted, labels: ['person'] },
    };
    const read = modality.fromLabelStudio([entry], anyAsset, () => undefined);
    expect(read.regions[0]!.shape).toEqual(span('w', quoted).shape);
    expect(start).not.toBe(text.indexOf(quoted));
  });

  it('gives the quoted text to Label Studio', () => {
    expect(modality.toLabelStudio(by(span('a', 'London', 'place')), anyAsset)).toMatchObject([
      { type: 'labels', value: { text: 'London', labels: ['place'] } },
    ]);
  });
});
