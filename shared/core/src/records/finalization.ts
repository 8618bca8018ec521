import { z } from 'zod';
import { annotation } from './annotation.ts';
import { assetId, instant, modelId, projectId, taskId, userId } from './ids.ts';

/** How a task was settled. */
export const settledBy = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('consensus'),
    method: z.enum(['majority', 'weighted']),
    reason: z.string(),
  }),
  z.strictObject({
    kind: z.literal('decision'),
    userId,
    reason: z.string(),
    /** Who was in the room. */
    present: z.array(userId),
    spentMs: z.number().int().nonnegative(),
    /** Whose answer it started from, where one was taken as a start. */
    basedOn: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('import'), reason: z.string() }),
]);
export type SettledBy = z.infer<typeof settledBy>;

/** One participant's part of a settled item. */
export const contribution = z.strictObject({
  submissionId: z.string(),
  userId,
  /** Sign-in name at that time, so that exports read well. */
  name: z.string(),
  annotation,
  blind: z.boolean(),
  /** What they had said before they could see others' work, where `annotation` was not given blind. */
  blindAnswer: annotation.optional(),
  leadTimeMs: z.number().int().nonnegative(),
  at: instant,
});
export type Contribution = z.infer<typeof contribution>;

/** A task's settled answer. The id is `<task>:<revision>`, which is also its event's id. Immutable. */
export const finalization = z.strictObject({
  id: z.string(),
  taskId,
  projectId,
  assetId,
  assetHash: z.string(),
  taskSeq: z.number().int().positive(),
  revision: z.number().int().positive(),
  answer: annotation,
  agreement: z.number().nullable(),
  confidence: z.number().nullable(),
  settledBy,
  contributions: z.array(contribution),
  /** What models had suggested, with their versions. */
  suggestions: z.array(z.strictObject({ modelId, version: z.number().int(), annotation })),
  schemaVersion: z.number().int().positive(),
  guidelinesVersion: z.number().int().positive(),
  /** Range of sequence numbers in the room's log that led here, both inclusive; 0,0 without a room. */
  ops: z.strictObject({ from: z.number().int(), to: z.number().int() }),
  at: instant,
});
export type Finalization = z.infer<typeof finalization>;
