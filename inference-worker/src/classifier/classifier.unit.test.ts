import { describe, expect, it } from 'vitest';
import { createClassifier } from './classifier.ts';
import { BUCKETS, features } from './features.ts';
import { crossValidated, type Example, predict, train } from './logistic-regression.ts';
import { readClasses, writeOnnx } from './onnx-file.ts';

const spam = [
  'win a free prize now',
  'free credit offer, click here',
  'limited offer: free money',
  'click to win your prize',
  'cheap credit, free of charge',
];
const ham = [
  'the meeting moves to monday',
  'please review the attached report',
  'lunch on monday?',
  'the report for the meeting',
  'notes from our review',
];
const examples: Example[] = spam.flatMap((text, i) => [
  { text, label: 'spam' },
  { text: ham[i]!, label: 'ham' },
]);

describe('text classifier', () => {
  it('turns a text into a vector of unit length in the buckets', () => {
    const vector = features('Free, free prize!');
    const length = [...vector.values()].reduce((sum, v) => sum + v * v, 0);
    expect(length).toBeCloseTo(1, 12);
    expect(Math.max(...vector.keys())).toBeLessThan(BUCKETS);
    expect(features('')).toEqual(new Map());
  });

  it('gives the same model for the same examples, and tells the classes apart', () => {
    const model = train(examples);
    expect(train(examples)).toEqual(model);
    expect(model.classes).toEqual(['ham', 'spam']);
    expect(predict(model, 'a free prize, click now')[1]).toBeGreaterThan(0.7);
    expect(predict(model, 'the monday meeting report')[0]).toBeGreaterThan(0.7);
  });

  it('refuses to train on one class', () => {
    expect(() => train([{ text: 'a', label: 'x' }])).toThrow(RangeError);
  });

  it('measures itself on items it was not trained on, and says null where that has no meaning', () => {
    expect(crossValidated(examples)).toBeGreaterThan(0.5);
    expect(crossValidated(examples.slice(0, 4))).toBeNull();
  });

  it('writes an ONNX file that onnxruntime runs to the same probabilities', async () => {
    const model = train(examples);
    const file = writeOnnx(model);
    expect(readClasses(file)).toEqual(['ham', 'spam']);
    const classifier = await createClassifier(file);
    const texts = ['a free prize, click now', 'the monday meeting report', ''];
    const guesses = await classifier.classify(texts);
    texts.forEach((text, i) => {
      const p = predict(model, text);
      expect(guesses[i]!.score).toBeCloseTo(Math.max(...p), 5);
      expect(guesses[i]!.label).toBe(model.classes[p.indexOf(Math.max(...p))]);
    });
    expect(guesses[0]!.uncertainty).toBeLessThan(guesses[2]!.uncertainty);
    await classifier.close();
  });

  it('refuses a file that is not its own', () => {
    expect(() => readClasses(new Uint8Array())).toThrow(TypeError);
  });
});
