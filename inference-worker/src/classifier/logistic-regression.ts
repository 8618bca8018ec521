import { BUCKETS, features } from './features.ts';

export interface Example {
  readonly text: string;
  readonly label: string;
}

/** Weights are BUCKETS × classes, row-major; biases one a class. */
export interface LinearModel {
  readonly classes: readonly string[];
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

const EPOCHS = 30;
const RATE = 0.5;
const L2 = 1e-5;

/**
 * Multinomial logistic regression by AdaGrad (Duchi, Hazan, Singer 2011) over the examples in a fixed shuffled order,
 * so that the same examples give the same model. Throws a RangeError with fewer than two classes.
 */
export function train(examples: readonly Example[]): LinearModel {
  const classes = [...new Set(examples.map((e) => e.label))].sort();
  if (classes.length < 2) throw new RangeError('training needs examples of at least two classes');
  const k = classes.length;
  const weights = new Float32Array(BUCKETS * k);
  const biases = new Float32Array(k);
  const squares = new Float32Array(BUCKETS * k);
  const biasSquares = new Float32Array(k);
  const rows = examples.map((e) => ({ x: [...features(e.text)], y: classes.indexOf(e.label) }));
  const order = rows.map((_, i) => i);
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 4294967296;
  };
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (const index of order) {
      const { x, y } = rows[index]!;
      const p = softmax(scores(x, weights, biases, k));
      for (let c = 0; c < k; c++) {
        const error = p[c]! - (c === y ? 1 : 0);
        biasSquares[c]! += error * error;
        biases[c]! -= (RATE * error) / Math.sqrt(biasSquares[c]! + 1e-8);
        for (const [bucket, value] of x) {
          const at = bucket * k + c;
          const gradient = error * value + L2 * weights[at]!;
          squares[at]! += gradient * gradient;
          weights[at]! -= (RATE * gradient) / Math.sqrt(squares[at]! + 1e-8);
        }
      }
    }
  }
  return { classes, weights, biases };
}

function scores(
  x: readonly (readonly [number, number])[],
  weights: Float32Array,
  biases: Float32Array,
  k: number,
): Float64Array {
  const out = Float64Array.from(biases);
  for (const [bucket, value] of x) for (let c = 0; c < k; c++) out[c]! += value * weights[bucket * k + c]!;
  return out;
}

function softmax(values: Float64Array): Float64Array {
  const top = Math.max(...values);
  const exps = values.map((v) => Math.exp(v - top));
  const sum = exps.reduce((a, b) => a + b, 0);
  return exps.map((v) => v / sum);
}

/** Class probabilities of one text, in the order of `model.classes`. The ONNX form gives the same to float precision. */
export function predict(model: LinearModel, text: string): readonly number[] {
  return [...softmax(scores([...features(text)], model.weights, model.biases, model.classes.length))];
}

/** Share of right answers when each fifth is predicted by a model trained on the rest; null where a rest has one class only. */
export function crossValidated(examples: readonly Example[]): number | null {
  const folds = 5;
  if (examples.length < folds * 2) return null;
  let right = 0;
  for (let fold = 0; fold < folds; fold++) {
    const rest = examples.filter((_, i) => i % folds !== fold);
    if (new Set(rest.map((e) => e.label)).size < 2) return null;
    const model = train(rest);
    examples.forEach((e, i) => {
      if (i % folds !== fold) return;
      const p = predict(model, e.text);
      if (model.classes[p.indexOf(Math.max(...p))] === e.label) right += 1;
    });
  }
  return right / examples.length;
}
