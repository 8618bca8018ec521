import type { AssetFacts, Modality } from '../modalities/modality.ts';
import { type LabelSchema, labelSchema } from '../records/label-schema.ts';

/** The schema a new project of this modality starts with. */
export function schemaFor(modality: Modality, more: Partial<LabelSchema> = {}): LabelSchema {
  return labelSchema.parse({ modality: modality.name, classes: modality.defaultClasses, ...more });
}

/** An asset that any of the modalities can work on; the text has characters of one and of two UTF-16 units. */
export const anyAsset: AssetFacts = {
  data: {
    text: 'Ada Lovelace met Charles Babbage in London 🎩 and wrote the first program.',
    prompt: 'Who wrote the first program?',
    a: 'Ada Lovelace.',
    b: 'Nobody knows.',
  },
  width: 640,
  height: 480,
};

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
