import { z } from 'zod';
import { instant, projectId } from '../records/ids.ts';
import { canonicalJson } from './canonical-json.ts';

/** A version of a dataset. Its id is the SHA-256 of its canonical JSON, so it can never change. */
export const commit = z.strictObject({
  format: z.literal(1),
  project: projectId,
  /** 1 for the first, one more than the first parent's after that. */
  number: z.number().int().positive(),
  parents: z.array(z.string()),
  /** Hash of the tree's root: equal for equal content, whoever made it and however. */
  root: z.string(),
  author: z.string(),
  at: instant,
  message: z.string(),
  stats: z.strictObject({
    added: z.number().int(),
    changed: z.number().int(),
    removed: z.number().int(),
    total: z.number().int(),
  }),
  /** Positions on the bus of the first and last event that went into it. Null when it did not come from the bus. */
  source: z.strictObject({ from: z.number().int(), to: z.number().int() }).nullable(),
  /** The newest label schema among the records that changed. */
  schemaVersion: z.number().int(),
});
export type Commit = z.infer<typeof commit>;

export const encodeCommit = (value: Commit): string => canonicalJson(value);

/** Null when the text is something else than a commit. */
export function decodeCommit(text: string): Commit | null {
  try {
    return commit.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
