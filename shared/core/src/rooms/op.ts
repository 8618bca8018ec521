import { z } from 'zod';
import { annotation, region, regionId } from '../records/annotation.ts';
import { instant, type LayerId, layerId, userId } from '../records/ids.ts';
import { json } from '../records/json.ts';

/** A field of a region that one op sets: `label`, `shape` (as a whole), or one attribute as `attrs.<name>`. */
const regionPatch = z.record(z.string().regex(/^(label|shape|attrs\.[A-Za-z0-9_-]{1,60})$/), json);
const commentId = regionId;

/** What a participant may ask for. One op touches one region, or one property set of the layer. */
export const clientOp = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('create'), region }),
  z.strictObject({ t: z.literal('update'), id: regionId, set: regionPatch }),
  z.strictObject({ t: z.literal('delete'), id: regionId }),
  /** Answers to whole-asset questions; null takes an answer back. */
  z.strictObject({
    t: z.literal('classify'),
    set: z.record(z.string().regex(/^[A-Za-z0-9_-]{1,60}$/), json),
  }),
  z.strictObject({
    t: z.literal('comment'),
    id: commentId,
    region: regionId.nullable(),
    text: z.string().trim().min(1).max(4000),
    /** The comment this one replies to, on the same layer. */
    parent: commentId.optional(),
    /** Whom it should reach. */
    mentions: z.array(userId).max(20).optional(),
  }),
  z.strictObject({ t: z.literal('resolve'), id: commentId, resolved: z.boolean() }),
  /** Calls a reviewer, with a line why; false takes the call back, or answers it. */
  z
    .strictObject({ t: z.literal('hand'), raised: z.boolean(), text: z.string().trim().max(500).default('') })
    .refine((hand) => hand.raised || hand.text === '', {
      path: ['text'],
      message: 'a hand is lowered without words; write a comment',
    }),
]);
export type ClientOp = z.infer<typeof clientOp>;

/** What only the server writes into the log. */
export const serverOp = z.discriminatedUnion('t', [
  /** The layer's content is now exactly this: a model's new suggestions, or the start of a consensus layer. */
  z.strictObject({ t: z.literal('replace'), annotation, version: z.number().int().nonnegative() }),
  z.strictObject({ t: z.literal('submit'), submissionId: z.string(), blind: z.boolean() }),
  z.strictObject({ t: z.literal('withdraw'), submissionId: z.string() }),
  /** From here on this participant could see others' layers; later submissions of theirs are not blind. */
  z.strictObject({ t: z.literal('expose'), userId }),
  z.strictObject({ t: z.literal('decide'), revision: z.number().int().positive(), reason: z.string() }),
  z.strictObject({ t: z.literal('finalize'), revision: z.number().int().positive() }),
  z.strictObject({ t: z.literal('dispute') }),
  z.strictObject({ t: z.literal('reopen'), reason: z.string() }),
]);
export type ServerOp = z.infer<typeof serverOp>;
export type Op = ClientOp | ServerOp;
export const op = z.union([clientOp, serverOp]);

/**
 * One entry of a room's log. `seq` counts the room's entries from 1 without gaps and stays on the server;
 * `lseq` counts the entries of this layer from 1 without gaps and is what clients see, so that a blind
 * participant learns nothing of other layers, not even how much is happening there.
 */
export const logEntry = z.strictObject({
  seq: z.number().int().positive(),
  layer: layerId,
  lseq: z.number().int().positive(),
  by: z.string(),
  /** The sender's client id and counter; (client, n) recognises a resend. `server`,0 for server ops. */
  client: z.string().max(60),
  n: z.number().int().nonnegative(),
  at: instant,
  op,
});
export type LogEntry = z.infer<typeof logEntry>;

/** An entry as it travels to clients: without the room's `seq`. */
export type WireEntry = Omit<LogEntry, 'seq'>;
export type LayerSeqs = Readonly<Partial<Record<LayerId, number>>>;
