import type { LogEntry, Op } from '@concord/core/rooms/op';
import { expect, it } from 'vitest';
import { markBeside, marksOf } from './marks.ts';
import { rowsInSight, scrollFor } from './window.ts';

const entry = (seq: number, op: Op): LogEntry => ({
  seq,
  layer: 'usr_a',
  lseq: seq,
  by: 'usr_a',
  client: 'c',
  n: seq,
  at: seq,
  op,
});
const marks = marksOf([
  entry(1, { t: 'classify', set: { label: 'x' } }),
  entry(2, { t: 'submit', submissionId: 's', blind: true }),
  entry(3, { t: 'dispute' }),
  entry(4, { t: 'expose', userId: 'usr_b' }),
  entry(5, { t: 'decide', revision: 1, reason: 'so' }),
]);

it('marks submissions, disputes and decisions, and finds the one beside a place', () => {
  expect(marks).toEqual([
    { seq: 2, kind: 'submission' },
    { seq: 3, kind: 'dispute' },
    { seq: 5, kind: 'decision' },
  ]);
  expect(markBeside(marks, 0, 'next')).toBe(2);
  expect(markBeside(marks, 3, 'next')).toBe(5);
  expect(markBeside(marks, 5, 'next')).toBeNull();
  expect(markBeside(marks, 5, 'previous')).toBe(3);
  expect(markBeside(marks, 2, 'previous')).toBeNull();
});

it('draws few rows of a long list, all that are in sight among them', () => {
  const { from, to } = rowsInSight(10_000, 40, 4000, 400);
  expect(from).toBeLessThanOrEqual(100);
  expect(to).toBeGreaterThanOrEqual(110);
  expect(to - from).toBeLessThan(40);
  expect(rowsInSight(3, 40, 0, 400)).toEqual({ from: 0, to: 3 });
  expect(rowsInSight(3, 40, 9000, 400)).toEqual({ from: 3, to: 3 });
});

it('scrolls only as far as a row needs', () => {
  expect(scrollFor(5, 40, 100, 400)).toBe(100);
  expect(scrollFor(0, 40, 100, 400)).toBe(0);
  expect(scrollFor(20, 40, 100, 400)).toBe(440);
});
