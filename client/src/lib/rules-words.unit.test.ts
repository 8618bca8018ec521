import { defaultRules } from '@concord/core/records/project';
import { expect, it } from 'vitest';
import { rulesInWords } from './rules-words.ts';

it('says what the default rules do', () => {
  expect(rulesInWords(defaultRules)).toBe(
    'Two people label each task without seeing each other’s answers. It is settled when they agree by 60% or more and the joint answer is at least 60% sure. ' +
      'Otherwise one more person is asked, up to three in all, until the joint answer is that sure; if that does not settle it, a super-reviewer decides. ' +
      'In the joint answer, everybody counts the same.',
  );
});

it('says so when one person is enough, and when nobody more is asked', () => {
  const text = rulesInWords({ ...defaultRules, overlap: { min: 1, max: 1 }, consensus: 'weighted' });
  expect(text).toMatch(/^One person labels each task, and it is settled at once/);
  expect(text).toContain('Otherwise a super-reviewer decides.');
  expect(text).toContain('mostly right count for more');
});

it('does not speak of agreement where none is asked for', () => {
  expect(rulesInWords({ ...defaultRules, minAgreement: 0 })).toContain(
    'It is settled when the joint answer is at least 60% sure. Otherwise',
  );
});
