import { describe, expect, it } from 'vitest';
import { emptyView, type LayerView, type RegionView } from '../../store/layer-view.ts';
import { disputedRegions, isEmpty, opsTo, sameRegion, tally } from './compare.ts';

const span = (id: string, start: number, end: number, label = 'person'): RegionView => ({
  id,
  kind: 'span',
  label,
  shape: { start, end },
  by: 'usr_a',
});
const box = (id: string, x: number, width = 100): RegionView => ({
  id,
  kind: 'box',
  label: 'car',
  shape: { x, y: 0, width, height: 100 },
  by: 'usr_a',
});
const layer = (id: 'usr_a' | 'usr_b' | 'usr_c', regions: RegionView[]): LayerView => ({
  ...emptyView(id),
  regions,
});

describe('the same region', () => {
  it('is the same span to the character, with the same label', () => {
    expect(sameRegion(span('1', 0, 4), span('2', 0, 4))).toBe(true);
    expect(sameRegion(span('1', 0, 4), span('2', 0, 5))).toBe(false);
    expect(sameRegion(span('1', 0, 4), span('2', 0, 4, 'place'))).toBe(false);
  });
  it('is a box that overlaps by half', () => {
    expect(sameRegion(box('1', 0), box('2', 20))).toBe(true);
    expect(sameRegion(box('1', 0), box('2', 60))).toBe(false);
  });
});

it('what one of three does not have is disputed in the layers that have it', () => {
  const a = layer('usr_a', [span('1', 0, 4), span('2', 10, 14)]);
  const b = layer('usr_b', [span('3', 0, 4), span('4', 10, 14)]);
  const c = layer('usr_c', [span('5', 0, 4)]);
  expect([...disputedRegions(a, [a, b, c])]).toEqual(['2']);
  expect([...disputedRegions(b, [a, b, c])]).toEqual(['4']);
  expect([...disputedRegions(c, [a, b, c])]).toEqual([]);
});

it('counts votes by option, the empty ones too', () => {
  const a = { ...emptyView('usr_a'), answers: { label: 'spam' } };
  const b = { ...emptyView('usr_b'), answers: { label: 'spam' } };
  expect(tally('label', ['ham', 'spam'], [a, b])).toEqual([
    { value: 'ham', by: [] },
    { value: 'spam', by: ['usr_a', 'usr_b'] },
  ]);
});

it('turns one answer into another with the fewest answers touched, under new region ids', () => {
  const now: LayerView = {
    ...emptyView('consensus'),
    regions: [span('old', 0, 4)],
    answers: { label: 'spam', reason: 'money' },
  };
  let n = 0;
  const ops = opsTo({ regions: [span('theirs', 5, 9)], answers: { label: 'spam' } }, now, () => `new${++n}`);
  expect(ops).toEqual([
    { t: 'delete', id: 'old' },
    { t: 'create', region: { id: 'new1', kind: 'span', label: 'person', shape: { start: 5, end: 9 } } },
    { t: 'classify', set: { reason: null } },
  ]);
  expect(opsTo({ regions: [], answers: {} }, emptyView('consensus'), () => 'x')).toEqual([]);
});

it('knows an answer that says nothing', () => {
  expect(isEmpty({ regions: [], answers: {} })).toBe(true);
  expect(isEmpty({ regions: [], answers: { label: null } })).toBe(true);
  expect(isEmpty({ regions: [], answers: { label: 'spam' } })).toBe(false);
  expect(isEmpty({ regions: [span('1', 0, 4)], answers: {} })).toBe(false);
});
