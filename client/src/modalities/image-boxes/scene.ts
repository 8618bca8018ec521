// The page's content policy allows no code made at run time; this is Pixi's way without it.
import 'pixi.js/unsafe-eval';
import { Application, Assets, Container, Graphics, Sprite, Text, type Texture } from 'pixi.js';
import type { Box } from './geometry.ts';

/** One box to be drawn. */
export interface Drawn {
  readonly id: string;
  readonly box: Box;
  readonly color: string;
  readonly label: string;
  readonly dashed: boolean;
  readonly selected: boolean;
  readonly faint: boolean;
}

export interface Scene {
  draw(boxes: readonly Drawn[], handles: readonly { x: number; y: number }[]): void;
  /** From the page's pixels (relative to the canvas) to the image's. */
  toImage(x: number, y: number): { x: number; y: number };
  zoom(factor: number, atX: number, atY: number): void;
  pan(dx: number, dy: number): void;
  fit(): void;
  readonly scale: () => number;
  destroy(): void;
}

/** The image and its boxes on a WebGL (or WebGPU) canvas inside `place`. Rejects when there is none or the image cannot be read. */
export async function createScene(
  place: HTMLElement,
  url: string,
  width: number,
  height: number,
): Promise<Scene> {
  const app = new Application();
  await app.init({
    resizeTo: place,
    backgroundAlpha: 0,
    antialias: true,
    autoDensity: true,
    resolution: window.devicePixelRatio,
    preference: 'webgl',
    autoStart: false,
  });
  place.appendChild(app.canvas);
  Assets.setPreferences({ preferWorkers: false, preferCreateImageBitmap: true });
  const texture = await Assets.load<Texture>({ src: url, parser: 'loadTextures' });
  const world = new Container();
  const layer = new Graphics();
  const labels = new Container();
  world.addChild(new Sprite({ texture, width, height }), layer, labels);
  app.stage.addChild(world);
  let last: Parameters<Scene['draw']> = [[], []];

  const render = () => app.render();
  function draw(boxes: readonly Drawn[], handles: readonly { x: number; y: number }[]): void {
    last = [boxes, handles];
    const line = 2 / world.scale.x;
    layer.clear();
    for (const label of labels.removeChildren()) label.destroy();
    for (const { box, color, label, dashed, selected, faint } of boxes) {
      const alpha = faint ? 0.55 : 1;
      if (dashed) dashes(layer, box, line, color, alpha);
      else
        layer
          .rect(box.x, box.y, box.width, box.height)
          .stroke({ width: selected ? line * 2 : line, color, alpha });
      if (selected) layer.rect(box.x, box.y, box.width, box.height).fill({ color, alpha: 0.12 });
      const text = new Text({
        text: label,
        style: { fontSize: 12, fill: '#ffffff', fontFamily: 'sans-serif' },
      });
      text.scale.set(1 / world.scale.x);
      text.position.set(box.x + 2 * line, box.y + line);
      layer
        .rect(box.x, box.y, text.width + 4 * line, text.height + 2 * line)
        .fill({ color, alpha: alpha * 0.85 });
      labels.addChild(text);
    }
    for (const { x, y } of handles)
      layer
        .rect(x - 4 / world.scale.x, y - 4 / world.scale.x, 8 / world.scale.x, 8 / world.scale.x)
        .fill('#ffffff')
        .stroke({ width: line, color: '#111827' });
    render();
  }
  const again = () => draw(...last);

  function fit(): void {
    const scale = Math.min(app.screen.width / width, app.screen.height / height) * 0.97;
    world.scale.set(scale);
    world.position.set((app.screen.width - width * scale) / 2, (app.screen.height - height * scale) / 2);
    again();
  }
  const observer = new ResizeObserver(() => {
    app.resize();
    fit();
  });
  observer.observe(place);
  fit();
  return {
    draw,
    fit,
    scale: () => world.scale.x,
    toImage: (x, y) => ({
      x: (x - world.position.x) / world.scale.x,
      y: (y - world.position.y) / world.scale.y,
    }),
    zoom(factor, atX, atY) {
      const next = Math.min(40, Math.max(0.02, world.scale.x * factor));
      const real = next / world.scale.x;
      world.position.set(atX - (atX - world.position.x) * real, atY - (atY - world.position.y) * real);
      world.scale.set(next);
      again();
    },
    pan(dx, dy) {
      world.position.set(world.position.x + dx, world.position.y + dy);
      render();
    },
    destroy() {
      observer.disconnect();
      app.destroy(true, { children: true });
    },
  };
}

function dashes(
  layer: Graphics,
  { x, y, width, height }: Box,
  line: number,
  color: string,
  alpha: number,
): void {
  const step = line * 4;
  for (let at = 0; at < width; at += step * 2) {
    const end = Math.min(width, at + step);
    layer
      .moveTo(x + at, y)
      .lineTo(x + end, y)
      .moveTo(x + at, y + height)
      .lineTo(x + end, y + height);
  }
  for (let at = 0; at < height; at += step * 2) {
    const end = Math.min(height, at + step);
    layer
      .moveTo(x, y + at)
      .lineTo(x, y + end)
      .moveTo(x + width, y + at)
      .lineTo(x + width, y + end);
  }
  layer.stroke({ width: line, color, alpha });
}
