import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Subject } from '@micrarium/repository';
import type { Context } from 'hono';
import type { Caller } from '../auth/accounts.ts';
import type { DirectBytes } from './direct-answer.ts';

/** What each request carries through the routes. */
export interface HttpEnvironment {
  /** Only behind a socket; absent in tests that call the application directly. */
  Bindings: {
    incoming?: IncomingMessage;
    outgoing?: ServerResponse;
    /** What the body of the answer is, where it goes straight from a file to the socket. */
    direct?: DirectBytes;
  };
  Variables: {
    /** Who asks, for `can`. */
    subject: Subject;
    /** The account, where one is known. */
    caller: Caller | undefined;
    /** Address it comes from, behind proxies that are believed; `undefined` before it was looked for. */
    address?: string;
    /** Accession of a study that not everybody knows of, which the sender may know of. */
    knowsOf: string | undefined;
  };
}

/** Context of a request. */
export type HttpContext = Context<HttpEnvironment>;

/** The subject of a caller. */
export function subjectOf(caller: Caller | undefined): Subject {
  if (!caller) return { kind: 'anonymous' };
  const { id: userId, role } = caller.user;
  return caller.via === 'session'
    ? { kind: 'user', userId, role }
    : { kind: 'token', userId, role, scopes: caller.scopes, only: caller.only };
}

/** Address a request comes from, for limits, the audit log and counts; the same for all where there is no socket. */
export function remoteAddress(c: HttpContext): string {
  return c.get('address') ?? c.env?.incoming?.socket?.remoteAddress ?? 'local';
}

/** Pieces of a request's body, straight from the socket where there is one. */
export function requestBody(c: HttpContext): AsyncIterable<Uint8Array> {
  const incoming = c.env?.incoming;
  if (incoming && !incoming.readableEnded) return incoming;
  return (c.req.raw.body ?? noBytes()) as unknown as AsyncIterable<Uint8Array>;
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
