import { apiBase } from '@micrarium/api';
import type { MiddlewareHandler } from 'hono';
import type { ContentPlace } from '@micrarium/repository';
import type { HttpContext, HttpEnvironment } from './context.ts';
import { previewLink } from './private-reading.ts';
import { Problem } from './problems.ts';
import type { Services } from './kernel.ts';

/** What is answered with the bytes of a file: files of a version, and forms of its items. */
const ofFile = new RegExp(`^${apiBase}/studies/[^/]+/versions/\\d{1,9}/(?:files|items/[^/]+/content)/.`);
const asked = ['GET', 'HEAD', 'OPTIONS'];

/** Is this the origin that serves nothing but files? Told by the name that was asked for, with or without the port of its protocol. */
function isThere(c: HttpContext, filesOrigin: string): boolean {
  const { host, protocol } = new URL(filesOrigin);
  const name = (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();
  return name === host || name === `${host}:${protocol === 'https:' ? 443 : 80}`;
}

/** The request without anything that tells who asks. */
function asNobody(request: Request): Request {
  const { headers: sent } = request;
  if (!sent.has('cookie') && !sent.has('authorization')) return request;
  const headers = new Headers(sent);
  headers.delete('cookie');
  headers.delete('authorization');
  return new Request(request, { headers });
}

/**
 * At the origin of files: nothing but files, read, by nobody. Cookies and tokens are not looked at and none are given, so that a file that
 * runs there after all finds nothing to steal and nothing to press.
 */
export function filesOnly(filesOrigin: string | undefined): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    if (filesOrigin === undefined || !isThere(c, filesOrigin)) return await next();
    if (!asked.includes(c.req.method))
      throw new Problem('method-not-allowed', 'Files are read here, and nothing else.', {
        headers: { allow: asked.join(', ') },
      });
    if (!ofFile.test(c.req.path)) throw new Problem('not-found', 'There are files of studies here, and nothing else.');
    c.req.raw = asNobody(c.req.raw);
    await next();
    c.res.headers.delete('set-cookie');
  };
}

/** Do the bytes at a place come from a depositor? */
export function isDeposited(place: ContentPlace | undefined): boolean {
  return place?.kind === 'deposited' || (place?.kind === 'entry' && place.archive.kind === 'deposited');
}

/** Will a browser do something with the answer by itself: show it, play it, run it? Programs and scripts only read it. */
export function isForBrowser(c: HttpContext): boolean {
  const use = c.req.header('sec-fetch-dest');
  return use !== undefined && use !== 'empty';
}

/** Does a person follow a link in a browser, rather than a page or a program read? */
export const isLookedAt = (c: HttpContext): boolean =>
  c.req.method === 'GET' &&
  c.req.header('sec-fetch-mode') === 'navigate' &&
  c.req.header('sec-fetch-dest') === 'document';

/** What decides whether a request is led there. */
export const variesBy = 'Sec-Fetch-Dest, Sec-Fetch-Site';

/** Is it read by a script of our own pages? What they read in a hundred ranges is not led on a hundred times. */
const isOwnScript = (c: HttpContext): boolean =>
  c.req.header('sec-fetch-dest') === 'empty' && c.req.header('sec-fetch-site') === 'same-origin';

/**
 * Leads to the same file at the origin of files, where there is one and everybody may read the study: what only some may read needs their
 * cookie, and stays where that is known.
 * @returns `undefined` where it is to be answered here
 */
export async function ledToFiles(
  c: HttpContext,
  { states }: Pick<Services, 'states'>,
  filesOrigin: string | undefined,
): Promise<Response | undefined> {
  if (filesOrigin === undefined || isThere(c, filesOrigin)) return undefined;
  const isOpen = (await states.of(c.req.param('accession') ?? '')).state === 'published' && !previewLink();
  if (!isOpen || isOwnScript(c)) return undefined;
  const { pathname, search } = new URL(c.req.url);
  c.header('access-control-allow-origin', '*');
  c.header('vary', variesBy);
  return c.redirect(`${filesOrigin}${pathname}${search}`, 307);
}
