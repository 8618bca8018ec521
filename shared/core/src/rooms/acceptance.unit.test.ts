import { expect, it } from 'vitest';
import { takenOf } from './acceptance.ts';

const region = (id: string, label: string, x: number, from?: string) => ({
  id,
  kind: 'box',
  label,
  shape: { x },
  ...(from ? { from } : {}),
});

it('[RM22] accepted as it was, edited, rejected; answers by equality', () => {
  const suggestion = {
    regions: [region('s1', 'cat', 1), region('s2', 'cat', 2), region('s3', 'cat', 3), region('s4', 'dog', 4)],
    answers: { label: 'spam', tone: 'rude' },
  };
  const submitted = {
    regions: [
      region('m1', 'cat', 1, 'mdl_m/s1'),
      region('m2', 'cat', 9, 'mdl_m/s2'),
      region('m3', 'cat', 3, 'mdl_other/s3'),
      region('m4', 'dog', 4),
    ],
    answers: { label: 'spam', tone: 'kind' },
  };
  expect(takenOf('mdl_m', suggestion, submitted)).toEqual({ accepted: 2, edited: 1, rejected: 3 });
});

it('[RM22] a suggestion of nothing counts nowhere', () => {
  expect(takenOf('mdl_m', { regions: [], answers: {} }, { regions: [], answers: { label: 'spam' } })).toEqual(
    {
      accepted: 0,
      edited: 0,
      rejected: 0,
    },
  );
});
