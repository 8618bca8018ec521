import { z } from 'zod';
import { instant, projectId, userId } from './ids.ts';
import { labelSchema } from './label-schema.ts';

/** `blind`: own layer only; `open`: all layers; `blind-then-open`: blind until one's own submission. The server enforces it. */
export const visibility = z.enum(['blind', 'open', 'blind-then-open']);
export type Visibility = z.infer<typeof visibility>;

/** When a task is settled, asks one more person, or becomes a dispute. */
export const rules = z
  .strictObject({
    overlap: z.strictObject({ min: z.number().int().min(1).max(50), max: z.number().int().min(1).max(50) }),
    /** Mean pairwise agreement of the first `overlap.min` answers, given blind, 0..1, needed to settle without asking more people. */
    minAgreement: z.number().min(0).max(1),
    /** Confidence of the consensus, 0..1, needed to settle. */
    minConfidence: z.number().min(0).max(1),
    consensus: z.enum(['majority', 'weighted']),
    leaseMs: z.number().int().min(1000).max(86_400_000),
  })
  .refine((r) => r.overlap.max >= r.overlap.min, {
    path: ['overlap', 'max'],
    message: 'max overlap is below min overlap',
  });
export type Rules = z.infer<typeof rules>;

/** How many answers a task wants: as the rules say, and at least as many as a lead asked for. */
export function overlapOf(rules: Rules, least = 0): Rules['overlap'] {
  return { min: Math.max(rules.overlap.min, least), max: Math.max(rules.overlap.max, least) };
}

export const defaultRules: Rules = {
  overlap: { min: 2, max: 3 },
  minAgreement: 0.6,
  minConfidence: 0.6,
  consensus: 'majority',
  leaseMs: 15 * 60_000,
};

export const project = z.strictObject({
  id: projectId,
  name: z.string().trim().min(1).max(120),
  description: z.string().max(1000),
  schema: labelSchema,
  /** Markdown, sanitised where it is shown. */
  guidelines: z.string().max(100_000),
  guidelinesVersion: z.number().int().positive(),
  visibility,
  /** Whether annotators see model suggestions while they label. */
  suggestions: z.boolean(),
  rules,
  queueOrder: z.enum(['sequential', 'uncertainty']),
  /** Train a new classifier after this many newly finalized items; 0: never. */
  retrainEvery: z.number().int().min(0).max(1_000_000),
  /** Where the data came from and under which licence; shown with the project, carried into exports. */
  attribution: z.string().max(5000),
  archived: z.boolean(),
  createdBy: userId,
  createdAt: instant,
});
export type Project = z.infer<typeof project>;
