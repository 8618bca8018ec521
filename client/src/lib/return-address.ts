/**
 * Where to go after signing in: a path of this site as found in `?to=`, else the start page.
 * Anything that could leave the site (`//host`, `\host`, a scheme) is not followed.
 */
export function returnAddress(search: string): string {
  const to = new URLSearchParams(search).get('to') ?? '/';
  return /^\/(?![/\\])/.test(to) && !to.startsWith('/signin') ? to : '/';
}

export function signInAddress(path: string): string {
  return path === '/' ? '/signin' : `/signin?to=${encodeURIComponent(path)}`;
}
