import { createHmac, timingSafeEqual } from 'node:crypto';
import { pageTokenCookie } from '@micrarium/api';

/** For whom tokens of pages are made. */
export interface PageTokenSettings {
  /** Secret of the installation. */
  secret: string;
  /** Is every page reached by https? */
  isSecure: boolean;
}

/**
 * Token that a page of ours sends back in a header with every write of a session, so that a write nobody clicked is known even where a browser
 * says nothing of its origin. It belongs to the session: made of its id, stored nowhere, of no use with another one.
 */
export function pageTokenOf({ secret }: PageTokenSettings, sessionId: string): string {
  return createHmac('sha256', secret).update(`page token of ${sessionId}`).digest('base64url');
}

/** `Set-Cookie` that gives it to the scripts of our pages, which those of no other site can read. */
export function pageTokenCookieOf(settings: PageTokenSettings, sessionId: string): string {
  return cookieWith(settings, pageTokenOf(settings, sessionId), 7 * 86_400);
}

/** `Set-Cookie` that takes it away. */
export const noPageToken = (settings: PageTokenSettings): string => cookieWith(settings, '', 0);

/** Is this the token of the session? */
export function isPageTokenOf(settings: PageTokenSettings, sessionId: string, given: string | null): boolean {
  const [right, shown] = [Buffer.from(pageTokenOf(settings, sessionId)), Buffer.from(given ?? '')];
  return right.length === shown.length && timingSafeEqual(right, shown);
}

function cookieWith({ isSecure }: PageTokenSettings, value: string, seconds: number): string {
  const name = `${isSecure ? '__Host-' : ''}${pageTokenCookie}`;
  return `${name}=${value}; Path=/; SameSite=Lax; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;
}
