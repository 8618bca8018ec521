import { textInSight } from '../shared/in-sight.ts';
import type { Surface } from '../surface.ts';
import { Stage } from './stage.tsx';

export const surface: Surface = {
  Stage,
  viewText: textInSight,
  regions: false,
  startsArmed: false,
  answerKey: 'choice',
  keys: [
    { keys: ['1', '←'], does: 'A is better' },
    { keys: ['2', '→'], does: 'B is better' },
    { keys: ['3', '↓'], does: 'No difference' },
    { keys: ['Enter'], does: 'Submit' },
    { keys: ['R'], does: 'Write the reason' },
  ],
};
