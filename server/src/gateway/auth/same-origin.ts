import { ConcordError } from '@concord/core/errors/concord-error';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface OriginFacts {
  readonly method: string;
  readonly host: string | null;
  readonly origin: string | null;
  readonly fetchSite: string | null;
  /** `x-concord` was sent: a page of another origin cannot, without a preflight we never grant. */
  readonly ownHeader: boolean;
  /** The caller is known by an API key, which no browser sends by itself. */
  readonly byKey: boolean;
  /** The caller came with the session cookie. */
  readonly byCookie: boolean;
}

/**
 * Refuses calls that another site's page made in a signed-in person's browser. A call that changes something must
 * come from our own origin; one with a cookie must show that it does.
 */
export function requireSameOrigin(facts: OriginFacts, publicUrl: string | null): void {
  if (safeMethods.has(facts.method) || facts.byKey) return;
  const refuse = (why: string) =>
    new ConcordError(
      'auth.forbidden',
      `Refused: ${why}. Programs send an API key, or with a session cookie the header x-concord: 1.`,
    );
  if (facts.fetchSite !== null && facts.fetchSite !== 'same-origin' && facts.fetchSite !== 'none')
    throw refuse('the call comes from another site');
  if (facts.origin !== null && !isOwnOrigin(facts.origin, facts.host, [publicUrl]))
    throw refuse(`the call comes from ${facts.origin}`);
  const shown = facts.fetchSite !== null || facts.origin !== null || facts.ownHeader;
  if (facts.byCookie && !shown) throw refuse('a call with a session cookie must show where it comes from');
}

/** Whether an `Origin` is this server's: the host it was called by, or an address of its own. */
export function isOwnOrigin(origin: string, host: string | null, own: readonly (string | null)[]): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  if (host !== null && from.host === host) return true;
  return own.some((address) => address !== null && from.origin === new URL(address).origin);
}
