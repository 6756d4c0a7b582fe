import { hostname, networkInterfaces } from 'node:os';
import type { MiddlewareHandler } from 'hono';
import type { HttpEnvironment } from './context.ts';

/** Is a host as addresses name it this machine: `localhost`, a loopback address, its own name, or an address of its network cards? */
function isThisMachine(host: string): boolean {
  if (/^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(host) || host === hostname().toLowerCase()) return true;
  const own = Object.values(networkInterfaces()).flatMap((card) => card ?? []);
  return own.some(({ address }) => address === host.replace(/^\[|\]$/g, ''));
}

/**
 * Where no public address is set, addresses in answers name the host that the request named, so that pages work however a server is reached.
 * Whoever asks can name any: an answer to a host that is not known to be ours is kept by no cache that others are answered from.
 * @param listensOn host that the server was told to listen on
 */
export function keptUnderKnownHosts(listensOn: string): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    await next();
    const cached = c.res.headers.get('cache-control') ?? '';
    if (/\b(private|no-store)\b/.test(cached)) return;
    const host = new URL(c.req.url).hostname.toLowerCase();
    if (host === listensOn.toLowerCase() || isThisMachine(host)) return;
    const rest = cached.split(/\s*,\s*/).filter((one) => one !== '' && one !== 'public');
    c.res.headers.set('cache-control', ['private', ...rest].join(', '));
  };
}
