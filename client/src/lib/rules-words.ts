import type { Rules, Visibility } from '@concord/core/records/project';
import { percent } from './format.ts';

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const people = (n: number): string => `${numbers[n] ?? n} ${n === 1 ? 'person' : 'people'}`;
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What the rules do to one task, in sentences a lead can check. */
export function rulesInWords(rules: Rules): string {
  const { min, max } = rules.overlap;
  const sure = `the joint answer is at least ${percent(rules.minConfidence)} sure`;
  const agree =
    rules.minAgreement > 0 ? `they agree by ${percent(rules.minAgreement)} or more and ${sure}` : sure;
  const first =
    min === 1
      ? `One person labels each task, and it is settled at once when ${sure}.`
      : `${upper(people(min))} label each task without seeing each other’s answers. It is settled when ${agree}.`;
  const then =
    max > min
      ? `Otherwise one more person is asked, up to ${numbers[max] ?? max} in all, until the joint answer is that sure; if that does not settle it, a super-reviewer decides.`
      : 'Otherwise a super-reviewer decides.';
  const weigh =
    rules.consensus === 'weighted'
      ? 'In the joint answer, people whose earlier answers were mostly right count for more.'
      : 'In the joint answer, everybody counts the same.';
  return `${first} ${then} ${weigh}`;
}

export const visibilityWords: Record<Visibility, { title: string; hint: string }> = {
  'blind-then-open': {
    title: 'Blind, then open',
    hint: 'Nobody sees others’ labels before submitting their own; afterwards they may compare.',
  },
  blind: { title: 'Blind', hint: 'Nobody ever sees others’ labels; only super-reviewers do.' },
  open: {
    title: 'Open',
    hint: 'Everybody sees everything while labelling. Such answers never count as agreement.',
  },
};
