import { z } from 'zod';
import { assetId, instant, projectId } from './ids.ts';
import { json } from './json.ts';

/** A file held by content hash. Dimensions in pixels, for images. */
export const blobRef = z.strictObject({
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  mime: z.string(),
  name: z.string().max(300),
  width: z.number().int().positive().optional(),
  height: z.number().int().positive().optional(),
});
export type BlobRef = z.infer<typeof blobRef>;

/** One raw item; immutable. Its id comes from project and content, so the same content twice is one asset. */
export const asset = z.strictObject({
  id: assetId,
  projectId,
  /** SHA-256 of the content (canonical JSON of `data`, or the file's bytes). */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** The task's number in the project, for joins in order. */
  seq: z.number().int().positive(),
  /** What the modality's asset schema parses: {text}, {prompt, a, b}, or {} beside a blob. */
  data: z.record(z.string(), json),
  blob: blobRef.optional(),
  /** Other columns of the import row, kept as they came. */
  meta: z.record(z.string(), json),
  createdAt: instant,
});
export type Asset = z.infer<typeof asset>;
