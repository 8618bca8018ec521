import { z } from 'zod';
import { annotation } from '../records/annotation.ts';
import { asset } from '../records/asset.ts';
import { finalization } from '../records/finalization.ts';
import { instant, layerId, projectId, taskId } from '../records/ids.ts';
import { project } from '../records/project.ts';
import { submission } from '../records/submission.ts';
import { task } from '../records/task.ts';
import { publicUser } from '../records/user.ts';

/** Volume and state of a project, from counters. */
export const projectSummary = z.strictObject({
  project,
  tasks: z.number().int(),
  open: z.number().int(),
  disputed: z.number().int(),
  finalized: z.number().int(),
  submissions: z.number().int(),
});
export type ProjectSummary = z.infer<typeof projectSummary>;

const coefficient = z.number().nullable();

/** The live figures of a project. Every figure is null where it is undefined (never 0 or 1 in its stead). */
export const projectQuality = z.strictObject({
  /** Mean of the items' agreement, over items with two or more blind submissions. */
  itemAgreement: coefficient,
  items: z.number().int(),
  /** Nominal coefficients on the modality's category (classification and preference); null for regions. */
  alpha: coefficient,
  fleiss: coefficient,
  ac1: coefficient,
  /** Submissions by class of the answer. */
  classes: z.array(z.strictObject({ name: z.string(), votes: z.number().int(), final: z.number().int() })),
  /** Items by agreement, ten equal bins from 0 to 1. */
  histogram: z.array(z.number().int()).length(10),
});
export type ProjectQuality = z.infer<typeof projectQuality>;

/** How far two people agree: Cohen's kappa on the items that both answered blind. */
export const pairAgreement = z.strictObject({
  a: z.string(),
  b: z.string(),
  kappa: coefficient,
  items: z.number().int(),
});
export type PairAgreement = z.infer<typeof pairAgreement>;

/** The pairs that agree least, lowest kappa first, and how many pairs met. */
export const pairAgreements = z.strictObject({ items: z.array(pairAgreement), total: z.number().int() });
export type PairAgreements = z.infer<typeof pairAgreements>;

/** Submissions and finalizations per hour, oldest first; hours without any are present as 0. */
export const throughput = z.strictObject({
  hours: z.array(z.strictObject({ at: instant, submissions: z.number().int(), finalized: z.number().int() })),
});
export type Throughput = z.infer<typeof throughput>;

export const modelFigures = z.strictObject({
  id: z.string(),
  name: z.string(),
  version: z.number().int(),
  kind: z.string(),
  trainedOn: z.number().int(),
  finalized: z.number().int(),
  accuracy: z.number().nullable(),
  /** Whether its file is here. */
  hasFile: z.boolean(),
  updatedAt: instant,
  /** Of suggestions shown to people who then submitted. */
  accepted: z.number().int(),
  edited: z.number().int(),
  rejected: z.number().int(),
});
export type ModelFigures = z.infer<typeof modelFigures>;

/** One person's work in a project, or in all. */
export const annotatorFigures = z.strictObject({
  user: publicUser,
  submissions: z.number().int(),
  /** Of settled items, how often their answer equalled the settled one (Beta(1+right, 1+wrong) mean and 95 % interval). */
  settled: z.number().int(),
  right: z.number().int(),
  reliability: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  meanLeadTimeMs: z.number().nullable(),
  lastAt: instant.nullable(),
});
export type AnnotatorFigures = z.infer<typeof annotatorFigures>;

export const disputeItem = z.strictObject({
  taskId,
  projectId,
  projectName: z.string(),
  modality: z.string(),
  preview: z.string(),
  agreement: z.number().nullable(),
  confidence: z.number().nullable(),
  submissions: z.number().int(),
  disputedAt: instant,
});
export type DisputeItem = z.infer<typeof disputeItem>;

/** Somebody who may be named on a task's page, and whether they take part in it (only told to who is not blind). */
export const roomPerson = publicUser.extend({ takesPart: z.boolean() });
export type RoomPerson = z.infer<typeof roomPerson>;

export const handItem = z.strictObject({
  taskId,
  taskSeq: z.number().int(),
  projectId,
  projectName: z.string(),
  modality: z.string(),
  preview: z.string(),
  user: publicUser,
  /** Why, or ''. */
  text: z.string(),
  raisedAt: instant,
});
export type HandItem = z.infer<typeof handItem>;

export const notificationItem = z.strictObject({
  id: z.string(),
  kind: z.enum(['mention', 'reply']),
  by: publicUser,
  taskId,
  taskSeq: z.number().int(),
  projectId,
  projectName: z.string(),
  preview: z.string(),
  layer: layerId,
  comment: z.string(),
  /** How its person enters the room to read it. */
  mode: z.enum(['annotate', 'review']),
  at: instant,
  unread: z.boolean(),
});
export type NotificationItem = z.infer<typeof notificationItem>;

/** What a labelling or review page needs of a task besides its room. Claims are the caller's own for annotators. */
export const taskDetail = z.strictObject({
  task,
  asset,
  project,
  /** Only for super-reviewers and above: everybody's standing submissions, and the settled answers, newest last. */
  submissions: z.array(submission.extend({ name: z.string() })).optional(),
  finalizations: z.array(finalization).optional(),
  /** How a settled task was settled, for who took part in it; `by` where a person decided. */
  settled: z.strictObject({ reason: z.string(), by: z.string().nullable(), at: instant }).optional(),
});
export type TaskDetail = z.infer<typeof taskDetail>;

/** What one program submits in a single call: an annotation as a whole, without a live room. */
export const submissionInput = z.strictObject({
  annotation,
  leadTimeMs: z.number().int().nonnegative().default(0),
});

export const suggestionInput = z.strictObject({
  taskId,
  annotation,
  /** Of the whole suggestion, 0..1. */
  score: z.number().min(0).max(1).nullable(),
  /** 0 (sure) .. 1 (no idea); orders the queue. */
  uncertainty: z.number().min(0).max(1),
});
export type SuggestionInput = z.infer<typeof suggestionInput>;

export const datasetSummary = z.strictObject({
  projectId,
  name: z.string(),
  branch: z.string(),
  head: z.string().nullable(),
  records: z.number().int(),
  commits: z.number().int(),
  updatedAt: instant.nullable(),
});
export type DatasetSummary = z.infer<typeof datasetSummary>;

export const commitSummary = z.strictObject({
  id: z.string(),
  parents: z.array(z.string()),
  message: z.string(),
  author: z.string(),
  at: instant,
  root: z.string(),
  stats: z.strictObject({
    added: z.number().int(),
    changed: z.number().int(),
    removed: z.number().int(),
    total: z.number().int(),
  }),
});
export type CommitSummary = z.infer<typeof commitSummary>;

/** An event that a consumer could not read or use. What it says of itself is null where that cannot be read. */
export const deadLetter = z.strictObject({
  consumer: z.string(),
  position: z.number().int(),
  id: z.string().nullable(),
  type: z.string().nullable(),
  projectId: z.string().nullable(),
  reason: z.string(),
  at: instant,
  /** The event as the bus holds it. */
  body: z.string(),
});
export type DeadLetterItem = z.infer<typeof deadLetter>;
