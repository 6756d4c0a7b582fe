import { createWriteStream } from 'node:fs';
import { lookup as lookUpName } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Why something elsewhere was not had, for pages that say it in their language. */
export interface OutsideReason {
  code:
    | 'address-unread'
    | 'scheme'
    | 'address-password'
    | 'not-public'
    | 'too-many-redirects'
    | 'answered'
    | 'no-answer'
    | 'broken-off'
    | 'too-large';
  host?: string;
  status?: number;
}

/** The address may not be asked, or did not answer with a file. The message is for the person who named it. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
  readonly reason: OutsideReason;

  constructor(message: string, reason: OutsideReason, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Networks that are not the public internet (IANA special-purpose registries). */
const closed = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  // Teredo and others for protocols, documentation, 6to4: inside each may be an address of version 4, or none.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closed.addSubnet(network, bits, 'ipv6');
/** All that is given out of version 6; everything else is local, for translation, or for later. */
const givenOut = new BlockList();
givenOut.addSubnet('2000::', 3, 'ipv6');

/** Is an IP address one of the public internet? Addresses of version 4 written as version 6 are judged as what they are. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPublicAddress(mapped);
  if (version === 4) return !closed.check(address, 'ipv4');
  return givenOut.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

const mostRedirects = 5;
/** Milliseconds without a byte after which a server counts as gone. */
const patience = 60_000;

/** May an IP address be asked, of a server that is named so (`host` or `host:port`)? */
export type AddressRule = (address: string, host: string) => boolean;

/** What is asked of a server that somebody named. */
export interface PublicRequest {
  /** What is posted is not posted on: the answer may lead elsewhere, and is given back as it is. */
  method?: 'GET' | 'HEAD' | 'PROPFIND' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  signal?: AbortSignal;
}

/** An answer whose bytes wait to be read: whoever does not read them destroys it. */
export interface PublicAnswer {
  /** Address that answered at last. */
  url: URL;
  status: number;
  answer: IncomingMessage;
}

/**
 * Asks a server of the public internet: `http` and `https` only, without credentials in the address, never at an address of a closed network
 * (looked at where the connection is made, so that a name cannot change its mind), through at most five redirections that are judged alike.
 * What proves who asks is not sent on to another server.
 * @throws AddressRefused, and the signal's reason
 */
export async function askPublic(
  address: string,
  request: PublicRequest = {},
  isAllowed: AddressRule = isPublicAddress,
): Promise<PublicAnswer> {
  let next = address;
  let headers = request.headers ?? {};
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const url = judgedAddress(next, isAllowed);
    const answer = await ask(url, { ...request, headers }, isAllowed);
    const status = answer.statusCode ?? 0;
    const { location } = answer.headers;
    if (status < 300 || status >= 400 || location === undefined || request.method === 'POST')
      return { url, status, answer };
    answer.destroy();
    if (!URL.canParse(location, url))
      throw new AddressRefused(`${url.host} leads on to what is no address.`, {
        code: 'address-unread',
        host: url.host,
      });
    const to = new URL(location, url);
    if (to.origin !== url.origin) headers = withoutSecrets(headers);
    next = to.href;
  }
  throw new AddressRefused(`The address leads on more than ${mostRedirects} times.`, { code: 'too-many-redirects' });
}

const withoutSecrets = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(authorization|cookie|x-amz-security-token)$/i.test(name)),
  );

/**
 * Fetches a file of the public internet, as `askPublic` asks, and no more than so many bytes.
 * @param isAllowed for tests: which IP addresses may be asked
 * @returns address the file came from at last
 * @throws AddressRefused
 */
export async function fetchPublicFile(
  address: string,
  target: string,
  { mostBytes, isAllowed = isPublicAddress }: { mostBytes: number; isAllowed?: AddressRule },
): Promise<string> {
  const { url, status, answer } = await askPublic(address, {}, isAllowed);
  if (status !== 200) {
    answer.destroy();
    throw new AddressRefused(`${url.host} answered ${status}.`, { code: 'answered', host: url.host, status });
  }
  await store(answer, target, mostBytes);
  return url.href;
}

/** An address that may be asked, as far as it tells by itself: of a name that is judged where it is looked up. @throws AddressRefused */
export function judgedAddress(address: string, isAllowed: AddressRule): URL {
  if (!URL.canParse(address)) throw new AddressRefused('This is no address.', { code: 'address-unread' });
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new AddressRefused('Only addresses of http and https are fetched.', { code: 'scheme' });
  if (url.username !== '' || url.password !== '')
    throw new AddressRefused('An address with a password is not fetched.', { code: 'address-password' });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowed(host, url.host))
    throw new AddressRefused(`${host} is no public address.`, { code: 'not-public', host });
  return url;
}

/** What the system says of a connection, in words; what is rare as it says it. */
const connectionWords: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection broke off.',
  EPIPE: 'the connection broke off.',
  ECONNREFUSED: 'nobody takes the connection.',
  ENOTFOUND: 'there is no such host.',
  EAI_AGAIN: 'its name could not be looked up just now.',
  ETIMEDOUT: 'it does not answer.',
  EHOSTUNREACH: 'it cannot be reached from here.',
  ENETUNREACH: 'it cannot be reached from here.',
};
const whyNot = (fault: Error & { code?: string }) => connectionWords[fault.code ?? ''] ?? fault.message;
const reasonOf = (fault: Error & { code?: string }, host: string): OutsideReason => ({
  code: fault.code === 'ECONNRESET' || fault.code === 'EPIPE' ? 'broken-off' : 'no-answer',
  host,
});

function ask(url: URL, request: PublicRequest, isAllowed: AddressRule): Promise<IncomingMessage> {
  const lookup: LookupFunction = (name, options, done) => {
    lookUpName(name, { ...options, all: true }, (fault, found) => {
      if (fault) return done(fault, '', 0);
      const good = found.filter((one) => isAllowed(one.address, url.host));
      const [first] = good;
      if (!first)
        return done(new AddressRefused(`${name} is no public address.`, { code: 'not-public', host: name }), '', 0);
      if (options.all) done(null, good);
      else done(null, first.address, first.family);
    });
  };
  const { method = 'GET', headers, body, signal } = request;
  return new Promise((resolve, reject) => {
    const asked = (url.protocol === 'https:' ? https : http).request(
      url,
      {
        method,
        lookup,
        headers: { 'user-agent': 'Micrarium', 'accept-encoding': 'identity', ...headers },
        timeout: patience,
        agent: false,
        ...(signal ? { signal } : {}),
      },
      resolve,
    );
    asked.on('timeout', () =>
      asked.destroy(new AddressRefused(`${url.host} does not answer.`, { code: 'no-answer', host: url.host })),
    );
    asked.on('error', (fault) => {
      if (signal?.aborted) reject(signal.reason);
      else if (fault instanceof AddressRefused) reject(fault);
      else reject(new AddressRefused(`${url.host}: ${whyNot(fault)}`, reasonOf(fault, url.host), { cause: fault }));
    });
    asked.end(body);
  });
}

async function store(answer: IncomingMessage, target: string, mostBytes: number): Promise<void> {
  let size = 0;
  const counted = new Transform({
    transform(piece: Buffer, _encoding, done) {
      size += piece.length;
      if (size > mostBytes)
        done(new AddressRefused(`The file is larger than ${Math.round(mostBytes / 1e6)} MB.`, { code: 'too-large' }));
      else done(null, piece);
    },
  });
  try {
    await pipeline(answer, counted, createWriteStream(target));
  } catch (fault) {
    if (fault instanceof AddressRefused) throw fault;
    throw new AddressRefused(
      `The file broke off: ${(fault as Error).message}`,
      { code: 'broken-off' },
      { cause: fault },
    );
  }
}
