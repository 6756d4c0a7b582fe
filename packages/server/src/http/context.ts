import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Subject } from '@micrarium/repository';
import type { Context } from 'hono';
import type { Caller } from '../auth/accounts.ts';
import { type Pace, paced } from './body-pace.ts';
import type { DirectBytes } from './direct-answer.ts';

/** What each request carries through the routes. */
export interface HttpEnvironment {
  /** Only behind a socket; absent in tests that call the application directly. */
  Bindings: {
    incoming?: IncomingMessage;
    outgoing?: ServerResponse;
    /** What the body of the answer is, where it goes straight from a file to the socket. */
    direct?: DirectBytes;
    /** How slowly a body may come, where that is tried. */
    pace?: Pace;
  };
  Variables: {
    /** Who asks, for `can`. */
    subject: Subject;
    /** The account, where one is known. */
    caller: Caller | undefined;
    /** Was no second factor shown where one is required of whoever has a role? */
    lacksFactor?: boolean;
    /** Was something refused that the role would have allowed with one? */
    isForFactor?: boolean;
    /** Address it comes from, behind proxies that are believed; `undefined` before it was looked for. */
    address?: string;
    /** Accession of a study that not everybody knows of, which the sender may know of. */
    knowsOf: string | undefined;
  };
}

/** Context of a request. */
export type HttpContext = Context<HttpEnvironment>;

/**
 * The subject of a caller.
 * @param withoutFactor where the role is not to count for want of a second factor: told when that is why something is refused
 */
export function subjectOf(caller: Caller | undefined, withoutFactor?: () => void): Subject {
  if (!caller) return { kind: 'anonymous' };
  const { id: userId, role } = caller.user;
  const who = { userId, role, ...(withoutFactor ? { withoutFactor } : {}) };
  return caller.via === 'session'
    ? { kind: 'user', ...who }
    : { kind: 'token', ...who, scopes: caller.scopes, only: caller.only };
}

/** Address a request comes from, for limits, the audit log and counts; the same for all where there is no socket. */
export function remoteAddress(c: HttpContext): string {
  return c.get('address') ?? c.env?.incoming?.socket?.remoteAddress ?? 'local';
}

/** Pieces of a request's body, straight from the socket where there is one, for as long as they come fast enough. */
export function requestBody(c: HttpContext): AsyncIterable<Uint8Array> {
  const incoming = c.env?.incoming;
  if (incoming && !incoming.readableEnded) return paced(incoming, c.env.pace);
  return paced((c.req.raw.body ?? noBytes()) as unknown as AsyncIterable<Uint8Array>, c.env?.pace);
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
