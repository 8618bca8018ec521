import type { Surface } from '../surface.ts';
import { boxOf } from './geometry.ts';
import { Stage } from './stage.tsx';

export const surface: Surface = {
  Stage,
  regions: true,
  startsArmed: true,
  regionText: (region) => {
    const { width, height } = boxOf(region.shape);
    return `${Math.round(width)} × ${Math.round(height)}`;
  },
  keys: [
    { keys: ['1', '–', '9'], does: 'Choose a class; with a box selected: give it that class' },
    { keys: ['A'], does: 'Accept the suggestion (Shift: all)' },
    { keys: ['X'], does: 'Reject the suggestion' },
    { keys: ['Delete'], does: 'Delete the selected box' },
    { keys: ['Space'], does: 'Pan on and off' },
    { keys: ['F'], does: 'Fit the picture' },
  ],
};
