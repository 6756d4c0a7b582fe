import { apiBase } from '@micrarium/api';
import type { RouteConfig } from '@hono/zod-openapi';
import type { HttpContext } from './context.ts';

/** A route as it is mounted: below the base, and with a last parameter `path` that takes slashes. */
export function mounted<Route extends RouteConfig>(route: Route): Route {
  const path = `${apiBase}${route.path.replace(/\{path\}$/, '{path}{.+}')}`;
  return { ...route, path };
}

/** Origin of this server as the person reached it, for addresses in answers. */
export function originOf(c: HttpContext, publicUrl: string | undefined): string {
  return publicUrl ?? new URL(c.req.url).origin;
}
