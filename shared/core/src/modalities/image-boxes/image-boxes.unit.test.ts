import { describe, expect, it } from 'vitest';
import type { Annotation } from '../../records/annotation.ts';
import { anyAsset, schemaFor } from '../../testing/fixtures.ts';
import { modality } from './index.ts';

const schema = schemaFor(modality);
const box = (id: string, x: number, label = 'person', y = 100, width = 100, height = 100) => ({
  id,
  kind: 'box',
  label,
  shape: { x, y, width, height },
});
const by = (...regions: Annotation['regions']): Annotation => ({ regions, answers: {} });
const votes = (...annotations: Annotation[]) =>
  annotations.map((annotation, i) => ({ by: `usr_${i}`, annotation, weight: 0.8 }));
const settle = (...annotations: Annotation[]) =>
  modality.consensus(votes(...annotations), 'majority', schema, anyAsset);

describe('image boxes', () => {
  it('[CO22] fuses what most people drew by the median of each edge', () => {
    const outcome = settle(by(box('a', 100)), by(box('b', 110)), by(box('c', 104)));
    expect(outcome.annotation.regions).toEqual([{ ...box('c0001', 104), score: 1 }]);
    expect(outcome).toMatchObject({ confidence: 1, tie: false });
  });

  it('[CO20] [CO23] drops what fewer than half drew, and counts that into the confidence', () => {
    const outcome = settle(by(box('a', 100), box('z', 400)), by(box('b', 100)), by(box('c', 100)));
    expect(outcome.annotation.regions.map((r) => r.shape)).toEqual([box('', 100).shape]);
    // The first drew one box more than stands (F1 2/3), the others exactly that.
    expect(outcome.confidence).toBeCloseTo((2 / 3 + 1 + 1) / 3, 12);
    expect(outcome.tie).toBe(false);
  });

  it('[CO24] numbers what stands by its place, whoever drew it first', () => {
    const three = [by(box('a', 300), box('b', 100)), by(box('c', 100), box('d', 300)), by(box('e', 300))];
    for (const drawn of [three, [...three].reverse()])
      expect(settle(...drawn).annotation.regions.map(({ id, shape }) => [id, shape['x']])).toEqual([
        ['c0001', 100],
        ['c0002', 300],
      ]);
  });

  it('[CO20] exactly half is a tie', () => {
    expect(settle(by(box('a', 100)), by())).toMatchObject({ tie: true, annotation: by() });
  });

  it('[CO22] takes the label of the majority where the box is the same', () => {
    const outcome = settle(by(box('a', 100)), by(box('b', 100, 'vehicle')), by(box('c', 102)));
    expect(outcome.annotation.regions).toMatchObject([{ label: 'person', shape: { x: 101 } }]);
    expect(outcome.confidence).toBeCloseTo(2 / 3, 12);
  });

  it('keeps two boxes of different labels at one place apart', () => {
    const both = by(box('a', 100), box('b', 102, 'vehicle'));
    const outcome = settle(both, by(box('c', 100), box('d', 103, 'vehicle')), both);
    expect(outcome.annotation.regions.map((r) => r.label)).toEqual(['person', 'vehicle']);
    expect(outcome.confidence).toBe(1);
  });

  it('weighs people by their reliability', () => {
    const outcome = modality.consensus(
      [
        { by: 'usr_a', annotation: by(box('a', 100)), weight: 0.95 },
        { by: 'usr_b', annotation: by(), weight: 0.3 },
        { by: 'usr_c', annotation: by(), weight: 0.3 },
      ],
      'weighted',
      schema,
      anyAsset,
    );
    expect(outcome.annotation.regions).toHaveLength(1);
    expect(outcome.confidence).toBeCloseTo(0.95 / 1.55, 12);
  });

  it.each([
    ['outside to the right', box('a', 600), 'shape.width'],
    ['without height', box('a', 1, 'person', 1, 10, 0), 'shape.height'],
    ['too flat to have an area', box('a', 1, 'person', 1, 10, 5e-324), 'shape.height'],
    ['before the edge', box('a', -5), 'shape.x'],
    ['of an unknown class', box('a', 1, 'ghost'), 'label'],
    [
      'with words for numbers',
      { ...box('a', 1), shape: { x: 'left', y: 1, width: 1, height: 1 } },
      'shape.x',
    ],
    ['with too much said', { ...box('a', 1), shape: { x: 1, y: 1, width: 1, height: 1, z: 1 } }, 'shape.z'],
  ])('refuses a box %s', (_what, region, path) => {
    const errors = modality.checkRegion(region, schema, anyAsset);
    expect(errors.map((error) => error.path)).toEqual([path]);
    expect(errors[0]!.remedy).toBeTruthy();
  });

  it('reads turned and overlapping rectangles of Label Studio, and says what it changed', () => {
    const reports: string[] = [];
    const value = { x: 90, y: 50, width: 20, height: 10, rotation: 0, rectanglelabels: ['person'] };
    const read = modality.fromLabelStudio(
      [
        { id: 'a/b', type: 'rectanglelabels', original_width: 640, original_height: 480, value },
        { id: 'a/b', type: 'rectanglelabels', value: { ...value, x: 50, rotation: 90 } },
      ],
      anyAsset,
      (what) => reports.push(what),
    );
    // 90 % of 640 is 576; the box would reach 704 and is cut at 640. Ids are made fit and kept apart.
    expect(read.regions[0]).toEqual({
      id: 'a_b',
      kind: 'box',
      label: 'person',
      shape: { x: 576, y: 240, width: 64, height: 48 },
    });
    // Turned clockwise by 90° about its top left: it lies to the left of it and hangs down by its width.
    expect(read.regions[1]).toMatchObject({ id: 'a_b_2', shape: { x: 272, y: 240, width: 48, height: 128 } });
    expect(reports).toEqual(['result[1]: turned by 90°; the upright box around it was taken']);
  });

  it('says in a few words what is there', () => {
    expect(modality.summary(by(box('a', 1), box('b', 1, 'vehicle'), box('c', 1, 'vehicle')))).toBe(
      '3 boxes: vehicle ×2, person',
    );
    expect(modality.summary(by())).toBe('no boxes');
  });
});
