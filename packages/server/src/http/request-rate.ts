import type { MiddlewareHandler } from 'hono';
import { type HttpContext, type HttpEnvironment, remoteAddress } from './context.ts';
import { Problem } from './problems.ts';

/** Seconds of a window. */
const window = 60;
const mostKeys = 100_000;

/** How many requests of a minute one token, and one address, may send to one process. */
export interface RequestRate {
  token: number;
  address: number;
}

/** Enough for any honest program on this hardware: 500 requests a second with a token, 1,000 from an address with all who sit behind it. */
export const usualRate: RequestRate = { token: 30_000, address: 60_000 };

const isHere = (address: string) => /^(127\.|::1$|::ffff:127\.|local$)/.test(address);

/**
 * Limits requests to the interface by token, and without one by address; answers say what is left in `RateLimit` and `RateLimit-Policy`
 * (draft-ietf-httpapi-ratelimit-headers-11). Preflights do not count, nor does this machine itself: a proxy in front of it would stand for everybody.
 */
export function requestRate(rate: RequestRate = usualRate, now = Date.now): MiddlewareHandler<HttpEnvironment> {
  const counted = new Map<string, { since: number; count: number }>();
  const take = (key: string) => {
    const at = now();
    let found = counted.get(key);
    if (!found || at - found.since >= window * 1000) {
      counted.delete(key);
      counted.set(key, (found = { since: at, count: 0 }));
      if (counted.size > mostKeys) counted.delete(counted.keys().next().value!);
    }
    found.count++;
    return { count: found.count, wait: Math.max(1, Math.ceil((found.since + window * 1000 - at) / 1000)) };
  };
  return async (c, next) => {
    const who = whoOf(c);
    if (who === undefined || c.req.method === 'OPTIONS') return await next();
    const most = rate[who.policy];
    const { count, wait } = take(who.key);
    const headers = {
      'ratelimit-policy': `"${who.policy}";q=${most};w=${window}`,
      ratelimit: `"${who.policy}";r=${Math.max(0, most - count)};t=${wait}`,
    };
    if (count > most)
      throw new Problem('too-many-tries', `More than ${most} requests in a minute: go on in ${wait} seconds.`, {
        headers: { ...headers, 'retry-after': String(wait) },
      });
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  };
}

function whoOf(c: HttpContext): { policy: 'token' | 'address'; key: string } | undefined {
  const { caller } = c.var;
  if (caller?.via === 'token')
    return { policy: 'token', key: `token ${c.req.header('authorization') ?? caller.user.id}` };
  const address = remoteAddress(c);
  return isHere(address) ? undefined : { policy: 'address', key: address };
}
