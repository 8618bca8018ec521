import type { Size } from './camera.ts';
import type { Painter } from './painter.ts';

/** A painter on WebGL; on a plain canvas where there is no WebGL or Pixi cannot start. */
export async function createPainter(stage: Size): Promise<Painter> {
  try {
    const { createPixiPainter } = await import('./pixi-painter.ts');
    return await createPixiPainter(stage);
  } catch {
    const { createCanvasPainter } = await import('./canvas-painter.ts');
    return createCanvasPainter(stage);
  }
}
