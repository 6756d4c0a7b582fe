import type { z } from '@hono/zod-openapi';
import { pageTokenHeaders } from './page-token.ts';
import { apiBase, type routes } from './routes.ts';

type Routes = typeof routes;
type AnyRoute = Routes[keyof Routes];
type JsonOf<Response> = Response extends { content: { 'application/json': { schema: infer Schema extends z.ZodType } } }
  ? z.output<Schema>
  : never;
type AnswerOf<Route extends AnyRoute> = Route['responses'] extends infer Responses
  ? { [Status in keyof Responses]: Status extends 200 | 201 | 202 ? JsonOf<Responses[Status]> : never }[keyof Responses]
  : never;
type RequestOf<Route extends AnyRoute> = Route extends { request: infer Request } ? Request : Record<never, never>;
type ParamsOf<Route extends AnyRoute> =
  RequestOf<Route> extends { params: infer Schema extends z.ZodType }
    ? { params: z.input<Schema> }
    : { params?: never };
type QueryOf<Route extends AnyRoute> =
  RequestOf<Route> extends { query: infer Schema extends z.ZodType } ? { query?: z.input<Schema> } : { query?: never };
type BodyOf<Route extends AnyRoute> =
  RequestOf<Route> extends { body: { content: { 'application/json': { schema: infer Schema extends z.ZodType } } } }
    ? { body: z.input<Schema> }
    : { body?: never };

/** What a call takes: path parameters, query and body as the route's schemas say, and headers. */
export type CallInput<Route extends AnyRoute> = ParamsOf<Route> &
  QueryOf<Route> &
  BodyOf<Route> & { headers?: Record<string, string>; signal?: AbortSignal };

/** An answer of the server that is not a success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Stable code of the problem. */
  readonly code: string;
  /** The body: a problem, or the current draft on 412. */
  readonly body: unknown;

  constructor(status: number, code: string, message: string, body: unknown) {
    super(message);
    this.status = status;
    this.code = code;
    this.body = body;
  }
}

/** How a client reaches a server. */
export interface ClientOptions {
  /** `https://host` without a trailing slash; `''` for the same origin. */
  server: string;
  /** API token; browsers use their session instead. */
  token?: string;
  /** For tests without a socket. */
  fetch?: typeof fetch;
}

/** The typed client our own pages and command line use. */
export interface Client {
  /**
   * Calls a route and gives its JSON answer (`undefined` for 204).
   * @throws ApiError for every answer outside 2xx
   */
  call<Route extends AnyRoute>(route: Route, input: CallInput<Route>): Promise<AnswerOf<Route>>;
  /** URL of a route, for links and byte sources. */
  url<Route extends AnyRoute>(route: Route, input: Pick<CallInput<Route>, 'params' | 'query'>): string;
}

/** Path parameters that may hold slashes, which are kept. */
const pathLike = new Set(['path', 'form']);

function fill(path: string, params: Record<string, unknown> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = String(params[name]);
    return pathLike.has(name) ? value.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(value);
  });
}

function queryString(query: Record<string, unknown> = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined).map((one) => [key, String(one)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs as [string, string][])}`;
}

/** Makes a client for one server. */
export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;
  const url = (route: AnyRoute, input: { params?: unknown; query?: unknown }) =>
    `${options.server}${apiBase}${fill(route.path, input.params as Record<string, unknown>)}${queryString(input.query as Record<string, unknown>)}`;
  return {
    url: (route, input) => url(route, input),
    async call(route, input) {
      const { body, headers, signal } = input as {
        body?: unknown;
        headers?: Record<string, string>;
        signal?: AbortSignal;
      };
      const answer = await send(url(route, input as { params?: unknown; query?: unknown }), {
        method: route.method.toUpperCase(),
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
          ...(options.token || route.method === 'get' ? {} : pageTokenHeaders()),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
      const text = await answer.text();
      const value: unknown = text === '' ? undefined : parseJson(text);
      if (!answer.ok) {
        const problem = (value ?? {}) as { code?: string; title?: string; detail?: string };
        throw new ApiError(
          answer.status,
          problem.code ?? `http-${answer.status}`,
          problem.detail ?? problem.title ?? `HTTP ${answer.status}`,
          value,
        );
      }
      return value as never;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
