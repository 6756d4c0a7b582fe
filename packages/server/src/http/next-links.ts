import { routes } from '@micrarium/api';
import type { MiddlewareHandler } from 'hono';
import type { z } from '@hono/zod-openapi';
import type { HttpEnvironment } from './context.ts';
import { addressesOf } from './deprecations.ts';

/** Addresses of lists that go on by a cursor. */
const lists: readonly RegExp[] = Object.values(routes)
  .filter((route) => {
    const { query } = ((route as { request?: { query?: z.ZodType } }).request ?? {}) as { query?: { shape?: object } };
    return route.method === 'get' && query?.shape !== undefined && 'cursor' in query.shape;
  })
  .map(({ path }) => addressesOf(path));

/** Says in `Link` where a list goes on (RFC 8288), so that programs follow addresses and make none. */
export function nextLinks(): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    await next();
    const { method, path, url } = c.req;
    if (method !== 'GET' || c.res.status !== 200 || /rel="next"/.test(c.res.headers.get('link') ?? '')) return;
    if (!(c.res.headers.get('content-type') ?? '').startsWith('application/json')) return;
    if (!lists.some((one) => one.test(path))) return;
    // No text of a study holds it: quotes within texts are escaped.
    const text = await c.res.clone().text();
    const cursor = /"nextCursor":"([\w-]+)"/.exec(text)?.[1];
    if (cursor === undefined) return;
    const address = new URL(url);
    address.searchParams.set('cursor', cursor);
    c.res.headers.append('link', `<${address.pathname}${address.search}>; rel="next"`);
  };
}
