import { textInSight } from '../shared/in-sight.ts';
import type { Surface } from '../surface.ts';
import { Stage } from './stage.tsx';

export const surface: Surface = {
  Stage,
  viewText: textInSight,
  regions: true,
  startsArmed: false,
  hint: 'Select some words, then press a label’s key. Or choose a label first, then select.',
  regionText: (region, asset) =>
    String(asset.data['text'] ?? '')
      .slice(Number(region.shape['start']), Number(region.shape['end']))
      .replace(/\s+/g, ' '),
  keys: [
    { keys: ['1', '–', '9'], does: 'Label the selection; relabel the selected span' },
    { keys: ['←', '→'], does: 'Choose a word; with Shift, more of them' },
    { keys: ['Alt'], does: 'Held while dragging: exact characters, not whole words' },
    { keys: ['J', 'K'], does: 'Next, previous span or suggestion' },
    { keys: ['A'], does: 'Accept the suggestion; Shift+A all' },
    { keys: ['X'], does: 'Reject the suggestion' },
    { keys: ['Del'], does: 'Delete the selected span' },
    { keys: ['Esc'], does: 'Let go' },
  ],
};
