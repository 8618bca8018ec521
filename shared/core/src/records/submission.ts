import { z } from 'zod';
import { type Annotation, annotation } from './annotation.ts';
import { instant, projectId, submissionId, taskId, userId } from './ids.ts';

/** A layer declared finished: an immutable snapshot of it. A newer one of the same person supersedes it. */
export const submission = z.strictObject({
  id: submissionId,
  taskId,
  projectId,
  taskSeq: z.number().int().positive(),
  userId,
  annotation,
  /** False when the person could see others' layers before submitting; such submissions never count for agreement. */
  blind: z.boolean(),
  /** What they had submitted last before they could see others' layers, where this one is not blind: it counts for agreement. */
  blindAnswer: annotation.optional(),
  schemaVersion: z.number().int().positive(),
  guidelinesVersion: z.number().int().positive(),
  /** The room's sequence number of the submit. 0 for imported ones. */
  roomSeq: z.number().int().nonnegative(),
  leadTimeMs: z.number().int().nonnegative(),
  at: instant,
  /** `superseded` or `withdrawn` ones stay in the history and count nowhere. */
  state: z.enum(['standing', 'superseded', 'withdrawn']),
  origin: z.enum(['room', 'api', 'import']),
  /** How it took each model's suggestions, by model id; kept so that it can be taken back exactly. */
  taken: z
    .record(
      z.string(),
      z.strictObject({
        accepted: z.number().int().nonnegative(),
        edited: z.number().int().nonnegative(),
        rejected: z.number().int().nonnegative(),
      }),
    )
    .optional(),
});
export type Submission = z.infer<typeof submission>;

/** What the author said before they could see others' work; null when they never submitted blind. */
export function saidBlind(s: Pick<Submission, 'annotation' | 'blind' | 'blindAnswer'>): Annotation | null {
  return s.blind ? s.annotation : (s.blindAnswer ?? null);
}
