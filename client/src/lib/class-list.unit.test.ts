import { labelSchema } from '@concord/core/records/label-schema';
import { describe, expect, it } from 'vitest';
import { classProblems, cleanClasses, effectiveHotkeys } from './class-list.ts';

const c = (name: string, hotkey?: string) => ({ name, color: '#2563eb', ...(hotkey ? { hotkey } : {}) });

describe('classProblems', () => {
  it('names both sides of a clash, as the server would refuse it', () => {
    const classes = [c('spam', 's'), c('ham'), c('scam', 's'), c('ham ')];
    expect(classProblems(classes)).toEqual([
      { hotkey: 's is also the key of scam.' },
      { name: 'Another class has this name.' },
      { hotkey: 's is also the key of spam.' },
      { name: 'Another class has this name.' },
    ]);
    expect(labelSchema.safeParse({ modality: 'text-spans', classes }).success).toBe(false);
  });
  it('lets a good list be, empty names not', () => {
    expect(classProblems([c('a'), c('b', '2')])).toEqual([{}, {}]);
    expect(classProblems([c(' ')])[0]?.name).toBeDefined();
  });
});

it('gives 1–9 out in order, around keys that were chosen', () => {
  expect(effectiveHotkeys([c('a'), c('b', '1'), c('c'), c('d', 'x')])).toEqual(['2', '1', '3', 'x']);
  expect(effectiveHotkeys(Array.from({ length: 11 }, (_, i) => c(`c${i}`))).slice(8)).toEqual([
    '9',
    null,
    null,
  ]);
});

it('sends no empty parts', () => {
  expect(cleanClasses([{ ...c(' spam '), title: ' ', description: '', hotkey: '' }])).toEqual([c('spam')]);
});
