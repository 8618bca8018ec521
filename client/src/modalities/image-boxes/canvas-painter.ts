import { inkOn } from '../../lib/people.ts';
import { type Camera, type Size, toStage } from './camera.ts';
import { type Box, handlePoint, handles } from './geometry.ts';
import { type Painter, style } from './painter.ts';
import { type DrawnBox, dashesOf, type Scene, tagOf } from './scene.ts';

/** The painter for machines without WebGL. */
export function createCanvasPainter(first: Size): Painter {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser has no canvas');
  const c = context;
  let size = first;
  let image: { bitmap: ImageBitmap; size: Size } | null = null;

  function resize(stage: Size): void {
    size = stage;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(stage.width * ratio);
    canvas.height = Math.round(stage.height * ratio);
    canvas.style.width = `${stage.width}px`;
    canvas.style.height = `${stage.height}px`;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
  }
  function onStage(camera: Camera, box: Box): Box {
    const at = toStage(camera, box);
    return { x: at.x, y: at.y, width: box.width * camera.scale, height: box.height * camera.scale };
  }
  function drawBox(camera: Camera, drawn: DrawnBox): void {
    const box = onStage(camera, drawn);
    c.globalAlpha = drawn.selected ? style.selectedFill : drawn.kind === 'own' ? style.fill : 0.04;
    c.fillStyle = drawn.differs ? '#f0a020' : drawn.color;
    c.fillRect(box.x, box.y, box.width, box.height);
    c.globalAlpha = 1;
    c.strokeStyle = drawn.color;
    c.lineWidth = drawn.selected || drawn.differs ? style.selectedLine : style.line;
    c.beginPath();
    if (drawn.dashed)
      for (const [x1, y1, x2, y2] of dashesOf(box, style.dash, style.gap)) {
        c.moveTo(x1, y1);
        c.lineTo(x2, y2);
      }
    else c.rect(box.x, box.y, box.width, box.height);
    c.stroke();
    const tag = tagOf(drawn, box.width);
    if (tag === '') return;
    c.font = `500 ${style.tagFont}px Geist, system-ui, sans-serif`;
    const width = c.measureText(tag).width + 8;
    const y = Math.max(0, box.y - style.tagHeight);
    c.fillStyle = drawn.color;
    c.fillRect(box.x - 1, y, width, style.tagHeight);
    c.fillStyle = inkOn(drawn.color);
    c.textBaseline = 'middle';
    c.fillText(tag, box.x + 3, y + style.tagHeight / 2);
  }

  resize(first);
  return {
    canvas,
    resize,
    setImage: (bitmap, own) => {
      image = { bitmap, size: own };
    },
    paint(camera, scene) {
      c.clearRect(0, 0, size.width, size.height);
      if (image !== null) {
        c.imageSmoothingEnabled = camera.scale < 4;
        const { width, height } = image.size;
        c.drawImage(image.bitmap, camera.x, camera.y, width * camera.scale, height * camera.scale);
      }
      for (const box of scene.boxes) drawBox(camera, box);
      const chosen = scene.boxes.find((b) => b.selected && b.kind === 'own');
      if (chosen !== undefined && scene.showHandles)
        for (const handle of handles) {
          const at = toStage(camera, handlePoint(chosen, handle));
          c.fillStyle = '#fff';
          c.strokeStyle = chosen.color;
          c.lineWidth = 1.5;
          c.fillRect(at.x - style.handle / 2, at.y - style.handle / 2, style.handle, style.handle);
          c.strokeRect(at.x - style.handle / 2, at.y - style.handle / 2, style.handle, style.handle);
        }
      if (scene.draft !== null) {
        const box = onStage(camera, scene.draft);
        c.strokeStyle = scene.draft.color;
        c.lineWidth = style.line;
        c.strokeRect(box.x, box.y, box.width, box.height);
      }
      drawGuides(c, camera, scene, size);
    },
    destroy: () => canvas.remove(),
  };
}

function drawGuides(c: CanvasRenderingContext2D, camera: Camera, scene: Scene, size: Size): void {
  if (scene.crosshair !== null) {
    const at = toStage(camera, scene.crosshair);
    c.globalAlpha = 0.55;
    c.fillStyle = '#ffffff';
    c.fillRect(0, at.y - 0.5, size.width, 1);
    c.fillRect(at.x - 0.5, 0, 1, size.height);
    c.fillStyle = '#000000';
    c.fillRect(0, at.y + 0.5, size.width, 1);
    c.fillRect(at.x + 0.5, 0, 1, size.height);
    c.globalAlpha = 1;
  }
}
