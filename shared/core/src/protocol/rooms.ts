import { z } from 'zod';
import type { Problem } from '../errors/concord-error.ts';
import { annotation } from '../records/annotation.ts';
import { type LayerId, layerId, type TaskId, taskId } from '../records/ids.ts';
import type { Visibility } from '../records/project.ts';
import type { Task } from '../records/task.ts';
import type { PublicUser } from '../records/user.ts';
import { clientOp, type WireEntry } from '../rooms/op.ts';
import type { PresenceFields } from '../rooms/presence.ts';
import type { LayerState } from '../rooms/state.ts';
import { socketLimits } from './limits.ts';

/** Namespace /rooms: what a client sends, each answered by an acknowledgement `Reply<…>`. */
const clientId = z.string().regex(/^[A-Za-z0-9_-]{8,60}$/, 'expected 8–60 letters, digits, - or _');

/** Enter a task's room. `annotate` needs a claim on the task; `review` opens all layers and needs super-reviewer. */
export const roomJoin = z.strictObject({
  task: taskId,
  mode: z.enum(['annotate', 'review']),
  client: clientId,
  /** Last sequence number held, by layer: what was missed follows instead of whole layers where that is shorter. */
  since: z.record(z.string(), z.number().int().nonnegative()).optional(),
  /** Serve me here: the node that has the room was named before, and either this is it or I cannot reach it. */
  here: z.boolean().optional(),
});
export type RoomJoin = z.infer<typeof roomJoin>;

/** A batch of ops. `n` counts this client's ops in this room from 1; a resend is a no-op. */
export const roomOps = z.strictObject({
  task: taskId,
  client: clientId,
  ops: z
    .array(z.strictObject({ n: z.number().int().positive(), layer: layerId, op: clientOp }))
    .min(1)
    .max(socketLimits.opsInMessage),
});
export type RoomOps = z.infer<typeof roomOps>;

/** Declare one's layer finished. All ops sent before it are part of it. */
export const roomSubmit = z.strictObject({
  task: taskId,
  client: clientId,
  n: z.number().int().positive(),
  leadTimeMs: z.number().int().nonnegative().max(86_400_000).default(0),
});
export type RoomSubmit = z.infer<typeof roomSubmit>;

/** Take one's submission back and edit again; refused once the task is finalized. */
export const roomWithdraw = z.strictObject({
  task: taskId,
  client: clientId,
  n: z.number().int().positive(),
});
/** Give the task to somebody else. */
export const roomSkip = z.strictObject({ task: taskId, reason: z.string().max(1000).default('') });
/** Settle a task: the consensus layer as it stands, or the given answer, with a reason. Needs super-reviewer and mode `review`. */
export const roomResolve = z.strictObject({
  task: taskId,
  client: clientId,
  n: z.number().int().positive(),
  reason: z.string().trim().min(1, 'say why, in a few words').max(4000),
  answer: annotation.optional(),
  basedOn: z.string().max(120).nullable().default(null),
  spentMs: z.number().int().nonnegative().default(0),
  /** The view's revision that this answers: `conflict` when somebody else has settled the task since. */
  revision: z.number().int().nonnegative().optional(),
});
export type RoomResolve = z.infer<typeof roomResolve>;
const place = z.string().max(130);
/** Where one's cursor and attention are; never stored, never acknowledged. */
export const roomPresence = z.strictObject({
  task: taskId,
  /** In the asset's own units (pixels, or text offset as x). */
  cursor: z.strictObject({ x: z.number(), y: z.number() }).nullable().optional(),
  /** What of the asset is in sight, in the same units (text: `x` is the first offset, `width` how many characters). */
  viewport: z
    .strictObject({
      x: z.number(),
      y: z.number(),
      width: z.number().nonnegative(),
      height: z.number().nonnegative(),
    })
    .nullable()
    .optional(),
  /** Regions as `<layer>/<region>`; a bare id is on the layer that the sender edits. */
  selection: z.array(place).max(100).optional(),
  /** The region being dragged, or the answer being written, right now: others leave it alone. Named as in `selection`. */
  busy: place.nullable().optional(),
});
export type RoomPresence = z.infer<typeof roomPresence>;
export const roomLeave = z.strictObject({ task: taskId, release: z.boolean().default(false) });

export type Reply<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly problem: Problem };

/** One person or model here. `layer` is null for somebody who only reviews. */
export interface RoomMember {
  readonly user: PublicUser;
  readonly mode: 'annotate' | 'review' | 'model';
  readonly submitted: boolean;
}

/**
 * What the room is for this participant. In a blind room `members` holds only oneself and reviewers,
 * `here` counts everybody.
 */
export interface RoomView {
  readonly task: TaskId;
  readonly state: Task['state'];
  readonly revision: number;
  readonly visibility: Visibility;
  /** True while others' layers are hidden from this participant. */
  readonly blind: boolean;
  readonly here: number;
  readonly members: readonly RoomMember[];
  /** Null while blind. */
  readonly agreement: number | null;
  readonly confidence: number | null;
  readonly submissions: number | null;
  /** The lease's end, for annotators. */
  readonly leaseUntil: number | null;
}

export interface JoinReply {
  readonly protocol: number;
  readonly you: PublicUser;
  readonly layer: LayerId | null;
  readonly view: RoomView;
  /** Whole layers, where the client had none or too old ones. */
  readonly layers: readonly LayerState[];
  /** What was missed of layers the client holds. */
  readonly missed: readonly WireEntry[];
  /** The newest counter the server has of this person's client in this room: new ones are numbered above it. */
  readonly acked: number;
  /** Where other nodes of the server are reached, should this one go away. */
  readonly others: readonly string[];
}

/**
 * Where a refused join is to be made instead: what `room.elsewhere` names as `url`, an http(s) address that stands for
 * the server's own in everything about sockets. Null for any other problem.
 */
export function elsewhereUrl(problem: Problem): string | null {
  if (problem.code !== 'room.elsewhere') return null;
  const value = problem.errors.find(({ path }) => path === 'url')?.value;
  return typeof value === 'string' ? value : null;
}
export interface OpsReply {
  /** Ops now in the log, with their layer sequence numbers; a resent one has lseq 0 and is in already. */
  readonly acked: readonly { readonly n: number; readonly lseq: number }[];
  readonly refused: readonly { readonly n: number; readonly problem: Problem }[];
}
export interface SubmitReply {
  readonly submissionId: string;
  readonly state: Task['state'];
}
export interface ResolveReply {
  readonly finalization: string;
  readonly revision: number;
}

/** Entries of one layer, in order; `from` is the lseq before the first, so that a gap is seen at once. */
export interface LayerEntries {
  readonly layer: LayerId;
  readonly from: number;
  readonly entries: readonly WireEntry[];
}
/** What somebody's presence told, as far as this participant may know it; absent fields did not change. */
export type SeenPresence = PresenceFields & { readonly userId: string };

/** What the server sends. */
export interface ServerToRoom {
  /**
   * New entries, those of the receiver's own client among them: they are in the log, which acknowledges them.
   * Version 1 was sent one layer a message: `{task, layer, from, entries}`.
   */
  'room:ops': (message: { task: TaskId; batch: readonly LayerEntries[] }) => void;
  /**
   * To the sender alone, of ops that were sent without asking for an answer and are not broadcast: those that were in
   * already or changed nothing, and those that were refused.
   */
  'room:acks': (message: { task: TaskId; client: string } & OpsReply) => void;
  /** A message that asked for no answer could not be read, or was one too many: nothing of it was taken. */
  'room:problem': (message: { event: string; problem: Problem }) => void;
  /** The view changed; `layers` are layers that have just become visible. */
  'room:state': (message: { view: RoomView; layers: readonly LayerState[] }) => void;
  /** A model's layer was replaced (also sent as its layer's ops). */
  'room:suggestions': (message: {
    task: TaskId;
    layer: LayerId;
    modelName: string;
    version: number;
    count: number;
  }) => void;
  'room:presence': (message: { task: TaskId; people: readonly SeenPresence[] }) => void;
  /** The server is going down or the room moves: join again with `since`. */
  'room:rejoin': (message: { task: TaskId; reason: string }) => void;
}
export interface RoomToServer {
  'room:join': (message: RoomJoin, reply: (r: Reply<JoinReply>) => void) => void;
  'room:ops': (message: RoomOps, reply?: (r: Reply<OpsReply>) => void) => void;
  'room:submit': (message: z.input<typeof roomSubmit>, reply: (r: Reply<SubmitReply>) => void) => void;
  'room:withdraw': (
    message: z.infer<typeof roomWithdraw>,
    reply: (r: Reply<{ state: Task['state'] }>) => void,
  ) => void;
  'room:skip': (message: z.input<typeof roomSkip>, reply: (r: Reply<object>) => void) => void;
  'room:resolve': (message: z.input<typeof roomResolve>, reply: (r: Reply<ResolveReply>) => void) => void;
  'room:presence': (message: RoomPresence) => void;
  'room:leave': (message: z.input<typeof roomLeave>, reply: (r: Reply<object>) => void) => void;
}
