import type { User } from '@concord/core/records/user';
import { type People, readSessionCookie } from '../../people/index.ts';
import type { Exchange } from '../engine/index.ts';

/** Who is calling, and with what. */
export interface Caller {
  readonly user: User | null;
  readonly sessionToken: string | null;
  readonly apiKey: string | null;
}

/** The API key of an `Authorization: Bearer …` header, or null. */
export function readBearer(header: string | null | undefined): string | null {
  const match = /^bearer +(\S+) *$/i.exec(header ?? '');
  return match?.[1] ?? null;
}

/** Finds out who is calling. A key goes before a cookie; a wrong one is nobody, never the other. */
export async function identify(people: People, exchange: Exchange): Promise<Caller> {
  const apiKey = readBearer(exchange.header('authorization'));
  const sessionToken = readSessionCookie(exchange.header('cookie'));
  const credential = apiKey ? { apiKey } : { sessionToken };
  const user = apiKey || sessionToken ? await people.authenticate(credential) : null;
  return { user, sessionToken, apiKey };
}
