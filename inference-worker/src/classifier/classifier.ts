import { openModel, tensor } from '../runtime.ts';
import { BUCKETS, denseFeatures } from './features.ts';
import { readClasses } from './onnx-file.ts';

export interface Guess {
  readonly label: string;
  /** Probability of the label, 0..1. */
  readonly score: number;
  /** Entropy of the distribution over its maximum, 0 (sure) .. 1 (no idea). */
  readonly uncertainty: number;
}

export interface Classifier {
  /** One guess a text, in order. */
  classify(texts: readonly string[]): Promise<readonly Guess[]>;
  close(): Promise<void>;
}

/** Runs a text classifier from its ONNX file. */
export async function createClassifier(file: Uint8Array): Promise<Classifier> {
  const classes = readClasses(file);
  const session = await openModel(file);
  const k = classes.length;
  return {
    async classify(texts) {
      if (texts.length === 0) return [];
      const output = await session.run({
        features: await tensor(denseFeatures(texts), [texts.length, BUCKETS]),
      });
      const p = output['probabilities']!.data as Float32Array;
      return texts.map((_, row) => {
        const probabilities = Array.from(p.subarray(row * k, (row + 1) * k));
        const score = Math.max(...probabilities);
        const entropy = probabilities.reduce((sum, q) => (q > 0 ? sum - q * Math.log(q) : sum), 0);
        return {
          label: classes[probabilities.indexOf(score)]!,
          score: clamp(score),
          uncertainty: clamp(entropy / Math.log(k)),
        };
      });
    },
    close: () => session.release(),
  };
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));
