import { type SearchValues, parseSearch, writeSearch } from './search-string.ts';

/** A path of a page that is drawn in the browser. */
export type PagePath =
  | '/'
  | '/search'
  | '/explore'
  | '/explore/features'
  | '/sql'
  | `/queries/${string}`
  | '/sign-in'
  | '/welcome'
  | '/confirm-address'
  | '/account'
  | '/admin'
  | '/admin/dois'
  | '/invitation'
  | `/sharing/${string}`
  | `/private-links/${string}`
  | `/review/${string}`
  | `/study-state/${string}`
  | `/promotion/${string}`
  | `/studies/${string}/challenge`
  | '/drafts'
  | '/notices'
  | '/new-password'
  | '/inside'
  | '/terms'
  | '/formats'
  | '/self-assessment'
  | '/plans'
  | `/plans/${string}`
  | `/questions/${string}`
  | `/reuse/${string}`
  | `/access/${string}`
  | `/dois/${string}`
  | `/requests/${string}`
  | `/next-version/${string}`
  | `/transfer/${string}`
  | `/edit-collection/${string}`
  | `/add-to/${string}`
  | `/community-desk/${string}`
  | `/people/${string}`
  | `/send-on/${string}`
  | '/open'
  | '/compare'
  | `/deposit/${string}`
  | `/film/${string}`
  | `/gallery/${string}`
  | `/measures/${string}`
  | `/plate/${string}`
  | `/space/${string}`
  | `/viewer/${string}`;

/** Where a page stands: what the address bar says without its `#` part. */
export interface PageLocation {
  path: string;
  search: SearchValues;
  /** Values in the path, by name; decoded. */
  params: Readonly<Record<string, string>>;
}

/** Values in a path that fits a pattern such as `/deposit/$draft`; `undefined` where it does not fit. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  if (wanted.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, name] of wanted.entries()) {
    const part = parts[at]!;
    if (!name.startsWith('$')) {
      if (name !== part) return undefined;
      continue;
    }
    if (part === '') return undefined;
    try {
      params[name.slice(1)] = decodeURIComponent(part);
    } catch {
      // Not of our making: `%` followed by no hexadecimal number.
      return undefined;
    }
  }
  return params;
}

/** An address of this site as path and query, without a slash at the end; `undefined` for addresses elsewhere. */
export function ownAddress(href: string, origin: string): { path: string; query: string; hash: string } | undefined {
  if (!URL.canParse(href, origin)) return undefined;
  const url = new URL(href, origin);
  if (url.origin !== origin) return undefined;
  return { path: url.pathname.replace(/(?<=.)\/+$/, ''), query: url.search, hash: url.hash };
}

/** The address of a page with its query. */
export function pageAddress(to: string, search: Record<string, unknown> = {}): string {
  return `${to}${writeSearch(search)}`;
}

/** The location of an address among patterns: the first that fits, by its place in the list; -1 where none does. */
export function locate(
  patterns: readonly string[],
  path: string,
  query: string,
): { at: number; location: PageLocation } {
  const search = parseSearch(query);
  for (const [at, pattern] of patterns.entries()) {
    const params = matchPath(pattern, path);
    if (params) return { at, location: { path, search, params } };
  }
  return { at: -1, location: { path, search, params: {} } };
}
