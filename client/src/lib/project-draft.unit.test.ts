import { defaultRules } from '@concord/core/records/project';
import { describe, expect, it } from 'vitest';
import { changedFields, type Draft, inWords, mergeDrafts } from './project-draft.ts';

const base: Draft = {
  name: 'Letters',
  description: '',
  schema: { version: 3, modality: 'text-classification', classes: [{ name: 'spam', color: '#dc2626' }] },
  guidelines: 'old',
  visibility: 'blind-then-open',
  suggestions: true,
  rules: defaultRules,
  queueOrder: 'sequential',
  retrainEvery: 20,
  attribution: '',
};

describe('changedFields', () => {
  it('compares by value, whatever the order of keys, and not the schema version', () => {
    const reordered = { ...defaultRules, overlap: { max: 3, min: 2 } };
    expect(
      changedFields(base, { ...base, rules: reordered, schema: { ...base.schema, version: 9 } }),
    ).toEqual([]);
    expect(changedFields(base, { ...base, rules: { ...defaultRules, minAgreement: 0.7 } })).toEqual([
      'rules',
    ]);
  });
});

describe('mergeDrafts', () => {
  it('keeps what each changed alone', () => {
    const result = mergeDrafts(base, { ...base, name: 'Mine' }, { ...base, guidelines: 'theirs' });
    expect(result.merged).toEqual({ ...base, name: 'Mine', guidelines: 'theirs' });
    expect(result).toMatchObject({ theirs: ['guidelines'], both: [] });
  });
  it('names what both changed differently, and not what both changed alike', () => {
    const mine = { ...base, guidelines: 'mine', name: 'Same' };
    const result = mergeDrafts(base, mine, { ...base, guidelines: 'theirs', name: 'Same' });
    expect(result.both).toEqual(['guidelines']);
    expect(result.merged.guidelines).toBe('mine');
  });
});

it('speaks', () => {
  expect(inWords(['rules'])).toBe('the rules');
  expect(inWords(['name', 'rules', 'schema'])).toBe('the name, the rules and the classes');
});
