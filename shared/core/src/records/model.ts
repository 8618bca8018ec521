import { z } from 'zod';
import { instant, modelId, projectId, userId } from './ids.ts';

/** One model of one project; a retrained one is a new version of the same id's record. */
export const model = z.strictObject({
  id: modelId,
  projectId,
  name: z.string().min(1).max(80),
  version: z.number().int().positive(),
  kind: z.enum(['text-classifier', 'text-detector', 'external']),
  /** SHA-256 of the ONNX file, where Concord holds it. */
  blobHash: z.string().nullable(),
  /** Finalized items it was trained on, and its cross-validated accuracy, where known. */
  trainedOn: z.number().int().nonnegative(),
  /** How many items the project had finalized when it was trained: more than it was trained on where not all were taken. */
  finalized: z.number().int().nonnegative().optional(),
  accuracy: z.number().min(0).max(1).nullable(),
  createdBy: userId,
  updatedAt: instant,
});
export type Model = z.infer<typeof model>;
