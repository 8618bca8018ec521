import { z } from 'zod';
import { importId, instant, nodeId, projectId, userId } from './ids.ts';

/** One row that could not be taken, and why. `row` counts from 1; for zip files `file` names the entry. */
export const importError = z.strictObject({
  row: z.number().int().nonnegative(),
  /** The last of several rows that were lost with it. */
  until: z.number().int().nonnegative().optional(),
  file: z.string().optional(),
  path: z.string(),
  message: z.string(),
  value: z.unknown().optional(),
  remedy: z.string().optional(),
});
export type ImportError = z.infer<typeof importError>;

/** What a file's bytes mean. A byte order mark in the file says it better, and is believed. */
export const encoding = z.enum(['utf-8', 'windows-1252', 'utf-16']);
export type Encoding = z.infer<typeof encoding>;

/** Progress and outcome of one import. Counters move while it runs. */
export const importJob = z.strictObject({
  id: importId,
  projectId,
  file: z.string(),
  format: z.enum(['csv', 'tsv', 'json', 'jsonl', 'text', 'image', 'zip', 'label-studio']),
  status: z.enum(['running', 'done', 'failed', 'interrupted']),
  bytesRead: z.number().int().nonnegative(),
  bytesTotal: z.number().int().nonnegative().nullable(),
  rows: z.number().int().nonnegative(),
  added: z.number().int().nonnegative(),
  duplicates: z.number().int().nonnegative(),
  /** Rows that brought submissions, settled answers or predictions that were not here yet. */
  labelled: z.number().int().nonnegative(),
  errorCount: z.number().int().nonnegative(),
  /** The first 200; all are at GET /imports/{id}/errors. */
  errors: z.array(importError),
  failure: z.string().nullable(),
  createdBy: userId,
  startedAt: instant,
  endedAt: instant.nullable(),
  /** The server process that reads the file. */
  node: nodeId.optional(),
});
export type ImportJob = z.infer<typeof importJob>;
