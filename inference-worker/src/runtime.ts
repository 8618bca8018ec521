import type { InferenceSession } from 'onnxruntime-node';

/** Opens a model on the CPU with one thread: the rooms come first on small machines. The runtime is loaded when first needed. */
export async function openModel(file: string | Uint8Array): Promise<InferenceSession> {
  const ort = await import('onnxruntime-node');
  const options = {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    enableCpuMemArena: false,
    enableMemPattern: false,
  } as const;
  return typeof file === 'string'
    ? ort.InferenceSession.create(file, options)
    : ort.InferenceSession.create(file, options);
}

export async function tensor(data: Float32Array, dims: readonly number[]) {
  const ort = await import('onnxruntime-node');
  return new ort.Tensor('float32', data, dims);
}
