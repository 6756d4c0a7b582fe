import { apiBase, routes } from '@micrarium/api';
import type { MiddlewareHandler } from 'hono';
import type { HttpEnvironment } from './context.ts';

/** An operation of the interface that will go. */
export interface Deprecation {
  operation: keyof typeof routes;
  /** Day since which it is not to be used in new programs, ISO 8601. */
  since: string;
  /** Day from which it may be gone: a year later at least. */
  sunset: string;
  /** The operation that takes its place. */
  instead?: keyof typeof routes;
}

/**
 * Operations that will go, each announced here a year before at least. There are none yet. What stands here is said in every answer (`Deprecation`, RFC 9745;
 * `Sunset`, RFC 8594), in the OpenAPI document and to be said in the changelog.
 */
export const deprecatedOperations: readonly Deprecation[] = [];

const noticeMilliseconds = 365 * 86_400_000;

/** Days of an announcement, as moments. @throws RangeError where it leaves less than a year */
function days({ operation, since, sunset }: Deprecation): { since: Date; sunset: Date } {
  const [from, to] = [new Date(since), new Date(sunset)];
  // Also for what is no day at all.
  if (!(to.getTime() - from.getTime() >= noticeMilliseconds))
    throw new RangeError(`${operation} is announced to go less than a year before: from ${since} to ${sunset}`);
  return { since: from, sunset: to };
}

/** Addresses of an operation, as they are asked for. */
export function addressesOf(path: string): RegExp {
  const parts = path.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${apiBase}${parts.join('[^/]+')}${path.endsWith('{path}') ? '(/.*)?' : ''}$`);
}

/** Says with each answer of such an operation since when it is not to be used, from when it may be gone, and where one reads of it. @throws RangeError */
export function deprecations(list: readonly Deprecation[] = deprecatedOperations): MiddlewareHandler<HttpEnvironment> {
  const told = list.map((one) => {
    const { method, path } = routes[one.operation];
    const { since, sunset } = days(one);
    const successor = one.instead && `<${apiBase}${routes[one.instead].path}>; rel="successor-version"`;
    return {
      method: method.toUpperCase(),
      addresses: addressesOf(path),
      headers: {
        deprecation: `@${since.getTime() / 1000}`,
        sunset: sunset.toUTCString(),
        link: ['</api>; rel="deprecation"; type="text/html"', ...(successor ? [successor] : [])].join(', '),
      },
    };
  });
  return async (c, next) => {
    await next();
    const found = told.find(({ method, addresses }) => method === c.req.method && addresses.test(c.req.path));
    if (!found) return;
    const { link, ...headers } = found.headers;
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    c.res.headers.append('link', link);
  };
}

/** Marks them in an OpenAPI document. */
export function withDeprecations<Given extends object>(
  document: Given,
  list: readonly Deprecation[] = deprecatedOperations,
): Given {
  const { paths = {} } = document as {
    paths?: Record<string, Record<string, { deprecated?: boolean; description?: string }>>;
  };
  for (const one of list) {
    const { method, path } = routes[one.operation];
    const operation = paths[path]?.[method];
    if (!operation) continue;
    const instead =
      one.instead === undefined
        ? ''
        : ` Instead: ${routes[one.instead].method.toUpperCase()} ${routes[one.instead].path}.`;
    operation.deprecated = true;
    operation.description = [
      operation.description,
      `Deprecated since ${one.since}, gone from ${one.sunset} on at the earliest.${instead}`,
    ]
      .filter(Boolean)
      .join(' ');
  }
  return document;
}
