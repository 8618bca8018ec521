/** The cookie that holds a browser's session token. */
export const sessionCookie = 'concord_session';

/** `Set-Cookie` for a new session. `secure` where people come over https. */
export function setSessionCookie(token: string, maxAgeMs: number, secure: boolean): string {
  const age = Math.max(0, Math.ceil(maxAgeMs / 1000));
  return `${sessionCookie}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure ? '; Secure' : ''}`;
}

export function clearSessionCookie(secure: boolean): string {
  return setSessionCookie('', 0, secure);
}

/** The session token in a `Cookie` header, or null. */
export function readSessionCookie(header: string | null | undefined): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === sessionCookie) return part.slice(at + 1).trim() || null;
  }
  return null;
}
