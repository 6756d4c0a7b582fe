import { apiBase } from '@micrarium/api';
import type { RouteConfig, z } from '@hono/zod-openapi';
import type { HttpContext } from './context.ts';
import { withoutUnknownKeys } from './unknown-keys.ts';

/** A route as it is mounted: below the base, with a last parameter `path` that takes slashes, and a body that holds no key it does not know. */
export function mounted<Route extends RouteConfig>(route: Route): Route {
  const path = `${apiBase}${route.path.replace(/\{path\}$/, '{path}{.+}')}`;
  const json = (route.request?.body?.content as { 'application/json'?: { schema: z.ZodType } } | undefined)?.[
    'application/json'
  ];
  if (!json) return { ...route, path };
  const content = {
    ...route.request!.body!.content,
    'application/json': { ...json, schema: withoutUnknownKeys(json.schema) },
  };
  return { ...route, path, request: { ...route.request, body: { ...route.request!.body, content } } };
}

/** Origin of this server as the person reached it, for addresses in answers. */
export function originOf(c: HttpContext, publicUrl: string | undefined): string {
  return publicUrl ?? new URL(c.req.url).origin;
}
