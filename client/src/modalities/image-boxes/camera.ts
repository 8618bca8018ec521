/** How the image lies in the stage: stage pixel = image pixel × scale + offset. */
export interface Camera {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Stage pixels left free around a fitted image. */
const margin = 16;
const largestScale = 40;

/** The whole image in the middle of the stage; small ones are not enlarged beyond three times. */
export function fit(image: Size, stage: Size): Camera {
  const scale = Math.min(
    Math.max(1, stage.width - 2 * margin) / image.width,
    Math.max(1, stage.height - 2 * margin) / image.height,
    3,
  );
  return {
    scale,
    x: (stage.width - image.width * scale) / 2,
    y: (stage.height - image.height * scale) / 2,
  };
}

/** What of the image is in sight, in image pixels; reaches beyond the image where the stage does. */
export function inSight(camera: Camera, stage: Size): Point & Size {
  const { x, y } = toImage(camera, { x: 0, y: 0 });
  return { x, y, width: stage.width / camera.scale, height: stage.height / camera.scale };
}

/** All of a part of the image in the middle of the stage. */
export function showing(part: Point & Size, stage: Size): Camera {
  const scale = Math.min(
    stage.width / Math.max(1, part.width),
    stage.height / Math.max(1, part.height),
    largestScale,
  );
  return {
    scale,
    x: stage.width / 2 - (part.x + part.width / 2) * scale,
    y: stage.height / 2 - (part.y + part.height / 2) * scale,
  };
}

/** Scales by `factor` so that what lies under `at` (stage pixels) stays there. */
export function zoomAt(camera: Camera, at: Point, factor: number, image: Size, stage: Size): Camera {
  const smallest = fit(image, stage).scale / 2;
  const scale = Math.min(largestScale, Math.max(smallest, camera.scale * factor));
  const ratio = scale / camera.scale;
  return { scale, x: at.x - (at.x - camera.x) * ratio, y: at.y - (at.y - camera.y) * ratio };
}

/** Moved by stage pixels, but never so far that the image leaves the stage altogether. */
export function pan(camera: Camera, dx: number, dy: number, image: Size, stage: Size): Camera {
  const keep = 40;
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  return {
    scale: camera.scale,
    x: clamp(camera.x + dx, keep - image.width * camera.scale, stage.width - keep),
    y: clamp(camera.y + dy, keep - image.height * camera.scale, stage.height - keep),
  };
}

export function toImage(camera: Camera, p: Point): Point {
  return { x: (p.x - camera.x) / camera.scale, y: (p.y - camera.y) / camera.scale };
}
export function toStage(camera: Camera, p: Point): Point {
  return { x: p.x * camera.scale + camera.x, y: p.y * camera.scale + camera.y };
}
