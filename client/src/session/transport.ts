import type { Problem } from '@concord/core/errors/concord-error';
import type {
  JoinReply,
  OpsReply,
  Reply,
  ResolveReply,
  RoomJoin,
  RoomOps,
  RoomPresence,
  RoomResolve,
  ServerToRoom,
  SubmitReply,
} from '@concord/core/protocol/rooms';
import type { TaskId } from '@concord/core/records/ids';

/** `lost`: no answer came, so it is not known whether the server has it; send it again after the next join. */
export type Answer<T> = Reply<T> | { readonly ok: 'lost' };

/** What a room may hear. */
export interface RoomListener {
  readonly onUp: () => void;
  readonly onDown: (why: Problem | null) => void;
  readonly onOps: ServerToRoom['room:ops'];
  readonly onState: ServerToRoom['room:state'];
  readonly onSuggestions: ServerToRoom['room:suggestions'];
  readonly onPresence: ServerToRoom['room:presence'];
  readonly onRejoin: ServerToRoom['room:rejoin'];
}

/** The wire to the server's rooms, without any knowledge of what is sent. One per page; tests give a fake. */
export interface RoomTransport {
  isUp(): boolean;
  /** Hears about one task until the returned function is called. */
  listen(task: TaskId, listener: RoomListener): () => void;
  join(message: RoomJoin): Promise<Answer<JoinReply>>;
  ops(message: RoomOps): Promise<Answer<OpsReply>>;
  submit(message: {
    task: TaskId;
    client: string;
    n: number;
    leadTimeMs: number;
  }): Promise<Answer<SubmitReply>>;
  withdraw(message: { task: TaskId; client: string; n: number }): Promise<Answer<{ state: string }>>;
  skip(message: { task: TaskId; reason: string }): Promise<Answer<object>>;
  resolve(message: RoomResolve): Promise<Answer<ResolveReply>>;
  presence(message: RoomPresence): void;
  leave(message: { task: TaskId; release: boolean }): void;
}
