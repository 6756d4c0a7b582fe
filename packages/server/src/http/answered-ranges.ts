import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestIdFor } from '../audit/request-id.ts';
import { type DirectBytes, pumpFile, readAtOnce, type ReadBytes, sendRead } from './direct-answer.ts';
import { type HeldFile, openFiles } from './open-files.ts';
import { rangeAsked } from './ranges.ts';
import { recentRanges } from './recent-ranges.ts';

/** What the application answered to an address: the headers but those of the range. */
interface Answered {
  file: string;
  /** Tells the file from another that took its place. */
  mark: string;
  size: number;
  headers: string[];
  until: number;
  again?: (bytes: number) => void;
}

/** Milliseconds for which an answer counts, as those of the catalogue do: a viewer asks for hundreds of chunks a second. */
const rememberedFor = 2_000;
/** Most answers kept; the oldest go first. */
const mostKept = 500;

const ofRange = new Set(['content-length', 'content-range', 'x-request-id']);
/** Requests with any of these are answered anew: they may get another answer than everybody. */
const personal = ['authorization', 'cookie', 'if-none-match', 'if-range', 'if-modified-since', 'origin'] as const;

/**
 * Answers ranges of public files that the application answered a moment ago, without asking it again: the gates, the catalogue and the
 * address are the same. Every write forgets all of them, and the file is looked at each time.
 */
export class AnsweredRanges {
  private readonly known = new Map<string, Answered>();
  private readonly now: () => number;
  /** Counts writes: what was asked before one is not remembered after it. */
  private writes = 0;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** To be called before and after everything that is no `GET` or `HEAD`. */
  forget(): void {
    this.writes++;
    this.known.clear();
  }

  /** A place in time, for `keep`. */
  get moment(): number {
    return this.writes;
  }

  /** Notes what the application answered with, if everybody gets the same. @param since `moment` before it was asked */
  keep(request: IncomingMessage, response: Response, bytes: DirectBytes, since: number): void {
    const isPublic = response.headers.get('cache-control')?.startsWith('public') === true;
    if (!isPublic || since !== this.writes || !isForAll(request)) return;
    const key = keyOf(request);
    this.known.delete(key);
    this.known.set(key, {
      file: bytes.file,
      mark: bytes.mark,
      size: bytes.size,
      headers: [...response.headers].filter(([name]) => !ofRange.has(name)).flat(),
      until: this.now() + rememberedFor,
      ...(bytes.again ? { again: bytes.again } : {}),
    });
    if (this.known.size > mostKept) this.known.delete(this.known.keys().next().value!);
  }

  /** Answers a request, if it can. @returns whether it did (or began to); else nothing was sent */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const key = keyOf(request);
    const known = request.method === 'GET' ? this.known.get(key) : undefined;
    if (!known || known.until < this.now() || !isForAll(request)) return false;
    const asked = rangeAsked(request.headers.range, known.size);
    if (asked === undefined || asked === 'outside') return false;
    const { start, end } = asked;
    const length = end - start + 1;
    const isRecent = recentRanges.has(known.mark, start, length);
    const quick = isRecent ? recentRanges.atOnce(() => openAndRead(known, start, length)) : undefined;
    const opened = quick ?? (await openFiles.acquire(known.file).catch(() => undefined));
    if (!opened) return false;
    const { file, done } = opened;
    try {
      // Another file under that name, or a write meanwhile: the application says what holds now.
      if (file.mark !== known.mark || this.known.get(key) !== known) return false;
      const range = ['content-length', String(length), 'content-range', `bytes ${start}-${end}/${known.size}`];
      known.again?.(length);
      const said = request.headers['x-request-id'];
      const id = requestIdFor(typeof said === 'string' ? said : undefined);
      response.writeHead(206, [...known.headers, ...range, 'x-request-id', id]);
      if (quick?.bytes) sendRead(response, quick.bytes);
      else await pumpFile(response, { fd: file.handle.fd, mark: file.mark, start, length });
    } finally {
      done();
    }
    return true;
  }
}

/** The file, if it is open and still the same, and the bytes where they are at hand. */
function openAndRead(
  { file, mark }: Answered,
  start: number,
  length: number,
): (HeldFile & { bytes?: ReadBytes }) | undefined {
  const held = openFiles.acquireOpen(file);
  if (!held || held.file.mark !== mark) return held;
  try {
    const bytes = readAtOnce(held.file.handle.fd, mark, start, length);
    return bytes ? { ...held, bytes } : held;
  } catch {
    // Asked again, the way through the thread pool tells what is wrong.
    return held;
  }
}

/** Each visitor is answered by the application first, which counts them; and each origin, which may lead to another. */
function keyOf({ url, headers, socket }: IncomingMessage): string {
  const from = [headers.host, socket.remoteAddress, headers['x-forwarded-for'], headers['user-agent']];
  return [url, ...from].join('\n');
}

function isForAll({ headers }: IncomingMessage): boolean {
  return personal.every((name) => headers[name] === undefined);
}
