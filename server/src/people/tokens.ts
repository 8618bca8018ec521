import { createHash } from 'node:crypto';
import type { Randomness } from '@concord/platform/ports/clock';

/** What the store keeps of a token: its SHA-256 in hex, so that a copy of the store signs nobody in. */
export function tokenId(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** 256 random bits; nothing that could be guessed or tried. */
export function newSessionToken(random: Randomness): string {
  return random.token(32);
}

/** API keys begin with `ck_`, so that they are recognised in a leak. */
export function newApiKey(random: Randomness): string {
  return `ck_${random.token(32)}`;
}

/** Enough of a key to tell it from one's others, far too little to use it. */
export function keyHint(key: string): string {
  return `ck_…${key.slice(-4)}`;
}
