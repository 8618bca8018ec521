import { z } from 'zod';
import { assetId, instant, modelId, projectId, taskId, userId } from './ids.ts';

/** One person's hold on a task. `active` counts against the overlap until `until` passes. */
export const claim = z.strictObject({
  userId,
  state: z.enum(['active', 'submitted', 'skipped']),
  at: instant,
  until: instant,
});
export type Claim = z.infer<typeof claim>;

export const taskState = z.enum(['open', 'disputed', 'finalized']);
export type TaskState = z.infer<typeof taskState>;

/** What the newest model said, in short, for the table and for ordering the queue. */
export const suggestionSummary = z.strictObject({
  modelId,
  version: z.number().int(),
  label: z.string().nullable(),
  score: z.number().nullable(),
  /** 0 (sure) .. 1 (no idea). */
  uncertainty: z.number().min(0).max(1),
});

/** One asset to be labelled in one project. */
export const task = z.strictObject({
  id: taskId,
  projectId,
  assetId,
  /** 1, 2, … in the project. */
  seq: z.number().int().positive(),
  state: taskState,
  /** 1 while one more person may claim it (a state of the queue index), else 0. */
  queue: z.union([z.literal(0), z.literal(1)]),
  /** 1 for tasks a lead put at the head of the queue, else 0. */
  priority: z.number().int().min(0).max(1),
  /** Queue order, smaller first; see workflow/queue.ts. */
  rank: z.number(),
  /** How many submissions are wanted at present; within `overlapOf`. */
  target: z.number().int().positive(),
  /** So many submissions a lead asked for at the least, whatever the rules say; absent: as the rules say. */
  least: z.number().int().positive().optional(),
  claims: z.array(claim),
  /** When the first active claim ends; null with none. */
  leaseUntil: instant.nullable(),
  /** Submissions that stand. */
  submissions: z.number().int().nonnegative(),
  agreement: z.number().nullable(),
  confidence: z.number().nullable(),
  /** The consensus or settled answer in a word, for tables. */
  answer: z.string().nullable(),
  /** First characters of the text, or the file's name. */
  preview: z.string().max(200),
  /** 0 until first settled, then 1, 2, … */
  revision: z.number().int().nonnegative(),
  suggestion: suggestionSummary.nullable(),
  disputedAt: instant.nullable(),
  finalizedAt: instant.nullable(),
  createdAt: instant,
});
export type Task = z.infer<typeof task>;
