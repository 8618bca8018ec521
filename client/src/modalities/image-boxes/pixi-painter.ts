// Pixi makes its uniform code with `new Function` unless this is loaded; the page's content policy allows none.
import 'pixi.js/unsafe-eval';
import { Container, Graphics, Sprite, Text, Texture, WebGLRenderer } from 'pixi.js';
import { inkOn } from '../../lib/people.ts';
import { type Camera, type Size, toStage } from './camera.ts';
import { type Box, handlePoint, handles } from './geometry.ts';
import { type Painter, style } from './painter.ts';
import { type DrawnBox, dashesOf, type Scene, tagOf } from './scene.ts';

/** The stage on WebGL. Nothing moves by itself, so there is no ticker: it paints when told. */
export async function createPixiPainter(first: Size): Promise<Painter> {
  const renderer = new WebGLRenderer();
  await renderer.init({
    width: first.width,
    height: first.height,
    resolution: window.devicePixelRatio || 1,
    autoDensity: true,
    antialias: true,
    backgroundAlpha: 0,
  });
  const root = new Container();
  const sprite = new Sprite();
  const shapes = new Graphics();
  const tags = new Container();
  root.addChild(sprite, shapes, tags);
  const labels = createLabels(tags);
  let size = first;
  let image: Size | null = null;

  function boxLines(box: Box, dashed: boolean, color: string, width: number): void {
    if (dashed)
      for (const [x1, y1, x2, y2] of dashesOf(box, style.dash, style.gap))
        shapes.moveTo(x1, y1).lineTo(x2, y2);
    else shapes.rect(box.x, box.y, box.width, box.height);
    shapes.stroke({ color, width });
  }
  function onStage(camera: Camera, box: Box): Box {
    const at = toStage(camera, box);
    return { x: at.x, y: at.y, width: box.width * camera.scale, height: box.height * camera.scale };
  }
  function drawBox(camera: Camera, drawn: DrawnBox): void {
    const box = onStage(camera, drawn);
    const alpha = drawn.selected ? style.selectedFill : drawn.kind === 'own' ? style.fill : 0.04;
    shapes
      .rect(box.x, box.y, box.width, box.height)
      .fill({ color: drawn.differs ? '#f0a020' : drawn.color, alpha: drawn.differs ? 0.16 : alpha });
    // A dark edge beneath keeps the line visible on a background of its own colour.
    boxLines(box, false, '#00000066', (drawn.selected ? style.selectedLine : style.line) + 1.5);
    boxLines(
      box,
      drawn.dashed,
      drawn.color,
      drawn.selected || drawn.differs ? style.selectedLine : style.line,
    );
    labels.show(
      tagOf(drawn, box.width),
      drawn.color,
      box.x - 1,
      Math.max(0, box.y - style.tagHeight),
      shapes,
    );
  }
  function drawGuides(camera: Camera, scene: Scene): void {
    if (scene.crosshair !== null) {
      const at = toStage(camera, scene.crosshair);
      for (const [offset, color] of [
        [-0.5, '#ffffff'],
        [0.5, '#000000'],
      ] as const) {
        shapes.rect(0, at.y + offset, size.width, 1).rect(at.x + offset, 0, 1, size.height);
        shapes.fill({ color, alpha: 0.5 });
      }
    }
  }

  return {
    canvas: renderer.canvas,
    resize(stage) {
      size = stage;
      renderer.resize(stage.width, stage.height);
    },
    setImage(bitmap, own) {
      sprite.texture.destroy(true);
      sprite.texture = Texture.from(bitmap);
      image = own;
    },
    paint(camera, scene) {
      if (image !== null) {
        sprite.texture.source.scaleMode = camera.scale < 4 ? 'linear' : 'nearest';
        sprite.position.set(camera.x, camera.y);
        sprite.setSize(image.width * camera.scale, image.height * camera.scale);
      }
      shapes.clear();
      labels.begin();
      for (const box of scene.boxes) drawBox(camera, box);
      const chosen = scene.boxes.find((b) => b.selected && b.kind === 'own');
      if (chosen !== undefined && scene.showHandles)
        for (const handle of handles) {
          const at = toStage(camera, handlePoint(chosen, handle));
          shapes
            .rect(at.x - style.handle / 2, at.y - style.handle / 2, style.handle, style.handle)
            .fill('#ffffff')
            .stroke({ color: chosen.color, width: 1.5 });
        }
      if (scene.draft !== null) boxLines(onStage(camera, scene.draft), false, scene.draft.color, style.line);
      drawGuides(camera, scene);
      labels.end();
      renderer.render(root);
    },
    destroy() {
      root.destroy({ children: true, texture: true });
      renderer.destroy({ removeView: true });
    },
  };
}

/** Text is costly to make and cheap to move, so each label's text object is kept and used again. */
function createLabels(parent: Container) {
  const free = new Map<string, Text[]>();
  let used: { key: string; text: Text }[] = [];
  return {
    begin(): void {
      for (const { key, text } of used) {
        text.visible = false;
        const list = free.get(key) ?? [];
        list.push(text);
        free.set(key, list);
      }
      used = [];
    },
    show(label: string, color: string, x: number, y: number, under: Graphics): void {
      if (label === '') return;
      const key = `${color}|${label}`;
      let text = free.get(key)?.pop();
      if (text === undefined) {
        text = new Text({
          text: label,
          resolution: Math.max(2, window.devicePixelRatio || 1),
          style: {
            fontFamily: 'Geist, system-ui, sans-serif',
            fontSize: style.tagFont,
            fontWeight: '500',
            fill: inkOn(color),
          },
        });
        parent.addChild(text);
      }
      used.push({ key, text });
      text.visible = true;
      text.position.set(x + 4, y + 1.5);
      under.rect(x, y, text.width + 8, style.tagHeight).fill(color);
    },
    /** Labels not seen in this paint are few; those of a former image are let go. */
    end(): void {
      let spare = 0;
      for (const [key, list] of free) {
        spare += list.length;
        if (spare <= 200) continue;
        for (const text of list) text.destroy();
        free.delete(key);
      }
    },
  };
}
