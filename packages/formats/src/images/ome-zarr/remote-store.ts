import { isObject, joinPath, objectsOf, parsedMetadata, readNode, type ZarrNode } from './group-metadata.ts';
import { packedFor } from './chunk-decoder.ts';
import { metadataLimit, type TreeStore } from './tree-store.ts';

/** Why an address could not be opened. */
export type RemoteFault =
  /** It is no address on the web. */
  | 'no-address'
  /** No answer: the server is not there, or does not let pages of other sites read. A browser does not tell which. */
  | 'no-answer'
  /** The server refused; `status` says how. */
  | 'refused'
  /** There is something, but no metadata of an OME-Zarr. */
  | 'no-zarr';

/** An address elsewhere could not be opened as an OME-Zarr, or stopped answering while it was read. */
export class RemoteZarrError extends Error {
  override readonly name = 'RemoteZarrError';
  readonly fault: RemoteFault;
  readonly status: number | undefined;
  /** The address that was asked, where one was. */
  readonly url: string | undefined;

  constructor(fault: RemoteFault, { status, url, cause }: { status?: number; url?: string; cause?: unknown } = {}) {
    super(wordsOf(fault, url, status), cause === undefined ? {} : { cause });
    this.fault = fault;
    this.status = status;
    this.url = url;
  }
}

/** The fault in plain words, for whoever shows nothing but the message. */
function wordsOf(fault: RemoteFault, url = 'the server', status?: number): string {
  if (fault === 'no-answer') return `${url} gave no answer`;
  if (fault === 'refused') return `${url} refused (HTTP ${status})`;
  return fault === 'no-zarr' ? 'there is no OME-Zarr at this address' : 'this is no address on the web';
}

/** Answers larger than this are not taken for a chunk. */
const chunkLimit = 2 ** 30;
const metadataNames = ['zarr.json', '.zattrs', '.zgroup', '.zarray'];
/** Metadata of other files (OME-XML) larger than this are not fetched: the picture comes without them. */
const textLimit = 16 * 2 ** 20;
/** What stores answer for a file that is not there: those of Amazon say 403 to whoever may not list. */
const missing = new Set([403, 404, 410]);

/** Asks without cookies, and says plainly what is the matter. */
export async function ask(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer' });
  } catch (cause) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw new RemoteZarrError('no-answer', { url, cause });
  }
}

/** The error of an answer that is none. */
export function refused(url: string, { status }: Response): RemoteZarrError {
  return new RemoteZarrError('refused', { url, status });
}

async function bytesOf(answer: Response, limit: number): Promise<Uint8Array> {
  if (Number(answer.headers.get('content-length') ?? 0) > limit) {
    await answer.body?.cancel();
    throw new RangeError(`${answer.url} has more than ${limit} bytes`);
  }
  return new Uint8Array(await answer.arrayBuffer());
}

/** A hierarchy behind an address. Files cannot be listed there: metadata are asked for by name, chunks when they are needed. */
export class RemoteStore implements TreeStore {
  readonly paths: string[] = [];
  private readonly base: URL;
  private readonly texts = new Map<string, string>();
  /** Of the root: what lies below it is of the same, and is asked for by these names only. */
  private format: 2 | 3 | undefined;
  /** Does the server take ranges that count from the end? */
  private takesEnds = true;

  constructor(base: URL) {
    this.base = base;
  }

  has(path: string): boolean {
    return this.texts.has(path);
  }

  async text(path: string): Promise<string | undefined> {
    return this.texts.get(path);
  }

  /** Sets what a metadata file says, or is to say. */
  keep(path: string, value: unknown): void {
    if (!this.texts.has(path)) this.paths.push(path);
    this.texts.set(path, JSON.stringify(value));
  }

  /** Name of the file that holds the attributes of groups here. */
  get groupFile(): 'zarr.json' | '.zattrs' {
    return this.format === 2 ? '.zattrs' : 'zarr.json';
  }

  async bring(path: string, signal?: AbortSignal): Promise<void> {
    const node = await this.group(path, signal);
    const [multiscales] = objectsOf(node?.ome['multiscales']);
    const levels = objectsOf(multiscales?.['datasets']).map((dataset) => String(dataset['path'] ?? ''));
    const file = node?.zarrFormat === 3 ? 'zarr.json' : '.zarray';
    await Promise.all(levels.map((level) => this.want(joinPath(path, level, file), signal)));
  }

  /** Takes in the attributes of a group. @returns `undefined` where there is none */
  async group(path: string, signal?: AbortSignal): Promise<ZarrNode | undefined> {
    for (const file of ['zarr.json', '.zattrs'] as const) {
      if (this.format !== undefined && file !== this.groupFile) continue;
      if (!(this.texts.has(joinPath(path, file)) || (await this.want(joinPath(path, file), signal)))) continue;
      this.format ??= file === 'zarr.json' ? 3 : 2;
      return readNode(this, path, [], signal);
    }
    return undefined;
  }

  /** Text of a file that is no metadata of Zarr; `undefined` where there is none, or it is too large to wait for. */
  async fetchText(path: string, signal?: AbortSignal): Promise<string | undefined> {
    const answer = await ask(this.url(path), signal ? { signal } : {});
    if (!answer.ok || Number(answer.headers.get('content-length') ?? 0) > textLimit) {
      await answer.body?.cancel();
      return undefined;
    }
    return answer.text();
  }

  /** Takes in a metadata file. @returns whether it is there, and metadata */
  private async want(path: string, signal?: AbortSignal): Promise<boolean> {
    const answer = await ask(this.url(path), signal ? { signal } : {});
    if (missing.has(answer.status)) return false;
    if (!answer.ok) throw refused(this.url(path), answer);
    const value = parsedMetadata(new TextDecoder().decode(await bytesOf(answer, metadataLimit)));
    // A page that says "not found" with the status of success.
    if (!isObject(value)) return false;
    this.keep(path, value);
    return true;
  }

  async get(key: string, options: { signal?: AbortSignal } = {}): Promise<Uint8Array | undefined> {
    const known = this.texts.get(key.slice(1));
    if (known !== undefined) return new TextEncoder().encode(known);
    if (metadataNames.includes(key.slice(key.lastIndexOf('/') + 1))) return undefined;
    const answer = await ask(this.url(key.slice(1)), options);
    if (missing.has(answer.status)) return undefined;
    if (!answer.ok) throw refused(this.url(key.slice(1)), answer);
    return packedFor(await bytesOf(answer, chunkLimit), options.signal);
  }

  async getRange(
    key: string,
    range: { offset: number; length: number } | { suffixLength: number },
    options: { signal?: AbortSignal } = {},
  ): Promise<Uint8Array | undefined> {
    const isSuffix = 'suffixLength' in range;
    const length = isSuffix ? range.suffixLength : range.length;
    const first = isSuffix ? 0 : range.offset;
    if (![first, length].every((one) => Number.isSafeInteger(one) && one >= 0) || length > chunkLimit)
      throw new RangeError(`${key}: ${length} bytes at ${first}`);
    const url = this.url(key.slice(1));
    const answer = isSuffix
      ? await this.askEnd(url, length, options)
      : await ask(url, { ...options, headers: { range: `bytes=${first}-${first + length - 1}` } });
    if (missing.has(answer.status)) return undefined;
    if (!answer.ok) throw refused(url, answer);
    // A server that knows no ranges sends all of it.
    const bytes = await bytesOf(answer, chunkLimit);
    const part = answer.status === 206 ? bytes : isSuffix ? bytes.slice(-length) : bytes.slice(first, first + length);
    if (part.length !== length) throw new RangeError(`${key}: ${part.length} bytes came instead of ${length}`);
    return packedFor(part, options.signal);
  }

  /**
   * Asks for the last bytes. Browsers ask the server first whether other sites may send such a range, and many servers have no
   * answer to that: then its size is asked for, and a range that needs no asking.
   */
  private async askEnd(url: string, length: number, options: { signal?: AbortSignal }): Promise<Response> {
    if (this.takesEnds)
      try {
        return await ask(url, { ...options, headers: { range: `bytes=-${length}` } });
      } catch (fault) {
        if (!(fault instanceof RemoteZarrError)) throw fault;
      }
    const head = await ask(url, { ...options, method: 'HEAD' });
    if (!head.ok) return head;
    this.takesEnds = false;
    const size = Number(head.headers.get('content-length'));
    if (!(size >= length)) throw new RangeError(`${url} has ${size} bytes, fewer than ${length}`);
    return ask(url, { ...options, headers: { range: `bytes=${size - length}-${size - 1}` } });
  }

  private url(path: string): string {
    const url = new URL(this.base);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path.split('/').map(encodeURIComponent).join('/')}`;
    return url.href;
  }
}
