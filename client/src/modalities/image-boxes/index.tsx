import { pictureInSight } from '../shared/in-sight.ts';
import type { Surface } from '../surface.ts';
import { loadImage } from './image-source.ts';
import { Stage } from './stage.tsx';

export const surface: Surface = {
  Stage,
  viewText: pictureInSight,
  regions: true,
  startsArmed: true,
  hint: 'Drag on the picture to draw a box of the chosen label.',
  prefetch: (asset) => {
    if (asset.blob?.width && asset.blob.height)
      void loadImage(asset.id, { width: asset.blob.width, height: asset.blob.height }).catch(() => {});
  },
  regionText: (region) =>
    `${Math.round(Number(region.shape['width']))} × ${Math.round(Number(region.shape['height']))}`,
  keys: [
    { keys: ['1', '–', '9'], does: 'Choose the class; relabel the selected box' },
    { keys: ['N'], does: 'New box in the middle' },
    { keys: ['←↑→↓'], does: 'Move the box (Shift: ten pixels; Ctrl: size it)' },
    { keys: ['Shift'], does: 'Held while dragging: draw over the selected box' },
    { keys: ['J', 'K'], does: 'Next, previous box or suggestion' },
    { keys: ['A'], does: 'Accept the suggestion; Shift+A all' },
    { keys: ['X'], does: 'Reject the suggestion' },
    { keys: ['Del'], does: 'Delete the selected box' },
    { keys: ['Wheel'], does: 'Zoom; also + and −' },
    { keys: ['Space'], does: 'Held while dragging: move the picture' },
    { keys: ['F'], does: 'Fit the picture' },
  ],
};
