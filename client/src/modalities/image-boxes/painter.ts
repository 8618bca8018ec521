import type { Camera, Size } from './camera.ts';
import type { Scene } from './scene.ts';

/** Draws the stage. Lines and tags have the same size on the screen at every zoom. */
export interface Painter {
  readonly canvas: HTMLCanvasElement;
  resize(stage: Size): void;
  /** `size` is the image in its own pixels, which boxes are measured in; the bitmap may be smaller. */
  setImage(bitmap: ImageBitmap, size: Size): void;
  paint(camera: Camera, scene: Scene): void;
  destroy(): void;
}

export const style = {
  line: 2,
  selectedLine: 2.5,
  fill: 0.1,
  selectedFill: 0.18,
  handle: 9,
  tagFont: 11.5,
  tagHeight: 17,
  dash: 6,
  gap: 4,
} as const;
