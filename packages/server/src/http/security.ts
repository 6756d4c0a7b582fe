import type { MiddlewareHandler } from 'hono';
import { contentPolicy } from './content-policy.ts';
import { Problem } from './problems.ts';
import type { HttpEnvironment } from './context.ts';

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Bytes of JSON taken: 1,000 file entries with long names fit. */
export const jsonLimit = 4 * 2 ** 20;
const deepest = 64;
/** Milliseconds within which such a body must have come: one that drips in a byte now and then holds a connection for ever. */
const bodyPatience = 120_000;
/** Keys by which a careless copy reaches what all objects share. */
const refusedKeys = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Headers every answer has. Answers that need another policy set it themselves first.
 * @param publicUrl where it is reached by https, browsers are told to come by nothing else for a year, to names below it too
 * @param files origin of the files of depositors, where it is another one
 */
export const securityHeaders =
  (publicUrl: string | undefined, files?: string): MiddlewareHandler<HttpEnvironment> =>
  async (c, next) => {
    await next();
    const set = (name: string, value: string) => {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    };
    set('content-security-policy', contentPolicy({ files }));
    set('x-content-type-options', 'nosniff');
    set('referrer-policy', 'strict-origin-when-cross-origin');
    set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()');
    set('cross-origin-opener-policy', 'same-origin');
    set('cross-origin-resource-policy', c.req.path.startsWith('/api/v1/studies') ? 'cross-origin' : 'same-origin');
    if (publicUrl?.startsWith('https:')) set('strict-transport-security', 'max-age=31536000; includeSubDomains');
  };

/** Origin a browser shows for our own pages: the public address, or what it says it connected to. */
function isOwnOrigin(origin: string, host: string | undefined, publicUrl: string | undefined): boolean {
  try {
    const url = new URL(origin);
    return (publicUrl !== undefined && url.origin === new URL(publicUrl).origin) || url.host === host;
  } catch {
    return false;
  }
}

/** Would a request change something? Uploads go by the method that replaces that of the request. */
export function isWrite({ method, headers }: Request): boolean {
  return unsafe.has(method) || unsafe.has(headers.get('x-http-method-override')?.toUpperCase() ?? '');
}

/**
 * Refuses writes that another site makes a browser send: with a cookie the origin must be ours, without one it must not
 * be somebody else's. A token in `Authorization` is never sent by a browser on its own.
 */
export function originCheck(publicUrl: string | undefined): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    const { headers } = c.req.raw;
    if (isWrite(c.req.raw) && !headers.has('authorization')) {
      const origin = headers.get('origin');
      const site = headers.get('sec-fetch-site');
      const isOurs =
        origin !== null
          ? isOwnOrigin(origin, headers.get('host') ?? new URL(c.req.url).host, publicUrl)
          : site === 'same-origin';
      const isForeign = origin !== null ? !isOurs : site !== null && site !== 'same-origin' && site !== 'none';
      if (isForeign || (headers.has('cookie') && !isOurs)) {
        throw new Problem(
          'origin-refused',
          'Writes with a session must come from our own pages; programs send a token.',
        );
      }
    }
    await next();
  };
}

/** Can a database keep the text? PostgreSQL keeps no NUL, and half of a character is no UTF-8. */
const isStorable = (text: string) => !text.includes('\u0000') && text.isWellFormed();

/** Is every `%` of the address, before its query, the start of a character in UTF-8? */
function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(url.split('?', 1)[0]!);
    return true;
  } catch {
    return false;
  }
}

/**
 * Refuses addresses that hold a NUL: nothing has such a name, and a database asked for it would fault. What writes needs one that is UTF-8 too: a
 * file sent to another would be stored under a name with the percent signs in it.
 */
export const readableAddress: MiddlewareHandler<HttpEnvironment> = async (c, next) => {
  if (c.req.raw.url.includes('%00')) throw new Problem('path-invalid', 'The address holds a NUL.');
  if (!['GET', 'HEAD'].includes(c.req.method) && !isDecodable(c.req.raw.url))
    throw new Problem('path-invalid', 'The address is not UTF-8 with percent-encoding: a % itself is %25.');
  await next();
};

/** Does JSON text nest deeper than allowed? Looks at brackets outside strings only; one pass, no stack. */
export function nestsTooDeep(text: string, limit = deepest): boolean {
  let depth = 0;
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInText) {
      if (code === 0x5c) at++;
      else if (code === 0x22) isInText = false;
    } else if (code === 0x22) isInText = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

/** Reads a body up to a limit of bytes, and of milliseconds until its end. @throws Problem */
export async function readBody(request: Request, limit: number, patience = bodyPatience): Promise<Uint8Array> {
  const stated = Number(request.headers.get('content-length') ?? 0);
  if (stated > limit) throw new Problem('body-too-large', `At most ${limit} bytes are taken here.`);
  if (!request.body) return new Uint8Array(0);
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const isOver = Promise.withResolvers<'over'>();
  const timer = setTimeout(() => isOver.resolve('over'), patience);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), isOver.promise]);
      if (next === 'over')
        throw new Problem('too-slow', `The body did not come within ${patience / 1000} seconds.`, {
          headers: { connection: 'close' },
        });
      if (next.done) return Buffer.concat(parts);
      size += next.value.length;
      if (size > limit) throw new Problem('body-too-large', `At most ${limit} bytes are taken here.`);
      parts.push(next.value);
    }
  } catch (fault) {
    void reader.cancel().catch(() => {});
    throw fault;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads JSON bodies before any handler does: limited in size and depth, never packed, keys that reach a prototype refused.
 * Other bodies (files) pass untouched.
 */
export const jsonBodies: MiddlewareHandler<HttpEnvironment> = async (c, next) => {
  const { raw } = c.req;
  if (unsafe.has(raw.method) && (raw.headers.get('content-encoding') ?? 'identity') !== 'identity') {
    throw new Problem('media-type-refused', 'Send the body as it is, without Content-Encoding.');
  }
  const type = raw.headers.get('content-type') ?? '';
  if (unsafe.has(raw.method) && /^application\/([\w.-]+\+)?json\b/i.test(type)) {
    const text = new TextDecoder().decode(await readBody(raw, jsonLimit));
    if (text.trim() === '' || nestsTooDeep(text)) throw new Problem('body-not-json');
    try {
      JSON.parse(text, (key, value: unknown) => {
        if (refusedKeys.has(key)) throw new SyntaxError(key);
        if (!isStorable(key) || (typeof value === 'string' && !isStorable(value)))
          throw new Problem('request-invalid', 'Text may hold no NUL and no half of a character.');
        return value;
      });
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      throw new Problem('body-not-json', undefined, { cause });
    }
    c.req.bodyCache.text = Promise.resolve(text) as never;
  }
  await next();
};
