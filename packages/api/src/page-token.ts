/** Header in which our pages send the token of their session with every write. */
export const pageTokenHeader = 'x-csrf-token';

/** Cookie that holds it, with `__Host-` in front by https. */
export const pageTokenCookie = 'micrarium.csrf_token';

/** Value of the token among the cookies of a page or request. */
export function pageTokenIn(cookies: string): string | undefined {
  const values = new Map(cookies.split(/;\s*/).map((one) => [one.slice(0, one.indexOf('=')), one]));
  const found = values.get(`__Host-${pageTokenCookie}`) ?? values.get(pageTokenCookie);
  return found?.slice(found.indexOf('=') + 1);
}

/**
 * What a write of a page needs besides its session (docs/security.md, 18.3); nothing outside of browsers, where a token of `Authorization` is sent.
 * Asked for with every request: another tab may have signed in anew.
 */
export function pageTokenHeaders(): Record<string, string> {
  const token = typeof document === 'undefined' ? undefined : pageTokenIn(document.cookie);
  return token === undefined ? {} : { [pageTokenHeader]: token };
}
