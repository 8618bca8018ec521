import type { Problem } from '@concord/core/errors/concord-error';

/** What a person must always be able to see about their work. */
export type SaveState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'saved' }
  | { readonly kind: 'saving'; readonly unsent: number }
  | { readonly kind: 'offline'; readonly unsent: number }
  | { readonly kind: 'refused'; readonly reason: string; readonly count: number }
  | { readonly kind: 'closed'; readonly problem: Problem };

export interface SaveFacts {
  readonly phase: 'joining' | 'live' | 'offline' | 'closed';
  /** Whether the room was entered at least once. */
  readonly joined: boolean;
  readonly unsent: number;
  readonly refusals: readonly { readonly reason: string }[];
  readonly problem: Problem | null;
}

/** One state out of all facts; what needs the person's attention most comes first. */
export function saveStateOf(facts: SaveFacts): SaveState {
  const last = facts.refusals[facts.refusals.length - 1];
  if (last !== undefined) return { kind: 'refused', reason: last.reason, count: facts.refusals.length };
  if (facts.phase === 'closed' && facts.problem !== null) return { kind: 'closed', problem: facts.problem };
  if (facts.phase === 'offline') return { kind: 'offline', unsent: facts.unsent };
  if (!facts.joined) return { kind: 'connecting' };
  // Rejoining counts as saving: the work is on its way, and a blink of "offline" would only alarm.
  if (facts.unsent > 0) return { kind: 'saving', unsent: facts.unsent };
  return facts.phase === 'live' ? { kind: 'saved' } : { kind: 'saving', unsent: 0 };
}
