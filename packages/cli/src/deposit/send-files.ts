import { createHash } from 'node:crypto';
import { apiBase, ApiError, type Client, parcelsOf, provenBytes } from '@micrarium/api';
import type { ByteSource } from '@micrarium/formats';
import { DetailedError, Upload } from 'tus-js-client';
import { type DepositMemory, uploadKey } from './deposit-memory.ts';
import type { DigestedFile } from './local-files.ts';
import { sendTogether } from './send-together.ts';

/** Bytes of one request: each is confirmed by the server, and so many are held in memory for each file on its way. */
const pieceBytes = 16 * 2 ** 20;
/** Bytes read at once where stored parts are compared. */
const windowBytes = 4 * 2 ** 20;
/** Files sent side by side. */
const sideBySide = 4;
/** Waits between tries, in milliseconds: about two minutes in all, time enough to start a server again. */
const retryDelays = [0, 500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000];

/** Where files go. */
export interface Sending {
  client: Client;
  server: string;
  token: string;
  draft: string;
  memory: DepositMemory;
  signal: AbortSignal;
  /** Bytes of a file that the server has or that are on their way. */
  onSent(path: string, bytes: number): void;
}

/** A file that could not be sent, and why, in words. */
export interface Unsent {
  path: string;
  reason: string;
}

/**
 * Sends files: small ones many in one request, the others by tus, each from where the server's copy ends. One that fails does not hold up the others.
 * @returns those that could not be sent
 * @throws the signal's reason
 */
export async function sendFiles(files: readonly DigestedFile[], sending: Sending): Promise<Unsent[]> {
  const isBegun = (file: DigestedFile) => sending.memory.upload(uploadKey(sending.draft, file)) !== undefined;
  const { parcels, alone } = parcelsOf(files.filter((file) => !isBegun(file)));
  const waiting = [...files.filter(isBegun), ...alone];
  const unsent: Unsent[] = [];
  const work = async () => {
    for (let parcel = parcels.shift(); parcel; parcel = parcels.shift()) {
      sending.signal.throwIfAborted();
      waiting.push(...(await sendTogether(parcel, sending, retryDelays)));
    }
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      sending.signal.throwIfAborted();
      const reason = await sendFile(file, sending);
      if (reason !== undefined) unsent.push({ path: file.path, reason });
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: sideBySide }, work));
  sending.signal.throwIfAborted();
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason as Error;
  return unsent;
}

/** A file as tus reads it: in pieces, never as a whole. */
function pieces(source: ByteSource) {
  return {
    openFile: async () => ({
      size: source.size,
      async slice(start: number, end: number) {
        const length = Math.min(end, source.size) - start;
        const value = Buffer.from(await source.read(start, length));
        if (value.length < length) throw new Error('the file became shorter while it was sent');
        // The client asks the value itself for its size.
        return { value: Object.assign(value, { size: length }), done: start + length >= source.size };
      },
      close() {},
    }),
  };
}

/**
 * The upload that was begun before, where what it holds are the first bytes of the file; else it is dropped, and the file sent from its start.
 * @param url of the upload, if one is known
 */
async function provenUpload(
  url: string | undefined,
  file: DigestedFile,
  source: ByteSource,
  { client, token, signal }: Sending,
): Promise<string | undefined> {
  const upload = url?.split('/').at(-1);
  if (url === undefined || upload === undefined) return undefined;
  const digestOf = async (from: number, length: number) => {
    const hash = createHash('sha256');
    for (let at = from; at < Math.min(from + length, file.size); ) {
      const bytes = await source.read(at, Math.min(windowBytes, from + length - at), signal);
      if (bytes.length === 0) break;
      hash.update(bytes);
      at += bytes.length;
    }
    return hash.digest('hex');
  };
  try {
    if ((await provenBytes(client, upload, digestOf, signal)) !== undefined) return url;
  } catch (fault) {
    signal.throwIfAborted();
    // Gone, finished, or not known to a server of an older version: asking for its offset tells.
    if (fault instanceof ApiError) return url;
    throw fault;
  }
  await fetch(url, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' },
    signal,
  }).catch(() => undefined);
  return undefined;
}

/** @returns why the file could not be sent, or `undefined` */
async function sendFile(file: DigestedFile, sending: Sending): Promise<string | undefined> {
  const { memory, signal } = sending;
  const key = uploadKey(sending.draft, file);
  const source = await file.entry.open();
  try {
    const known = await provenUpload(memory.upload(key), file, source, sending);
    return await new Promise<string | undefined>((resolve, reject) => {
      const upload = new Upload(Buffer.alloc(0), {
        endpoint: `${sending.server}${apiBase}/uploads`,
        ...(known === undefined ? {} : { uploadUrl: known }),
        headers: { authorization: `Bearer ${sending.token}` },
        metadata: { draft: sending.draft, path: file.path },
        uploadSize: file.size,
        chunkSize: pieceBytes,
        retryDelays,
        storeFingerprintForResuming: false,
        fileReader: pieces(source),
        onShouldRetry: (error) => error.originalRequest !== null && !isFinal(error.originalResponse?.getStatus()),
        onProgress: (sent) => sending.onSent(file.path, sent),
        onChunkComplete: (_size, accepted) => sending.onSent(file.path, accepted),
        onUploadUrlAvailable: () => {
          if (upload.url !== null && upload.url !== known) void memory.note({ upload: [key, upload.url] });
        },
        onError: (error) => settle(wordsOf(error)),
        onSuccess: () => {
          sending.onSent(file.path, file.size);
          void memory.note({ upload: [key, undefined] }).then(() => settle(undefined));
        },
      });
      const stop = () => void upload.abort().finally(() => reject(signal.reason as Error));
      const settle = (reason: string | undefined) => {
        signal.removeEventListener('abort', stop);
        resolve(reason);
      };
      signal.addEventListener('abort', stop, { once: true });
      upload.start();
    });
  } finally {
    await file.entry.close?.();
  }
}

/** Has the server decided? Anything but "busy", "held by another" and faults of its own. */
function isFinal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && ![408, 409, 423, 425, 429].includes(status);
}

function wordsOf(error: Error | DetailedError): string {
  const answer = error instanceof DetailedError ? error.originalResponse : undefined;
  const body = answer?.getBody().trim();
  if (answer)
    return `${body === '' || body === undefined ? 'the server refused it' : body.slice(0, 300)} (HTTP ${answer.getStatus()})`;
  // The client's own words hold addresses and more; the cause stands at their end.
  return /caused by (?:Error: )?([^,]*)/.exec(error.message)?.[1] ?? error.message;
}
