import { sideBySide } from '@micrarium/repository';
import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { noteStep, type SpanFacts } from '../../tracing/tracing.ts';
import { ObjectStorageFault } from './object-storage-fault.ts';
import { childText, readXml, type XmlElement } from './read-xml.ts';
import { gathered } from './gathered-pieces.ts';

/** How a bucket is reached. */
export interface BucketSettings {
  /** Address of the storage without the bucket. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Before every key; empty, or ends with `/`. */
  prefix: string;
  /** `bucket.host/key` instead of `host/bucket/key`. */
  isVirtualHost?: boolean;
  /** Address under which people's programs reach the storage; with it, large downloads are sent there. */
  publicEndpoint?: string;
  /** Milliseconds an answer may take, besides what its bytes need. */
  timeout?: number;
  /** How often a request is made at most. */
  attempts?: number;
  /** Objects asked for at once in a list. */
  pageSize?: number;
  /** Bytes that are sent in one go, and of each part of what is larger. */
  partSize?: number;
  /** Least bytes of a part that is not the last; S3 demands 5 MiB. */
  leastPart?: number;
}

/** An object, as a list tells it. */
export interface ListedObject {
  key: string;
  size: number;
}

interface Asked {
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
  signal?: AbortSignal | undefined;
}

interface Answer {
  status: number;
  headers: Headers;
  bytes: Uint8Array;
}

const MiB = 2 ** 20;
/** Largest object that is copied in one request; more goes in parts. */
const largestCopy = 5 * 2 ** 30;
/** The limit of S3: parts of one object. */
const mostParts = 10_000;
/** Bytes asked for at once while an object is read through. */
const window = 8 * MiB;

/** A part of an object that is put together: a range of another object, or small objects joined. */
export type PartSource = { key: string; offset: number; length: number } | { joined: readonly ListedObject[] };

/**
 * One bucket of an S3-compatible storage: signed requests with limits of time, tried again where that may help. Bytes are held to their MD5
 * on the way in (by the storage's entity tag) and to their length on the way out; what they are is the business of the digests above.
 */
export class Bucket {
  readonly settings: BucketSettings;
  private readonly client: AwsClient;
  private copiesParts = true;
  private takesConditions = true;

  constructor(settings: BucketSettings) {
    this.settings = settings;
    const { accessKeyId, secretAccessKey, region } = settings;
    this.client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 });
  }

  /** Makes the bucket, where it is not there. */
  async create(): Promise<void> {
    await this.ask('PUT', undefined, {}, [200, 409]);
  }

  /** Stores an object in one go. @returns `false` where `onlyNew` was asked and there is one already (of storages that can tell) */
  async put(key: string, bytes: Uint8Array, options: { onlyNew?: boolean } = {}): Promise<boolean> {
    const isAsked = options.onlyNew === true && this.takesConditions;
    const headers = isAsked ? { 'if-none-match': '*' } : {};
    const answer = await this.ask('PUT', key, { body: bytes, headers }, isAsked ? [200, 412, 501] : [200, 412]);
    if (answer.status === 412) return false;
    if (answer.status === 501) {
      // OpenStack Swift takes no conditions. Of two who store at one moment the last then counts, and both have looked before.
      this.takesConditions = false;
      return await this.put(key, bytes, options);
    }
    this.holdToDigest(key, bytes, answer);
    return true;
  }

  /** Bytes of a whole object. @throws ObjectStorageFault `missing` */
  async get(key: string): Promise<Uint8Array> {
    return (await this.ask('GET', key, {}, [200])).bytes;
  }

  /** Bytes of a whole object, `undefined` where there is none. */
  async getIfThere(key: string): Promise<Uint8Array | undefined> {
    try {
      return await this.get(key);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /** A range of an object that is known to hold it. @throws ObjectStorageFault */
  async range(key: string, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array> {
    if (length <= 0) return new Uint8Array(0);
    const headers = { range: `bytes=${offset}-${offset + length - 1}` };
    const { bytes, status } = await this.ask('GET', key, { headers, signal }, [200, 206], length);
    const part = status === 200 ? bytes.subarray(offset, offset + length) : bytes;
    if (part.length !== length)
      throw new ObjectStorageFault('damaged', `${key} gave ${part.length} of ${length} bytes at ${offset}`, status);
    return part;
  }

  /** All bytes of an object in order, in pieces of at most 8 MiB, the next one on its way while one is used. */
  async *stream(key: string, from = 0, to?: number): AsyncGenerator<Uint8Array> {
    const end = to ?? (await this.sizeOf(key));
    if (end === undefined) throw new ObjectStorageFault('missing', `There is no object ${key}`, 404);
    const fetch = (at: number) => (at < end ? this.range(key, at, Math.min(window, end - at)) : undefined);
    let next = fetch(from);
    for (let at = from; next; ) {
      const bytes = await next;
      at += bytes.length;
      next = fetch(at);
      // Should the reader stop here, the fault of a piece nobody waits for is nobody's.
      next?.catch(() => {});
      yield bytes;
    }
  }

  /** Size of an object; `undefined` where there is none. */
  async sizeOf(key: string): Promise<number | undefined> {
    const { status, headers } = await this.ask('HEAD', key, {}, [200, 404]);
    return status === 404 ? undefined : Number(headers.get('content-length'));
  }

  /** Removes an object that may be gone already. */
  async remove(key: string): Promise<void> {
    await this.ask('DELETE', key, {}, [200, 204, 404]);
  }

  /** Removes everything below a prefix. */
  async removeBelow(prefix: string): Promise<void> {
    const keys: string[] = [];
    for await (const { key } of this.list(prefix)) keys.push(key);
    await sideBySide(keys, (key) => this.remove(key));
  }

  /** Every object below a prefix, in the order of its key. */
  async *list(prefix: string): AsyncGenerator<ListedObject> {
    for await (const page of this.pages(prefix))
      for (const one of page.children)
        if (one.name === 'Contents')
          yield { key: this.withoutPrefix(childText(one, 'Key')), size: Number(childText(one, 'Size')) };
  }

  /** Names of the "folders" directly below a prefix that ends with `/` or is empty, without their slash. */
  async *folders(prefix: string): AsyncGenerator<string> {
    for await (const page of this.pages(prefix, '/'))
      for (const one of page.children)
        if (one.name === 'CommonPrefixes')
          yield this.withoutPrefix(childText(one, 'Prefix')).slice(prefix.length).replace(/\/$/, '');
  }

  /** Copies an object within the bucket, without its bytes coming here. */
  async copy(from: string, to: string, size: number): Promise<void> {
    if (size > largestCopy) {
      const length = Math.max(2 ** 30, Math.ceil(size / mostParts));
      const parts: PartSource[] = [];
      for (let offset = 0; offset < size; offset += length)
        parts.push({ key: from, offset, length: Math.min(length, size - offset) });
      return await this.assemble(to, parts);
    }
    const answer = await this.ask('PUT', to, { headers: { 'x-amz-copy-source': this.sourceOf(from) } }, [200], size);
    // A copy that takes long is answered before it is done: the failure is told in the body.
    this.refuseError(to, answer);
  }

  /** Stores bytes of any size, read piece by piece. */
  async putFrom(key: string, size: number, read: (offset: number, length: number) => Promise<Uint8Array>) {
    if (size <= this.partSize) return void (await this.put(key, await read(0, size)));
    const length = Math.max(this.partSize, Math.ceil(size / mostParts));
    const offsets = Array.from({ length: Math.ceil(size / length) }, (_, at) => at * length);
    await this.inParts(key, offsets.length, async (uploadId, at) => {
      const bytes = await read(offsets[at]!, Math.min(length, size - offsets[at]!));
      return await this.sendPart(key, uploadId, at + 1, bytes);
    });
  }

  /** Stores bytes that come piece by piece, however many they will be; at most one part of them is in memory. */
  async putStream(key: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const parts = gathered(pieces, this.partSize);
    const first = await parts.next();
    // Only the last part is smaller than a part is.
    if (first.done === true || first.value.length < this.partSize)
      return void (await this.put(key, first.value ?? new Uint8Array(0)));
    await this.multipart(key, async (uploadId) => {
      const etags: string[] = [];
      for (let next: IteratorResult<Uint8Array> = first; next.done !== true; next = await parts.next())
        etags.push(await this.sendPart(key, uploadId, etags.length + 1, next.value));
      return etags;
    });
  }

  /** Puts an object together of others; every part but the last has at least `leastPart` bytes. */
  async assemble(key: string, parts: readonly PartSource[]): Promise<void> {
    await this.inParts(key, parts.length, async (uploadId, at) => {
      const part = parts[at]!;
      if ('joined' in part) return await this.sendPart(key, uploadId, at + 1, await this.joined(part.joined));
      const etag = this.copiesParts ? await this.copyPart(key, uploadId, at + 1, part) : undefined;
      return etag ?? (await this.sendRange(key, uploadId, at + 1, part));
    });
  }

  /** Least size of a part that is not the last. */
  get leastPart(): number {
    return this.settings.leastPart ?? 5 * MiB;
  }

  /** Bytes that are sent in one go. */
  get partSize(): number {
    return this.settings.partSize ?? 16 * MiB;
  }

  /** Parts of one object at most. */
  get mostParts(): number {
    return mostParts;
  }

  /** An address by which anybody may read one object for some time, as a download of a name. */
  async presigned(key: string, seconds: number, answer: Record<string, string> = {}): Promise<string> {
    const url = this.urlOf(key, this.settings.publicEndpoint ?? this.settings.endpoint);
    url.searchParams.set('X-Amz-Expires', String(seconds));
    for (const [name, value] of Object.entries(answer)) url.searchParams.set(`response-${name}`, value);
    return (await this.client.sign(url.href, { method: 'GET', aws: { signQuery: true } })).url;
  }

  /** Pages of a list, by the first version of the call: every storage knows it, and its marker is a plain key. */
  private async *pages(prefix: string, delimiter?: string): AsyncGenerator<XmlElement> {
    let marker = '';
    do {
      const query: Record<string, string> = {
        prefix: this.settings.prefix + prefix,
        'max-keys': String(this.settings.pageSize ?? 1000),
        ...(delimiter === undefined ? {} : { delimiter }),
        ...(marker === '' ? {} : { marker }),
      };
      const { bytes } = await this.ask('GET', undefined, { query }, [200]);
      const page = readXml(new TextDecoder().decode(bytes));
      yield page;
      marker = childText(page, 'IsTruncated') === 'true' ? nextMarker(page) : '';
    } while (marker !== '');
  }

  private async inParts(
    key: string,
    count: number,
    send: (uploadId: string, at: number) => Promise<string>,
  ): Promise<void> {
    await this.multipart(key, async (uploadId) => {
      const etags: string[] = Array.from({ length: count }, () => '');
      // Two at once: one is on its way while the next is read.
      await sideBySide(
        etags.map((_etag, at) => at),
        async (at) => {
          etags[at] = await send(uploadId, at);
        },
        2,
      );
      return etags;
    });
  }

  /** @param sendAll sends the parts, and gives their entity tags in order */
  private async multipart(key: string, sendAll: (uploadId: string) => Promise<string[]>): Promise<void> {
    const begun = await this.ask('POST', key, { query: { uploads: '' } }, [200]);
    const uploadId = childText(readXml(new TextDecoder().decode(begun.bytes)), 'UploadId');
    try {
      const etags = await sendAll(uploadId);
      const list = etags.map((etag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
      const body = new TextEncoder().encode(
        `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`,
      );
      this.refuseError(key, await this.ask('POST', key, { query: { uploadId }, body }, [200]));
    } catch (error) {
      await this.ask('DELETE', key, { query: { uploadId } }, [200, 204, 404]).catch(() => {});
      throw error;
    }
  }

  private async joined(objects: readonly ListedObject[]): Promise<Uint8Array> {
    const all: Uint8Array[] = [];
    for (const { key, size } of objects) all.push(await this.range(key, 0, size));
    return Buffer.concat(all);
  }

  private async sendPart(key: string, uploadId: string, number: number, bytes: Uint8Array): Promise<string> {
    const query = { partNumber: String(number), uploadId };
    const answer = await this.ask('PUT', key, { query, body: bytes }, [200]);
    this.holdToDigest(key, bytes, answer);
    return (answer.headers.get('etag') ?? '').replaceAll('"', '');
  }

  /** @returns `undefined` where the storage does not copy parts */
  private async copyPart(
    key: string,
    uploadId: string,
    number: number,
    { key: from, offset, length }: { key: string; offset: number; length: number },
  ): Promise<string | undefined> {
    const headers = {
      'x-amz-copy-source': this.sourceOf(from),
      'x-amz-copy-source-range': `bytes=${offset}-${offset + length - 1}`,
    };
    const query = { partNumber: String(number), uploadId };
    const { bytes } = await this.ask('PUT', key, { query, headers }, [200, 400, 405, 501], length);
    const text = new TextDecoder().decode(bytes);
    // Storages that do not know this store an empty part and say nothing.
    const result = text.includes('CopyPartResult') ? readXml(text) : undefined;
    if (result) return childText(result, 'ETag').replaceAll('"', '');
    this.copiesParts = false;
    return undefined;
  }

  private async sendRange(
    key: string,
    uploadId: string,
    number: number,
    { key: from, offset, length }: { key: string; offset: number; length: number },
  ): Promise<string> {
    return await this.sendPart(key, uploadId, number, await this.range(from, offset, length));
  }

  /** Where the tag of an object is its MD5, it must be that of the bytes that were sent. */
  private holdToDigest(key: string, bytes: Uint8Array, { headers }: Answer): void {
    const encryption = headers.get('x-amz-server-side-encryption') ?? 'AES256';
    const etag = (headers.get('etag') ?? '').replaceAll('"', '').toLowerCase();
    if (encryption !== 'AES256' || !/^[0-9a-f]{32}$/.test(etag)) return;
    if (headers.has('x-amz-server-side-encryption-customer-algorithm')) return;
    if (createHash('md5').update(bytes).digest('hex') !== etag)
      throw new ObjectStorageFault('damaged', `${key} arrived at the storage with other bytes`);
  }

  private refuseError(key: string, { bytes, status }: Answer): void {
    const text = new TextDecoder().decode(bytes);
    if (/<Error[ >]/.test(text))
      throw new ObjectStorageFault('unreachable', `${key}: the storage says ${text.slice(0, 300)}`, status);
  }

  private withoutPrefix(key: string): string {
    return key.slice(this.settings.prefix.length);
  }

  private sourceOf(key: string): string {
    return `/${this.settings.bucket}/${encodedKey(this.settings.prefix + key)}`;
  }

  private urlOf(key: string | undefined, endpoint = this.settings.endpoint): URL {
    const { bucket, prefix, isVirtualHost } = this.settings;
    const base = new URL(endpoint);
    if (isVirtualHost) base.hostname = `${bucket}.${base.hostname}`;
    const folder = base.pathname.replace(/\/$/, '') + (isVirtualHost ? '' : `/${bucket}`);
    return new URL(`${base.origin}${folder}${key === undefined ? '' : `/${encodedKey(prefix + key)}`}`);
  }

  /** One request, made again after a fault of the way or the storage's own. */
  private async ask(
    method: string,
    key: string | undefined,
    asked: Asked,
    expected: readonly number[],
    length = asked.body?.length ?? 0,
  ): Promise<Answer> {
    const attempts = this.settings.attempts ?? 5;
    const what = `${method} ${key ?? 'list'}`;
    for (let attempt = 1; ; attempt++) {
      asked.signal?.throwIfAborted();
      const began = performance.now();
      const answer = await this.once(method, key, asked, length).catch((error: unknown) => {
        asked.signal?.throwIfAborted();
        return error instanceof Error ? error : new Error(String(error));
      });
      noteRequest(method, answer, { attempt, sent: length }, performance.now() - began);
      if (!(answer instanceof Error)) {
        if (expected.includes(answer.status)) return answer;
        const fault = faultOf(what, answer);
        if (fault.kind !== 'unreachable' || attempt >= attempts) throw fault;
      } else if (attempt >= attempts)
        throw new ObjectStorageFault('unreachable', `${what}: no answer from the object storage`, 0, { cause: answer });
      // 100, 200, 400 ... milliseconds and some chance, so that many processes do not come back as one.
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** (attempt - 1) * (0.5 + Math.random())));
    }
  }

  private async once(method: string, key: string | undefined, asked: Asked, length: number): Promise<Answer> {
    const url = this.urlOf(key);
    for (const [name, value] of Object.entries(asked.query ?? {})) url.searchParams.set(name, value);
    const body = asked.body as Uint8Array<ArrayBuffer> | undefined;
    const digest = createHash('sha256')
      .update(body ?? '')
      .digest('hex');
    const headers = { ...asked.headers, 'x-amz-content-sha256': digest };
    const signed = await this.client.sign(url.href, { method, headers, ...(body ? { body } : {}) });
    // What a slow line needs for the bytes comes on top: one megabyte a second.
    const limit = AbortSignal.timeout((this.settings.timeout ?? 20_000) + Math.ceil(length / 1000));
    const signal = asked.signal ? AbortSignal.any([limit, asked.signal]) : limit;
    const response = await fetch(signed.url, {
      method,
      headers: signed.headers,
      signal,
      ...(body ? { body } : {}),
    });
    return {
      status: response.status,
      headers: response.headers,
      bytes: new Uint8Array(await response.arrayBuffer()),
    };
  }
}

/** Where the next page of a list begins: as told, else after the last of this one. */
function nextMarker(page: XmlElement): string {
  const told = childText(page, 'NextMarker');
  if (told !== '') return told;
  const names = page.children.map((one) =>
    one.name === 'Contents' ? childText(one, 'Key') : one.name === 'CommonPrefixes' ? childText(one, 'Prefix') : '',
  );
  return names.reduce((last, name) => (name > last ? name : last), '');
}

/** Notes a request as a step of the span it is made for; without the key, which may be the name of a file. */
function noteRequest(
  method: string,
  answer: Answer | Error,
  { attempt, sent }: { attempt: number; sent: number },
  milliseconds: number,
): void {
  const facts = (): SpanFacts => ({
    'http.request.method': method,
    'micrarium.attempt': attempt,
    'http.request.body.size': sent,
    ...(answer instanceof Error
      ? {}
      : { 'http.response.status_code': answer.status, 'http.response.body.size': answer.bytes.length }),
  });
  noteStep('storage', () => `storage ${method}`, facts, milliseconds, answer instanceof Error ? answer : undefined);
}

/** Does the fault say that there is no such object? */
export function isMissing(error: unknown): boolean {
  return error instanceof ObjectStorageFault && error.kind === 'missing';
}

function encodedKey(key: string): string {
  return key
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
}

function faultOf(what: string, { status, bytes }: Answer): ObjectStorageFault {
  const text = new TextDecoder().decode(bytes.subarray(0, 4096));
  const code = /<Code>([^<]{1,100})<\/Code>/.exec(text)?.[1] ?? '';
  const message = `${what}: the object storage answered ${status} ${code}`.trimEnd();
  if (status === 507 || /^(QuotaExceeded|XMinioStorageFull|EntityTooLarge)$/.test(code))
    return new ObjectStorageFault('full', message, status);
  if (status === 404) return new ObjectStorageFault(code === 'NoSuchBucket' ? 'refused' : 'missing', message, status);
  if (status === 416) return new ObjectStorageFault('damaged', message, status);
  const isTemporary =
    status >= 500 || status === 429 || status === 408 || /^(RequestTimeout|SlowDown|BadDigest)$/.test(code);
  return new ObjectStorageFault(isTemporary ? 'unreachable' : 'refused', message, status);
}
