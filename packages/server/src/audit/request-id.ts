import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What a proxy or a program may call its request: short, in signs that forge no line of a log, and none of our secrets. */
const wellFormed = /^(?!micl?_)[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;

const current = new AsyncLocalStorage<string>();

/**
 * The id of a request.
 * @param said what the request calls itself (`X-Request-Id`), so that its sender and a proxy find it in their own logs
 * @returns that, where it is 8 to 64 letters, digits, `.`, `_` and `-`; else a new one
 */
export function requestIdFor(said: string | undefined): string {
  return said !== undefined && wellFormed.test(said) ? said : randomUUID();
}

/** Runs what a request asks for: faults, events of the audit log and problems that come of it bear its id. */
export function withRequestId<Result>(id: string, work: () => Result): Result {
  return current.run(id, work);
}

/** Id of the request for which the program runs just now; `undefined` where it runs of itself. */
export function currentRequestId(): string | undefined {
  return current.getStore();
}
