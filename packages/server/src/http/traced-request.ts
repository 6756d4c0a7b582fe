import { matchedRoutes } from 'hono/route';
import { areTracesKept, currentPlace, traced } from '../tracing/tracing.ts';
import type { HttpContext } from './context.ts';

/** Asked every few seconds by what keeps the server running: no traces of these. */
const unseen = /^\/(?:health\/|metrics$)/;

/** The route that answered, as it is written in the program: it holds no name, no token and no query of anybody. */
export function routeOf(c: HttpContext): string {
  const routes = matchedRoutes(c).map(({ path }) => path);
  const answered = routes[c.req.routeIndex];
  if (answered !== undefined && !answered.endsWith('*')) return answered;
  // What stands before all routes refused it, or it is a page drawn in the browser.
  return routes.find((path) => !path.endsWith('*')) ?? answered ?? '*';
}

/**
 * Answers a request as one span, which goes on what the sender's header `traceparent` says. The span ends when the answer begins: files go out
 * after it.
 */
export async function tracedRequest(c: HttpContext, requestId: string, answer: () => Promise<void>): Promise<void> {
  if (!areTracesKept() || unseen.test(c.req.path)) return await answer();
  const { method } = c.req;
  // A request that the program makes of itself is part of the one it answers.
  const parent = currentPlace() === undefined ? c.req.header('traceparent') : undefined;
  await traced(method, { kind: 'server', parent }, async (span) => {
    await answer();
    const route = routeOf(c);
    span.rename(`${method} ${route}`);
    span.add({
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': c.res.status,
      'micrarium.request_id': requestId,
    });
    if (c.res.status >= 500) span.fail();
  });
}
