import type { Problem } from '@concord/core/errors/concord-error';
import type { RoomView } from '@concord/core/protocol/rooms';
import type { LayerId, TaskId } from '@concord/core/records/ids';
import type { PublicUser } from '@concord/core/records/user';
import type { ClientOp } from '@concord/core/rooms/op';
import type { LayerState } from '@concord/core/rooms/state';
import type { Draft, Outbox } from './outbox.ts';
import type { Presence } from './presence.ts';
import type { SaveState } from './save-state.ts';
import type { Answer, RoomTransport } from './transport.ts';

/** Time as the session needs it; tests give their own. Milliseconds. */
export interface SessionClock {
  now(): number;
  /** Runs once after `ms`; the returned function calls it off. */
  after(ms: number, run: () => void): () => void;
}

export interface RoomSessionOptions {
  readonly task: TaskId;
  readonly mode: 'annotate' | 'review';
  readonly user: Pick<PublicUser, 'id'>;
  /** Names this tab in the room; see ids.ts. */
  readonly client: string;
  readonly transport: RoomTransport;
  readonly outbox: Outbox;
  readonly clock: SessionClock;
  readonly newId: () => string;
  /** The room was left for good. */
  readonly onLeft?: () => void;
}

export type SubmitOutcome =
  | { readonly kind: 'submitted'; readonly submissionId: string; readonly state: RoomView['state'] }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * One person's stay in one room. Ops show at once and are sent in the background; nothing queued is forgotten until
 * the server has it in its log or its author threw it away. Not tied to any page framework: `onChange` says that
 * something moved, at most once per turn of the event loop.
 */
export interface RoomSession {
  readonly task: TaskId;
  readonly mode: 'annotate' | 'review';
  readonly client: string;
  /** Resolves when the room was entered for the first time; rejects never, look at `saveState` for why not. */
  readonly joined: Promise<void>;
  view(): RoomView | null;
  /** One's own layer's id; null for somebody who only reviews. */
  ownLayer(): LayerId | null;
  layer(id: LayerId): LayerState | undefined;
  layerIds(): readonly LayerId[];
  saveState(): SaveState;
  drafts(): readonly Draft[];
  presence(): Presence;
  canUndo(): boolean;
  canRedo(): boolean;
  /** Does these ops now. Ops of one `group` in a row (a drag, a word) are one step of undo. */
  dispatch(layer: LayerId, ops: readonly ClientOp[], group?: string): void;
  /** Null when done or nothing is left; otherwise why it was not done. */
  undo(): string | null;
  redo(): string | null;
  /** Declares one's layer finished. Queued like an op: offline it is sent on return. */
  submit(leadTimeMs: number): Promise<SubmitOutcome>;
  /** Takes the submission back. Needs the connection. */
  withdraw(): Promise<Answer<{ state: string }>>;
  skip(reason: string): Promise<Answer<object>>;
  /** Settles the task with the consensus layer as it stands. Needs the connection. */
  resolve(reason: string, basedOn: string | null, spentMs: number): Promise<Answer<{ revision: number }>>;
  /** Throws a refused change away, or tries it again as a new op. */
  settleDraft(n: number, how: 'discard' | 'retry'): void;
  onChange(listener: () => void): () => void;
  /**
   * Leaves once everything queued is sent; `give-back` also gives the task back to the queue when nothing of it is
   * under way; `now` leaves at once and keeps the rest in the outbox.
   */
  close(how: 'when-sent' | 'give-back' | 'now'): void;
}
