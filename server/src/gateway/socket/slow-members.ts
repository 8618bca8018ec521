import { socketLimits } from '@concord/core/protocol/limits';
import type { Clock } from '@concord/platform/ports/clock';

/** Whoever has this little waiting has caught up. */
const CAUGHT_UP_BYTES = 64 * 1024;
/** After so much was sent to rooms somebody may have fallen behind: at once when it is this much, else a little later. */
const LOOK_AFTER_BYTES = 512 * 1024;
const LOOK_AFTER_MS = 250;

/** A connection with rooms. */
export interface Member {
  /** What waits for its receiver. */
  waitingBytes(): number;
  /** It is to be sent no more of its rooms. Called at every look while it is behind, for rooms it came to meanwhile. */
  fellBehind(): void;
  /** It is to come to its rooms anew. */
  caughtUp(): void;
}

/** Notices who does not take what their rooms send [PR30] [PR31]. Nobody is looked at while nothing is sent. */
export interface SlowMembers {
  add(member: Member): void;
  remove(member: Member): void;
  /** So much was sent to somebody. */
  sent(bytes: number): void;
  /** How many are behind. */
  behind(): number;
  stop(): void;
}

export function createSlowMembers(clock: Clock): SlowMembers {
  const members = new Set<Member>();
  const behind = new Set<Member>();
  let sentBytes = 0;
  let cancel: (() => void) | null = null;

  function look(): void {
    cancel?.();
    cancel = null;
    sentBytes = 0;
    for (const member of members) {
      const waiting = member.waitingBytes();
      if (waiting > socketLimits.behindBytes) {
        behind.add(member);
        member.fellBehind();
      } else if (waiting <= CAUGHT_UP_BYTES && behind.delete(member)) member.caughtUp();
    }
    if (behind.size > 0) lookLater();
  }
  function lookLater(): void {
    cancel ??= clock.after(LOOK_AFTER_MS, look);
  }

  return {
    add: (member) => void members.add(member),
    remove(member) {
      members.delete(member);
      behind.delete(member);
    },
    sent(bytes) {
      sentBytes += bytes;
      if (sentBytes > LOOK_AFTER_BYTES) look();
      else lookLater();
    },
    behind: () => behind.size,
    stop() {
      cancel?.();
      members.clear();
      behind.clear();
    },
  };
}
