import { textInSight } from '../shared/in-sight.ts';
import type { Surface } from '../surface.ts';
import { Stage } from './stage.tsx';

export const surface: Surface = {
  Stage,
  viewText: textInSight,
  regions: false,
  startsArmed: false,
  answerKey: 'label',
  keys: [
    { keys: ['1', '–', '9'], does: 'Choose a class' },
    { keys: ['Enter'], does: 'Take the suggestion; with an answer: submit' },
    { keys: ['R'], does: 'Write the reason' },
  ],
};
