import { z } from 'zod';
import { annotation } from '../records/annotation.ts';
import { auditEntry } from '../records/audit.ts';
import { finalization } from '../records/finalization.ts';
import { instant } from '../records/ids.ts';
import { encoding, importJob } from '../records/import.ts';
import { json } from '../records/json.ts';
import { labelSchema } from '../records/label-schema.ts';
import { model } from '../records/model.ts';
import { node } from '../records/node.ts';
import { project, rules, visibility } from '../records/project.ts';
import { submission } from '../records/submission.ts';
import { task, taskState } from '../records/task.ts';
import { invite, publicUser, type Role, role } from '../records/user.ts';
import {
  annotatorFigures,
  commitSummary,
  datasetSummary,
  deadLetter,
  disputeItem,
  handItem,
  modelFigures,
  notificationItem,
  pairAgreements,
  projectQuality,
  projectSummary,
  roomPerson,
  submissionInput,
  suggestionInput,
  taskDetail,
  throughput,
} from './resources.ts';

/**
 * The HTTP surface under /api/v1 as one table. From it come the server's parsing and authorisation, the OpenAPI
 * document and the typed client. The server refuses to start when a route has no handler.
 *
 * `access`: `public`, `signed-in`, or the roles that may call it (admin always may).
 * `raw` routes answer with bytes or a stream instead of JSON; `rawBody` ones take bytes.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly access: 'public' | 'signed-in' | readonly Role[];
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response?: z.ZodType;
  readonly raw?: string;
  readonly rawBody?: boolean;
  /** Takes an `Idempotency-Key` header: the same key answers with the first result. */
  readonly idempotent?: boolean;
}

const pageQuery = {
  after: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
};
const paged = <S extends z.ZodType>(item: S) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });
const password = z.string().min(10, 'use at least 10 characters').max(200);
const label = z.string().trim().min(1).max(80);
const newLink = z.strictObject({ token: z.string(), path: z.string(), expiresAt: instant });

const staff = ['lead'] as const;
const reviewers = ['super-reviewer', 'lead'] as const;
const labellers = ['annotator', 'super-reviewer', 'lead'] as const;
const readers = ['lead', 'consumer'] as const;

const shownColumns = z.array(z.string().trim().min(1).max(200)).max(50);

export const projectInput = z.strictObject({
  name: z.string().trim().min(1).max(120),
  description: z.string().max(1000).default(''),
  schema: labelSchema,
  guidelines: z.string().max(100_000).default(''),
  visibility: visibility.default('blind-then-open'),
  suggestions: z.boolean().default(true),
  shownColumns: shownColumns.optional(),
  rules: rules.optional(),
  queueOrder: z.enum(['sequential', 'uncertainty']).default('sequential'),
  retrainEvery: z.number().int().min(0).max(1_000_000).default(20),
  attribution: z.string().max(5000).default(''),
});
export const projectPatch = z
  .strictObject({
    name: z.string().trim().min(1).max(120),
    description: z.string().max(1000),
    schema: labelSchema,
    guidelines: z.string().max(100_000),
    visibility,
    suggestions: z.boolean(),
    shownColumns,
    rules,
    queueOrder: z.enum(['sequential', 'uncertainty']),
    retrainEvery: z.number().int().min(0).max(1_000_000),
    attribution: z.string().max(5000),
    archived: z.boolean(),
  })
  .partial();

export const exportFormat = z.enum(['jsonl', 'json', 'csv', 'parquet', 'label-studio']);

export const routes = {
  // People and sign-in
  'session.get': {
    method: 'GET',
    path: '/session',
    summary: 'Who am I',
    access: 'public',
    response: z.strictObject({ user: publicUser.nullable(), demo: z.boolean() }),
  },
  'session.create': {
    method: 'POST',
    path: '/session',
    summary: 'Sign in',
    access: 'public',
    body: z.strictObject({ name: z.string().max(64), password: z.string().max(200) }),
    response: z.strictObject({ user: publicUser }),
  },
  'session.delete': {
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    access: 'signed-in',
    response: z.strictObject({}),
  },
  'invites.get': {
    method: 'GET',
    path: '/invites/:invite',
    summary: 'What an invite link offers',
    access: 'public',
    response: z.strictObject({ role, label: z.string(), valid: z.boolean() }),
  },
  'invites.accept': {
    method: 'POST',
    path: '/invites/:invite',
    summary: 'Accept an invite: make an account and sign in',
    access: 'public',
    body: z.strictObject({ name: z.string().max(64), display: label, password }),
    response: z.strictObject({ user: publicUser }),
  },
  'invites.create': {
    method: 'POST',
    path: '/invites',
    summary: 'Make an invite link',
    access: staff,
    body: z.strictObject({
      role: z.enum(['annotator', 'super-reviewer', 'lead', 'admin']),
      label: label.default('invite'),
      days: z.number().int().min(1).max(90).default(7),
    }),
    response: newLink,
  },
  'invites.list': {
    method: 'GET',
    path: '/invites',
    summary: 'Invite links, newest first; the links themselves are shown only when they are made',
    access: staff,
    query: z.object(pageQuery),
    response: paged(invite),
  },
  'invites.revoke': {
    method: 'DELETE',
    path: '/invites/:invite',
    summary: 'Take an invite back, by its id: its link lets nobody in any more',
    access: staff,
    response: z.strictObject({}),
  },
  'password.change': {
    method: 'POST',
    path: '/password',
    summary: 'Change my password; my other sessions end, my keys stay',
    access: 'signed-in',
    body: z.strictObject({ currentPassword: z.string().max(200), password }),
    response: z.strictObject({}),
  },
  'resets.create': {
    method: 'POST',
    path: '/users/:user/resets',
    summary:
      'Make a link with which somebody sets a new password, once, within a day; earlier ones stop working',
    access: [],
    response: newLink,
  },
  'resets.get': {
    method: 'GET',
    path: '/resets/:token',
    summary: 'Whose password a link sets',
    access: 'public',
    response: z.strictObject({ name: z.string(), display: z.string(), valid: z.boolean() }),
  },
  'resets.accept': {
    method: 'POST',
    path: '/resets/:token',
    summary: 'Set a new password with a link, and sign in; all other sessions end',
    access: 'public',
    body: z.strictObject({ password }),
    response: z.strictObject({ user: publicUser }),
  },
  'users.list': {
    method: 'GET',
    path: '/users',
    summary: 'People and programs',
    access: reviewers,
    query: z.object(pageQuery),
    response: paged(publicUser),
  },
  'users.create': {
    method: 'POST',
    path: '/users',
    summary: 'Add a person or a program; answers with an API key',
    access: [],
    body: z.strictObject({
      name: z.string().max(64),
      display: label.optional(),
      role,
      password: password.optional(),
    }),
    response: z.strictObject({ user: publicUser, key: z.string() }),
  },
  'users.update': {
    method: 'PATCH',
    path: '/users/:user',
    summary: 'Change role, name or whether they may sign in',
    access: [],
    body: z.strictObject({
      role: role.optional(),
      display: label.optional(),
      active: z.boolean().optional(),
    }),
    response: publicUser,
  },
  'keys.list': {
    method: 'GET',
    path: '/keys',
    summary: 'My API keys',
    access: 'signed-in',
    response: z.strictObject({
      items: z.array(
        z.strictObject({ id: z.string(), label: z.string(), hint: z.string(), createdAt: instant }),
      ),
    }),
  },
  'keys.create': {
    method: 'POST',
    path: '/keys',
    summary: 'Make an API key of mine; shown once',
    access: 'signed-in',
    body: z.strictObject({ label }),
    response: z.strictObject({ id: z.string(), key: z.string() }),
  },
  'keys.delete': {
    method: 'DELETE',
    path: '/keys/:key',
    summary: 'Revoke a key',
    access: 'signed-in',
    response: z.strictObject({}),
  },
  'notifications.list': {
    method: 'GET',
    path: '/notifications',
    summary:
      'Comments that mention the caller or reply to one of theirs, newest first, as far as they may see them',
    access: 'signed-in',
    query: z.object({ ...pageQuery, unread: z.stringbool().default(false) }),
    response: paged(notificationItem).extend({
      /** How many are unread; counting ends at 100. */
      unread: z.number().int(),
    }),
  },
  'notifications.read': {
    method: 'POST',
    path: '/notifications/read',
    summary: 'Mark notifications as read: these, or all that the caller can see',
    access: 'signed-in',
    body: z.strictObject({ ids: z.array(z.string().max(300)).max(500).optional() }).default({}),
    response: z.strictObject({ unread: z.number().int() }),
  },
  'audit.list': {
    method: 'GET',
    path: '/audit',
    summary: 'Who did what, newest first',
    access: staff,
    query: z.object(pageQuery),
    response: paged(auditEntry),
  },

  // Projects
  'nodes.list': {
    method: 'GET',
    path: '/admin/nodes',
    summary: 'The server processes on this store, and what the one that answers stands on',
    access: [],
    response: z.strictObject({
      self: z.string(),
      items: z.array(node.pick({ id: true, url: true, state: true, reaching: true })),
      adapters: z.array(
        z.strictObject({
          adapter: z.string(),
          state: z.enum(['ok', 'retrying', 'down']),
          since: instant,
          error: z.string().nullable(),
        }),
      ),
    }),
  },
  'nodes.drain': {
    method: 'POST',
    path: '/admin/drain',
    summary: 'The process that answers hands its rooms over to the others, then stops',
    access: [],
    response: z.strictObject({ node: z.string(), rooms: z.number().int() }),
  },
  'projects.list': {
    method: 'GET',
    path: '/projects',
    summary: 'Projects with their volume, oldest first',
    access: 'signed-in',
    query: z.object({ ...pageQuery, archived: z.stringbool().default(false) }),
    response: paged(projectSummary),
  },
  'projects.create': {
    method: 'POST',
    path: '/projects',
    summary: 'New project',
    access: staff,
    body: projectInput,
    response: project,
    idempotent: true,
  },
  'projects.get': {
    method: 'GET',
    path: '/projects/:project',
    summary: 'One project; ETag is its revision',
    access: 'signed-in',
    response: projectSummary,
  },
  'projects.update': {
    method: 'PATCH',
    path: '/projects/:project',
    summary: 'Change a project (If-Match with its ETag is honoured)',
    access: staff,
    body: projectPatch,
    response: project,
  },
  'projects.quality': {
    method: 'GET',
    path: '/projects/:project/agreement',
    summary: 'Live agreement figures',
    access: reviewers,
    response: projectQuality,
  },
  'projects.pairs': {
    method: 'GET',
    path: '/projects/:project/agreement/pairs',
    summary:
      'Pairs of people by Cohen’s kappa, those that agree least first. Costs by the number of pairs: not for polling',
    access: reviewers,
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
    response: pairAgreements,
  },
  'projects.throughput': {
    method: 'GET',
    path: '/projects/:project/throughput',
    summary: 'Submissions and finalizations per hour',
    access: reviewers,
    query: z.object({ hours: z.coerce.number().int().min(1).max(720).default(48) }),
    response: throughput,
  },
  'projects.annotators': {
    method: 'GET',
    path: '/projects/:project/annotators',
    summary: 'Each person’s work and reliability',
    access: reviewers,
    response: z.strictObject({ items: z.array(annotatorFigures) }),
  },
  'projects.models': {
    method: 'GET',
    path: '/projects/:project/models',
    summary: 'Models and how people took their suggestions',
    access: [...reviewers, 'model'],
    response: z.strictObject({ items: z.array(modelFigures) }),
  },
  'samples.list': {
    method: 'GET',
    path: '/samples',
    summary: 'Sample projects that can be added',
    access: staff,
    response: z.strictObject({
      items: z.array(
        z.strictObject({
          name: z.string(),
          title: z.string(),
          description: z.string(),
          modality: z.string(),
          items: z.number().int(),
          attribution: z.string(),
          added: z.boolean(),
        }),
      ),
    }),
  },
  'samples.add': {
    method: 'POST',
    path: '/samples/:sample',
    summary: 'Add a sample project',
    access: staff,
    response: project,
  },

  // Data in
  'imports.create': {
    method: 'POST',
    path: '/projects/:project/imports',
    summary:
      'Import a file (the body is its bytes, streamed). CSV, TSV, JSON, JSONL, plain text, PNG, JPEG, WebP, zip of them, Label Studio JSON',
    access: staff,
    query: z.object({
      name: z.string().min(1).max(300),
      mapping: z.string().max(4000).optional().describe('JSON object: data field -> column name'),
      encoding: encoding.default('utf-8').describe('what the bytes mean, where no byte order mark says it'),
      wait: z
        .stringbool()
        .default(true)
        .describe('false: answer with the running job as soon as the whole body is here'),
    }),
    rawBody: true,
    response: importJob,
  },
  'imports.list': {
    method: 'GET',
    path: '/projects/:project/imports',
    summary: 'Imports, newest first',
    access: staff,
    query: z.object(pageQuery),
    response: paged(importJob),
  },
  'imports.get': {
    method: 'GET',
    path: '/imports/:import',
    summary: 'Progress of an import',
    access: staff,
    response: importJob,
  },
  'imports.errors': {
    method: 'GET',
    path: '/imports/:import/errors',
    summary: 'Every row that was refused, as JSON lines',
    access: staff,
    raw: 'application/x-ndjson',
  },
  'imports.preview': {
    method: 'POST',
    path: '/projects/:project/imports/preview',
    summary: 'Columns and first rows of a file’s beginning (send the first 256 kB)',
    access: staff,
    query: z.object({ name: z.string().min(1).max(300), encoding: encoding.default('utf-8') }),
    rawBody: true,
    response: z.strictObject({
      format: z.string(),
      columns: z.array(z.string()),
      rows: z.array(z.record(z.string(), z.unknown())),
      mapping: z.record(z.string(), z.string()),
      problems: z.array(z.string()),
    }),
  },

  // Tasks
  'tasks.list': {
    method: 'GET',
    path: '/projects/:project/tasks',
    summary: 'Tasks in order of their numbers',
    access: [...labellers, 'consumer'],
    query: z.object({
      ...pageQuery,
      state: taskState.optional(),
      q: z.string().max(200).optional(),
      answer: z.string().max(60).optional(),
      from: z.coerce.number().int().min(0).optional().describe('start after this number'),
    }),
    response: paged(task),
  },
  'tasks.create': {
    method: 'POST',
    path: '/projects/:project/tasks',
    summary: 'Add one inline asset as a task',
    access: staff,
    body: z.strictObject({
      data: z.record(z.string(), json),
      meta: z.record(z.string(), json).default({}),
    }),
    response: z.strictObject({ task, created: z.boolean() }),
    idempotent: true,
  },
  'tasks.prioritise': {
    method: 'POST',
    path: '/projects/:project/jobs',
    summary: 'Put chosen tasks at the head of the queue',
    access: staff,
    body: z.strictObject({
      tasks: z.array(z.string()).min(1).max(5000),
      extraOverlap: z.number().int().min(0).max(10).default(0),
    }),
    response: z.strictObject({
      queued: z.number().int(),
      left: z.array(z.strictObject({ task: z.string(), why: z.string() })),
    }),
  },
  'tasks.next': {
    method: 'POST',
    path: '/projects/:project/next',
    summary: 'Claim the next task I have not done; 404 queue.empty when there is none',
    access: labellers,
    body: z.strictObject({ not: z.string().optional().describe('a task not to give') }).default({}),
    response: taskDetail,
  },
  'tasks.get': {
    method: 'GET',
    path: '/tasks/:task',
    summary:
      'One task as the caller may see it; a reviewer who is shown others’ labels does not label it blind',
    access: [...labellers, 'model'],
    query: z.object({
      to: z
        .enum(['annotate', 'review'])
        .default('review')
        .describe('to annotate it: without what others said'),
    }),
    response: taskDetail,
  },
  'tasks.release': {
    method: 'POST',
    path: '/tasks/:task/release',
    summary: 'Give my claim back',
    access: labellers,
    response: z.strictObject({}),
  },
  'tasks.reopen': {
    method: 'POST',
    path: '/tasks/:task/reopen',
    summary: 'Open a settled task again',
    access: reviewers,
    body: z.strictObject({ reason: z.string().trim().min(1).max(1000) }),
    response: task,
  },
  'tasks.history': {
    method: 'GET',
    path: '/tasks/:task/history',
    summary: 'The room’s log as the caller may see it',
    access: reviewers,
    response: z.strictObject({ entries: z.array(z.unknown()) }),
  },
  'tasks.people': {
    method: 'GET',
    path: '/tasks/:task/people',
    summary:
      'Whom the caller may name and mention here: reviewers and leads; who takes part, for callers who are not blind',
    access: labellers,
    response: z.strictObject({ items: z.array(roomPerson) }),
  },
  'submissions.create': {
    method: 'POST',
    path: '/tasks/:task/submissions',
    summary: 'Submit a whole annotation in one call (claims the task if need be)',
    access: labellers,
    body: submissionInput,
    response: z.strictObject({ submission, state: taskState }),
  },
  'submissions.list': {
    method: 'GET',
    path: '/tasks/:task/submissions',
    summary:
      'Submissions of a task: all for reviewers, who then do not label it blind; one’s own for annotators',
    access: labellers,
    response: z.strictObject({ items: z.array(submission) }),
  },
  'finalizations.list': {
    method: 'GET',
    path: '/projects/:project/finalizations',
    summary: 'Settled answers in order of time',
    access: [...readers, 'super-reviewer', 'model'],
    query: z.object({ ...pageQuery, assets: z.stringbool().default(false) }),
    response: paged(finalization.extend({ asset: z.unknown().optional() })),
  },
  'assets.content': {
    method: 'GET',
    path: '/assets/:asset/content',
    summary: 'The file itself, with ranges',
    access: [...labellers, 'model', 'consumer'],
    raw: 'application/octet-stream',
  },

  // Disputes
  'disputes.list': {
    method: 'GET',
    path: '/disputes',
    summary: 'Open disputes, oldest first',
    access: reviewers,
    query: z.object({ ...pageQuery, project: z.string().optional() }),
    response: paged(disputeItem),
  },
  'hands.list': {
    method: 'GET',
    path: '/hands',
    summary: 'Raised hands, newest first; without tasks that the caller is labelling blind',
    access: reviewers,
    query: z.object({ ...pageQuery, project: z.string().optional() }),
    response: paged(handItem),
  },
  'decisions.create': {
    method: 'POST',
    path: '/tasks/:task/decisions',
    summary: 'Settle a task with a reason',
    access: reviewers,
    body: z.strictObject({
      reason: z.string().trim().min(1).max(4000),
      answer: annotation,
      basedOn: z.string().nullable().default(null),
      spentMs: z.number().int().nonnegative().default(0),
      revision: z
        .number()
        .int()
        .nonnegative()
        .optional()
        .describe('the task’s revision that this is decided on; 409 when it has been settled again since'),
    }),
    response: finalization,
    idempotent: true,
  },

  // Models
  'models.put': {
    method: 'PUT',
    path: '/projects/:project/models/:name',
    summary: 'Register a model or a new version of it',
    access: ['model'],
    body: z.strictObject({
      kind: z.enum(['text-classifier', 'text-detector', 'external']),
      blobHash: z.string().nullable().default(null),
      trainedOn: z.number().int().nonnegative().default(0),
      finalized: z.number().int().nonnegative().optional(),
      accuracy: z.number().min(0).max(1).nullable().default(null),
      bump: z.boolean().default(true),
    }),
    response: model,
  },
  'models.upload': {
    method: 'POST',
    path: '/projects/:project/model-files',
    summary: 'Store a model file; answers with its hash',
    access: ['model'],
    rawBody: true,
    response: z.strictObject({ hash: z.string(), bytes: z.number().int() }),
  },
  'models.file': {
    method: 'GET',
    path: '/models/:model/file',
    summary: 'The ONNX file of a model',
    access: ['model', 'lead'],
    raw: 'application/octet-stream',
  },
  'suggestions.create': {
    method: 'POST',
    path: '/projects/:project/suggestions',
    summary: 'Put a model’s suggestions on their layers, many tasks at once',
    access: ['model'],
    body: z.strictObject({
      model: z.string(),
      version: z.number().int().positive(),
      items: z.array(suggestionInput).min(1).max(500),
    }),
    response: z.strictObject({
      stored: z.number().int(),
      refused: z.array(z.strictObject({ task: z.string(), problem: z.unknown() })),
    }),
  },
  'suggestions.wanted': {
    method: 'GET',
    path: '/projects/:project/unsuggested',
    summary: 'Open tasks, in queue order, that this model version has not seen',
    access: ['model'],
    query: z.object({
      model: z.string(),
      version: z.coerce.number().int(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
      after: z.string().max(300).optional(),
    }),
    response: z.strictObject({
      items: z.array(z.strictObject({ task: z.string(), asset: z.unknown() })),
      /** Give it as `after` to go on; null at the end of the queue. */
      next: z.string().nullable(),
    }),
  },

  // Data out
  'datasets.list': {
    method: 'GET',
    path: '/datasets',
    summary: 'Datasets and their heads',
    access: readers,
    response: z.strictObject({ items: z.array(datasetSummary) }),
  },
  'commits.list': {
    method: 'GET',
    path: '/datasets/:project/commits',
    summary: 'The log of a branch, newest first',
    access: readers,
    query: z.object({
      branch: z.string().default('main'),
      limit: z.coerce.number().int().min(1).max(500).default(50),
      from: z.string().optional(),
    }),
    response: z.strictObject({ items: z.array(commitSummary), next: z.string().nullable() }),
  },
  'diffs.get': {
    method: 'GET',
    path: '/datasets/:project/diff',
    summary: 'Records that differ between two commits',
    access: readers,
    query: z.object({
      from: z.string(),
      to: z.string(),
      limit: z.coerce.number().int().min(1).max(5000).default(200),
    }),
    response: z.strictObject({
      added: z.number().int(),
      changed: z.number().int(),
      removed: z.number().int(),
      records: z.array(
        z.strictObject({
          key: z.string(),
          change: z.enum(['added', 'changed', 'removed']),
          fields: z.array(z.string()),
          before: z.unknown(),
          after: z.unknown(),
        }),
      ),
    }),
  },
  'exports.get': {
    method: 'GET',
    path: '/datasets/:project/export',
    summary: 'A version as a file, streamed',
    access: readers,
    query: z.object({
      format: exportFormat.default('jsonl'),
      at: z.string().default('main').describe('branch or commit'),
    }),
    raw: 'application/octet-stream',
  },
  'exports.tasks': {
    method: 'GET',
    path: '/projects/:project/export',
    summary:
      'All tasks with everybody’s standing submissions, settled or not, streamed. Who exports them labels those that are not settled no longer blind',
    access: staff,
    query: z.object({ format: z.enum(['jsonl', 'json', 'label-studio']).default('json') }),
    raw: 'application/json',
  },
  'events.stream': {
    method: 'GET',
    path: '/events',
    summary: 'Facts as Server-Sent Events; resumes after `after` or Last-Event-ID',
    access: readers,
    query: z.object({
      after: z.coerce.number().int().min(0).optional(),
      types: z.string().max(500).optional(),
      project: z.string().optional(),
    }),
    raw: 'text/event-stream',
  },
  'deadLetters.list': {
    method: 'GET',
    path: '/events/dead-letters',
    summary: 'Events that a consumer could not read or use, oldest first, with the reason; at most 1,000',
    access: [],
    query: z.object({ consumer: z.string().max(100).optional() }),
    response: z.strictObject({ items: z.array(deadLetter) }),
  },
  'deadLetters.replay': {
    method: 'POST',
    path: '/events/dead-letters/replay',
    summary: 'Deliver them to their consumers once more',
    access: [],
    body: z.strictObject({ consumer: z.string().max(100).optional() }).default({}),
    response: z.strictObject({ replayed: z.number().int() }),
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
type Of<N extends RouteName, K extends string> = (typeof routes)[N] extends {
  readonly [k in K]: infer S extends z.ZodType;
}
  ? S
  : never;
export type RouteResponse<N extends RouteName> =
  Of<N, 'response'> extends never ? unknown : z.output<Of<N, 'response'>>;
export type RouteQuery<N extends RouteName> =
  Of<N, 'query'> extends never ? Record<never, never> : z.output<Of<N, 'query'>>;
export type RouteQueryInput<N extends RouteName> =
  Of<N, 'query'> extends never ? Record<never, never> : z.input<Of<N, 'query'>>;
export type RouteBody<N extends RouteName> =
  Of<N, 'body'> extends never ? undefined : z.output<Of<N, 'body'>>;
export type RouteBodyInput<N extends RouteName> =
  Of<N, 'body'> extends never ? undefined : z.input<Of<N, 'body'>>;
type ParamNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;
export type RouteParams<N extends RouteName> = {
  readonly [K in ParamNames<(typeof routes)[N]['path']>]: string;
};
