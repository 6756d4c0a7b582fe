import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AddressRefused, askPublic, isPublicAddress } from './public-file.ts';

/** What was found at the address of a file that stays where it is. */
export interface Looked {
  /** `unreachable`: its server could not be asked, so that nothing is known of the file. */
  state: 'there' | 'missing' | 'changed' | 'unreachable';
  /** The reason, in English, where it is not simply there. */
  note: string;
}

/** Which IP addresses may be asked; for tests. */
type Allowed = (address: string) => boolean;

/** Milliseconds a server is waited for that need only say how large a file is. */
const longestLook = 20_000;
const longestAddress = 2000;

/** Why an address may not be given as that of a file which every reader can open; `undefined` where it may. Asks nobody. */
export function publicAddressFault(address: string): string | undefined {
  if (address.length > longestAddress) return `the address is longer than ${longestAddress} characters`;
  if (!URL.canParse(address)) return 'this is no address';
  const { protocol, hostname, username, password } = new URL(address);
  if (protocol !== 'https:') return 'the address does not begin with https';
  if (username !== '' || password !== '') return 'the address has a password in it';
  const host = hostname.replace(/^\[|\]$/g, '');
  // A name without a dot, or of a network of one's own, is known on that network only.
  const isPublic =
    isIP(host) === 0
      ? /\.[^.]+$/.test(host) && !/\.(?:local|localhost|internal|lan|home)$/i.test(host)
      : isPublicAddress(host);
  return isPublic ? undefined : `${host} is not on the public internet`;
}

/** Statuses that say something of the server rather than of the file. */
const isFaultOfServer = (status: number) => status >= 500 || status === 408 || status === 429;

const ofStatus = (status: number): Looked => ({
  state: isFaultOfServer(status) ? 'unreachable' : 'missing',
  note: `HTTP ${status}`,
});

function ofSize(told: number | undefined, expected: number): Looked {
  if (told === undefined) return { state: 'there', note: 'Its server does not tell the size.' };
  return told === expected ? { state: 'there', note: '' } : { state: 'changed', note: `It has ${told} bytes now.` };
}

/** Length of the whole file, as an answer tells it; `undefined` where it does not. */
function lengthIn({ headers, statusCode }: IncomingMessage): number | undefined {
  const range = /^bytes (?:\d+-\d+|\*)\/(\d{1,16})$/.exec(headers['content-range'] ?? '')?.[1];
  if (range !== undefined) return Number(range);
  // Of packed bytes, or of a piece, the length is another one.
  if (statusCode !== 200 || headers['content-encoding'] !== undefined) return undefined;
  const length = headers['content-length'];
  return length !== undefined && /^\d{1,16}$/.test(length) ? Number(length) : undefined;
}

/** Asks whether a file is at its address, with the size it should have. A few headers go over the network, never the file. */
export async function lookAtReference(
  { url, size }: { url: string; size: number },
  isAllowed: Allowed = isPublicAddress,
): Promise<Looked> {
  const signal = AbortSignal.timeout(longestLook);
  try {
    const head = await askPublic(url, { method: 'HEAD', signal }, isAllowed);
    head.answer.destroy();
    const told = lengthIn(head.answer);
    if (head.status === 200 && told !== undefined) return ofSize(told, size);
    const isSaid = head.status === 404 || head.status === 410 || isFaultOfServer(head.status);
    if (isSaid && head.status !== 501) return ofStatus(head.status);
    // Some servers, and addresses that are signed for reading, answer a GET only.
    const { answer, status } = await askPublic(url, { headers: { range: 'bytes=0-0' }, signal }, isAllowed);
    answer.destroy();
    return [200, 206, 416].includes(status) ? ofSize(lengthIn(answer), size) : ofStatus(status);
  } catch (fault) {
    return unreachable(fault);
  }
}

/**
 * Reads a whole file at its address and compares its digest; nothing is kept of it. More bytes than there should be are not read.
 * @param options.onBytes told of every piece; what it waits for slows the reading down
 */
export async function readReference(
  { url, size, sha256 }: { url: string; size: number; sha256: string },
  options: { isAllowed?: Allowed; onBytes?(count: number): Promise<void> | void; signal?: AbortSignal } = {},
): Promise<Looked & { bytes: number }> {
  const { isAllowed = isPublicAddress, onBytes, signal } = options;
  let bytes = 0;
  try {
    const { answer, status } = await askPublic(url, signal ? { signal } : {}, isAllowed);
    if (status !== 200) {
      answer.destroy();
      return { ...ofStatus(status), bytes };
    }
    const hash = createHash('sha256');
    // Leaving the loop destroys the answer.
    for await (const piece of answer as AsyncIterable<Buffer>) {
      signal?.throwIfAborted();
      bytes += piece.length;
      if (bytes > size) return { state: 'changed', note: `It has more than ${size} bytes now.`, bytes };
      hash.update(piece);
      await onBytes?.(piece.length);
    }
    if (bytes < size) return { ...ofSize(bytes, size), bytes };
    if (hash.digest('hex') === sha256) return { ...ofSize(size, size), bytes };
    return { state: 'changed', note: 'Its SHA-256 is another one now.', bytes };
  } catch (fault) {
    signal?.throwIfAborted();
    return { ...unreachable(fault), bytes };
  }
}

function unreachable(fault: unknown): Looked {
  if (fault instanceof AddressRefused) return { state: 'unreachable', note: fault.message.slice(0, 300) };
  if (fault instanceof Error && fault.name === 'TimeoutError')
    return { state: 'unreachable', note: 'Its server does not answer.' };
  // A connection that breaks off in the middle of the answer.
  if (fault instanceof Error && 'code' in fault)
    return { state: 'unreachable', note: `It broke off: ${fault.message}` };
  throw fault;
}
