import onnxProto from 'onnx-proto';
import { BUCKETS } from './features.ts';
import type { LinearModel } from './logistic-regression.ts';

// CommonJS: Node finds no named exports in it.
const { onnx } = onnxProto;
const FLOAT = onnx.TensorProto.DataType.FLOAT;
const OPSET = 13;

function floats(name: string, dims: number[], data: Float32Array) {
  return {
    name,
    dims,
    dataType: FLOAT,
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

function port(name: string, columns: number) {
  return {
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: [{ dimParam: 'n' }, { dimValue: columns }] } } },
  };
}

/**
 * A linear model as an ONNX file: input `features` (n × BUCKETS), output `probabilities` (n × classes),
 * probabilities = Softmax(features · W + b). Class names are in the metadata, so that the file stands alone.
 */
export function writeOnnx(model: LinearModel): Uint8Array {
  const k = model.classes.length;
  const file = onnx.ModelProto.create({
    irVersion: 8,
    producerName: 'concord',
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: [
      { key: 'concord.classes', value: JSON.stringify(model.classes) },
      { key: 'concord.features', value: `hashed-ngrams-1-2/${BUCKETS}` },
    ],
    graph: {
      name: 'text-classifier',
      node: [
        { opType: 'Gemm', input: ['features', 'weights', 'biases'], output: ['scores'] },
        {
          opType: 'Softmax',
          input: ['scores'],
          output: ['probabilities'],
          attribute: [{ name: 'axis', type: onnx.AttributeProto.AttributeType.INT, i: 1 }],
        },
      ],
      initializer: [floats('weights', [BUCKETS, k], model.weights), floats('biases', [k], model.biases)],
      input: [port('features', BUCKETS)],
      output: [port('probabilities', k)],
    },
  });
  return onnx.ModelProto.encode(file).finish();
}

/** The class names in a file made by `writeOnnx`. Throws when it is not one. */
export function readClasses(file: Uint8Array): readonly string[] {
  const props = onnx.ModelProto.decode(file).metadataProps;
  const classes = props.find((p) => p.key === 'concord.classes')?.value;
  const kind = props.find((p) => p.key === 'concord.features')?.value;
  if (!classes || kind !== `hashed-ngrams-1-2/${BUCKETS}`)
    throw new TypeError('not a text classifier made by this version of Concord');
  return JSON.parse(classes) as string[];
}
