import type { Issue } from '@micrarium/model';
import { type ByteSource, httpSource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { openZip } from '../../containers/zip/open-zip.ts';
import type { OpenedImages } from '../image-reader.ts';
import { packedFor } from './chunk-decoder.ts';
import { isObject, joinPath, objectsOf } from './group-metadata.ts';
import { imagesOfStore, zarrRootOf } from './ome-zarr-reader.ts';
import { metadataLimit, treeStore, type TreeStore } from './tree-store.ts';

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

/** Images that are looked up in a plate or a series: each costs requests before the first picture. */
const mostImages = 12;
/** Answers larger than this are not taken for a chunk. */
const chunkLimit = 2 ** 30;
const metadataNames = ['zarr.json', '.zattrs', '.zgroup', '.zarray'];
/** What stores answer for a file that is not there: those of Amazon say 403 to whoever may not list. */
const missing = new Set([403, 404, 410]);

/** Asks without cookies, and says plainly what is the matter. */
async function ask(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: 'omit', referrerPolicy: 'no-referrer' });
  } catch (cause) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw new RemoteZarrError('no-answer', { url, cause });
  }
}

function refused(url: string, { status }: Response): RemoteZarrError {
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
class RemoteStore implements TreeStore {
  readonly paths: string[] = [];
  private readonly base: URL;
  private readonly texts = new Map<string, string>();
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

  /** Takes in a metadata file, if it is there. */
  async want(path: string, signal?: AbortSignal): Promise<unknown> {
    const answer = await ask(this.url(path), signal ? { signal } : {});
    if (missing.has(answer.status)) return undefined;
    if (!answer.ok) throw refused(this.url(path), answer);
    const text = new TextDecoder().decode(await bytesOf(answer, metadataLimit));
    try {
      const value: unknown = JSON.parse(text);
      this.keep(path, text);
      return value;
    } catch {
      // A page that says "not found" with the status of success.
      return undefined;
    }
  }

  keep(path: string, text: string): void {
    if (!this.texts.has(path)) this.paths.push(path);
    this.texts.set(path, text);
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

/** Attributes of a group whose metadata were taken in; `undefined` where there is none. */
async function wantGroup(store: RemoteStore, path: string, signal?: AbortSignal) {
  const v3 = await store.want(joinPath(path, 'zarr.json'), signal);
  if (isObject(v3)) {
    const attributes = isObject(v3['attributes']) ? v3['attributes'] : {};
    return { isV3: true, document: v3, attributes, ome: isObject(attributes['ome']) ? attributes['ome'] : {} };
  }
  const attributes = await store.want(joinPath(path, '.zattrs'), signal);
  return isObject(attributes) ? { isV3: false, document: attributes, attributes, ome: attributes } : undefined;
}

type Group = NonNullable<Awaited<ReturnType<typeof wantGroup>>>;

async function wantLevels(store: RemoteStore, path: string, { ome, isV3 }: Group, signal?: AbortSignal): Promise<void> {
  const [multiscales] = objectsOf(ome['multiscales']);
  const levels = objectsOf(multiscales?.['datasets']).map((dataset) => String(dataset['path'] ?? ''));
  await Promise.all(levels.map((level) => store.want(joinPath(path, level, isV3 ? 'zarr.json' : '.zarray'), signal)));
}

/** Takes in the groups of images, at most twelve, and says which of those listed they are. */
async function wantImages(store: RemoteStore, paths: readonly string[], signal?: AbortSignal): Promise<string[]> {
  const shown = paths.slice(0, mostImages);
  await Promise.all(
    shown.map(async (path) => {
      const group = await wantGroup(store, path, signal);
      if (group) await wantLevels(store, path, group, signal);
    }),
  );
  return shown;
}

/** Takes in the metadata of everything below a plate or a series that is to be seen; the rest of the list is left out. */
async function wantBelow(store: RemoteStore, root: Group, signal?: AbortSignal): Promise<void> {
  const block = root.ome;
  if (isObject(block['plate'])) {
    const wells = objectsOf(block['plate']['wells']).slice(0, mostImages);
    const fields = await Promise.all(
      wells.map(async (well) => {
        const path = String(well['path'] ?? '');
        const group = await wantGroup(store, path, signal);
        const images = isObject(group?.ome['well']) ? objectsOf(group.ome['well']['images']) : [];
        return images.slice(0, 1).map((image) => joinPath(path, String(image['path'] ?? '')));
      }),
    );
    await wantImages(store, fields.flat(), signal);
    Object.assign(block['plate'], { wells });
    store.keep(root.isV3 ? 'zarr.json' : '.zattrs', JSON.stringify(root.document));
    return;
  }
  if (isObject(block['well']))
    return void (await wantImages(
      store,
      objectsOf(block['well']['images']).map((image) => String(image['path'] ?? '')),
      signal,
    ));
  if (block['bioformats2raw.layout'] === undefined && root.attributes['bioformats2raw.layout'] === undefined) return;
  const ome = await wantGroup(store, 'OME', signal);
  const listed = ome?.ome['series'];
  if (ome && Array.isArray(listed)) {
    const series = listed.filter((path) => typeof path === 'string').slice(0, mostImages);
    Object.assign(ome.ome, { series: await wantImages(store, series, signal) });
    return store.keep(ome.isV3 ? 'OME/zarr.json' : 'OME/.zattrs', JSON.stringify(ome.document));
  }
  // Numbered from 0; asked for one after the other, so that a server is not asked for eleven that are not there.
  for (let n = 0; n < mostImages; n++) {
    const group = await wantGroup(store, String(n), signal);
    if (!group) break;
    await wantLevels(store, String(n), group, signal);
  }
}

/** An address as one of a hierarchy: without the name of a metadata file that was copied along. */
function addressOf(address: string): URL {
  const text = address.trim();
  if (!URL.canParse(text)) throw new RemoteZarrError('no-address');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new RemoteZarrError('no-address');
  url.pathname = url.pathname.replace(/\/(zarr\.json|\.zattrs|\.zgroup|\.zmetadata)$/, '/');
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

/** A file elsewhere by ranges; where no answer comes, the error says of which address. */
function remoteSource(name: string, url: string, size: number): ByteSource {
  const source = httpSource(name, url, size, { credentials: 'omit', referrerPolicy: 'no-referrer' });
  return {
    ...source,
    async read(offset, length, signal) {
      try {
        return await source.read(offset, length, signal);
      } catch (cause) {
        // What `fetch` throws where it has no answer at all.
        if (!(cause instanceof TypeError)) throw cause;
        throw new RemoteZarrError('no-answer', { url, cause });
      }
    },
  };
}

async function openRemoteZip(url: URL, name: string, signal?: AbortSignal): Promise<OpenedImages> {
  const head = await ask(url.href, { method: 'HEAD', ...(signal ? { signal } : {}) });
  if (!head.ok) throw refused(url.href, head);
  const source = remoteSource(name, url.href, Number(head.headers.get('content-length') ?? 0));
  const { tree, issues } = await openZip(source, signal ? { signal } : {}).catch((cause: unknown) => {
    throw cause instanceof RemoteZarrError ? cause : new RemoteZarrError('no-zarr', { cause });
  });
  const root = zarrRootOf(tree);
  if (root === undefined) throw new RemoteZarrError('no-zarr');
  return imagesOfStore(
    treeStore(fileTree(name, tree.entries), root),
    { name, path: name },
    [...issues],
    signal ? { signal } : {},
  );
}

/**
 * Opens an OME-Zarr (0.1 to 0.5; folder, `.ozx` or `.zip`) behind an address, without cookies and without asking any other
 * server. Of a plate or a series the first twelve images are looked up.
 * @throws RemoteZarrError
 */
export async function openRemoteZarr(address: string, signal?: AbortSignal): Promise<OpenedImages> {
  const url = addressOf(address);
  const name = decodeURIComponent(url.pathname.replace(/\/+$/, '').split('/').at(-1) ?? '') || url.hostname;
  if (/\.(ozx|zip)$/i.test(url.pathname)) return openRemoteZip(url, name, signal);
  const store = new RemoteStore(url);
  const root = await wantGroup(store, '', signal);
  if (!root) throw new RemoteZarrError('no-zarr');
  await wantLevels(store, '', root, signal);
  await wantBelow(store, root, signal);
  const issues: Issue[] = [];
  const plain = name.replace(/(\.ome)?\.zarr$/i, '');
  return imagesOfStore(store, { name: plain, path: name }, issues, signal ? { signal } : {});
}
