import { z } from 'zod';

/** Ids are prefixed, so that a wrong one is seen at a glance and by the compiler. */
export type Id<P extends string> = `${P}_${string}`;

function idSchema<P extends string>(prefix: P): z.ZodType<Id<P>> {
  return z
    .string()
    .regex(
      new RegExp(`^${prefix}_[A-Za-z0-9_-]{1,80}$`),
      `expected an id like ${prefix}_…`,
    ) as unknown as z.ZodType<Id<P>>;
}

export type UserId = Id<'usr'>;
export type ProjectId = Id<'prj'>;
export type AssetId = Id<'ast'>;
export type TaskId = Id<'tsk'>;
export type SubmissionId = Id<'sub'>;
export type ModelId = Id<'mdl'>;
export type ImportId = Id<'imp'>;
export type DecisionId = Id<'dec'>;
export type NodeId = Id<'nod'>;

export const userId = idSchema('usr');
export const projectId = idSchema('prj');
export const assetId = idSchema('ast');
export const taskId = idSchema('tsk');
export const submissionId = idSchema('sub');
export const modelId = idSchema('mdl');
export const importId = idSchema('imp');
export const decisionId = idSchema('dec');
export const nodeId = idSchema('nod');

/** Names a layer: a person's (their user id), a model's (its model id), or the group's. */
export type LayerId = UserId | ModelId | 'consensus';
export const layerId = z.union([userId, modelId, z.literal('consensus')]) as z.ZodType<LayerId>;

/** Instants are milliseconds since 1970 UTC, whole numbers, stamped by the server. */
export const instant = z.number().int().nonnegative();
