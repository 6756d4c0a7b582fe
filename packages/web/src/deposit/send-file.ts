import { provenBytes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import { DetailedError, Upload } from 'tus-js-client';
import { ApiError, api, pageTokenHeaders, routes } from '../app/api.ts';
import { pool } from '../workers/pool.ts';
import { listOf } from './file-list.ts';
import { FileChanged, mustBeReadable, type TakenFile } from './taken-files.ts';
import { type Sending, SendingRefused, type SendingWorld, type ServerFile } from './upload-queue.ts';

/** Bytes a request carries: each is confirmed by the server, so a drop costs at most this much. */
const chunkBytes = 64 * 2 ** 20;
/** Smaller files are sent whole in one request; there is nothing worth resuming. */
const smallBytes = 4 * 2 ** 20;
/** Digests of files from this size on are remembered over a reload. */
const longDigest = 200 * 2 ** 20;

/** Would trying again change nothing? Everything the server has decided about, except "later" and "busy". */
function isFinal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && ![408, 409, 423, 425, 429].includes(status);
}

function sendByTus(
  draft: string,
  sending: Sending,
  file: File,
  signal: AbortSignal,
  progress: (sent: number, stored: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let stored = 0;
    const stop = () => void upload.abort().finally(() => reject(signal.reason as Error));
    // The signal outlives very many files: what is sent is taken off it, lest it keep them all.
    const end = () => signal.removeEventListener('abort', stop);
    const upload = new Upload(file, {
      endpoint: '/api/v1/uploads',
      metadata: { draft, path: sending.path },
      chunkSize: chunkBytes,
      retryDelays: [0, 1000, 3000],
      storeFingerprintForResuming: true,
      removeFingerprintOnSuccess: true,
      fingerprint: async () => `micrarium-${draft}-${sending.path}-${file.size}-${sending.sha256 ?? file.lastModified}`,
      onBeforeRequest: (request) => {
        for (const [name, value] of Object.entries(pageTokenHeaders())) request.setHeader(name, value);
      },
      onProgress: (sent) => progress(sent, stored),
      onChunkComplete: (_size, accepted) => {
        stored = accepted;
        progress(accepted, accepted);
      },
      // What the server answers the queue waits out, and says; broken lines are tried again here first.
      onShouldRetry: (error) =>
        error.originalResponse === null || [409, 423].includes(error.originalResponse.getStatus()),
      onSuccess: () => {
        end();
        resolve();
      },
      onError: (error) => {
        end();
        const answer = error instanceof DetailedError ? error.originalResponse : undefined;
        if (answer) reject(faultOf(answer.getStatus(), answer.getBody()));
        else reject(error);
      },
    });
    signal.addEventListener('abort', stop, { once: true });
    void upload
      .findPreviousUploads()
      .catch(() => [])
      .then(async ([previous]) => {
        if (previous && (await holdsBytesOf(previous.uploadUrl, file, signal)))
          upload.resumeFromPreviousUpload(previous);
        if (!signal.aborted) upload.start();
      })
      .catch((error: unknown) => {
        end();
        reject(error as Error);
      });
  });
}

/** Does what the server stored of an upload consist of the first bytes of the file? One that does not is dropped, and the file sent from its start. */
async function holdsBytesOf(url: string | null, file: File, signal: AbortSignal): Promise<boolean> {
  const id = url?.split('/').at(-1);
  if (!url || id === undefined) return false;
  const digestOf = (from: number, bytes: number) => {
    const part = new File([file.slice(from, from + bytes)], file.name);
    const files = listOf([{ path: file.name, size: part.size, open: async () => part }]);
    return pool.ask<'digest'>({ kind: 'digest', files }, { signal, open: async () => part });
  };
  try {
    if ((await provenBytes(api, id, digestOf, signal)) !== undefined) return true;
  } catch (error) {
    // Gone or finished, or the network is away: asking for the offset tells.
    if (error instanceof ApiError || error instanceof TypeError) return true;
    throw error;
  }
  const headers = { 'tus-resumable': '1.0.0', ...pageTokenHeaders() };
  await fetch(url, { method: 'DELETE', headers, signal }).catch(() => undefined);
  return false;
}

/** Sends a small file whole; the server compares the digest before it takes it. */
async function sendWhole(draft: string, sending: Sending, file: File, signal: AbortSignal): Promise<void> {
  const { path, sha256 } = sending;
  const digest = sha256 === undefined ? undefined : btoa(String.fromCharCode(...bytesOfHex(sha256)));
  const answer = await fetch(api.url(routes.putDraftFile, { params: { draft, path } }), {
    method: 'PUT',
    body: file,
    signal,
    headers: {
      'content-type': 'application/octet-stream',
      ...pageTokenHeaders(),
      ...(digest === undefined ? {} : { 'content-digest': `sha-256=:${digest}:` }),
    },
  });
  if (answer.ok) return;
  throw faultOf(answer.status, await answer.text());
}

/** Sends small files whole in one tar; those that are gone or changed, and all that the server refuses, are left to be sent alone. */
async function sendTogether(
  draft: string,
  parcel: readonly Sending[],
  signal: AbortSignal,
): Promise<(ServerFile | undefined)[]> {
  const read = await Promise.all(
    parcel.map(async ({ file, path }) =>
      file!
        .open()
        .then((bytes) => bytes.arrayBuffer())
        .then(
          (bytes) => ({ path, bytes: new Uint8Array(bytes) }),
          () => undefined,
        ),
    ),
  );
  const whole = read.filter((one) => one !== undefined);
  const answer = await fetch(api.url(routes.putDraftFiles, { params: { draft } }), {
    method: 'POST',
    body: tarOf(whole) as Uint8Array<ArrayBuffer>,
    signal,
    headers: { 'content-type': 'application/x-tar', ...pageTokenHeaders() },
  });
  const body = await answer.text();
  if (!answer.ok && !isFinal(answer.status)) throw faultOf(answer.status, body);
  const files = answer.ok ? (JSON.parse(body) as { files: ServerFile[] }).files : [];
  const stand = new Map(files.map((one) => [one.path, one]));
  return parcel.map(({ path }) => stand.get(path));
}

function bytesOfHex(hex: string): number[] {
  return (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

/** What the server answered, in its own words where it sent a problem: refused for good, or to be tried again. */
function faultOf(status: number, body: string | undefined): Error {
  let problem: { detail?: string; title?: string; code?: string } | undefined;
  try {
    problem = JSON.parse(body ?? '') as NonNullable<typeof problem>;
  } catch {
    // A proxy's own page, or nothing.
  }
  const message = problem?.detail ?? problem?.title ?? `HTTP ${status}`;
  return decided(new ApiError(status, problem?.code ?? 'no-problem', message, problem));
}

/** A refusal for good where trying again changes nothing. */
function decided(fault: ApiError): Error {
  // The answer to a token of the page that is out of date brings the right one.
  return isFinal(fault.status) && fault.code !== 'page-token-wrong'
    ? new SendingRefused(fault.message, { cause: fault })
    : fault;
}

/** Digests of large files, remembered by draft, path, size and time of change. */
async function rememberedDigest(draft: string, file: TakenFile, digest: () => Promise<string>): Promise<string> {
  if (file.size < longDigest) return digest();
  const key = `micrarium.sha256.${draft}.${file.path}.${file.size}.${file.modifiedAt}`;
  try {
    const known = localStorage.getItem(key);
    if (known !== null) return known;
  } catch {
    return digest();
  }
  const fresh = await digest();
  try {
    localStorage.setItem(key, fresh);
  } catch {
    // Will be computed again.
  }
  return fresh;
}

/** Resolves after a while that doubles with every attempt (1 s to 60 s), or at once when the network comes back. */
function pause(attempt: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, Math.min(60_000, 1000 * 2 ** attempt));
    function done() {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    }
    addEventListener('online', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** A file that was changed or is gone cannot be sent, however often one tries; that it is one is asked where a try failed. */
async function unlessChanged<Answer>(file: TakenFile, attempt: () => Promise<Answer>): Promise<Answer> {
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof SendingRefused) throw error;
    try {
      await mustBeReadable(file);
    } catch (change) {
      if (change instanceof FileChanged) throw new SendingRefused(change.message, { cause: change });
    }
    throw error;
  }
}

/** The real world of the upload queue: our interface, tus, and the pool of workers. */
export function sendingToServer(draft: string): SendingWorld {
  return {
    async announce(files) {
      try {
        return (await api.call(routes.expectFiles, { params: { draft }, body: { files } })).files;
      } catch (error) {
        throw error instanceof ApiError ? decided(error) : error;
      }
    },
    digest: (file, signal) =>
      rememberedDigest(draft, file, () =>
        unlessChanged(file, () =>
          pool.ask<'digest'>({ kind: 'digest', files: listOf([file]) }, { signal, open: () => file.open() }),
        ),
      ),
    send: (sending, signal, progress) =>
      unlessChanged(sending.file!, async () => {
        const file = await sending.file!.open();
        if (sending.size <= smallBytes) await sendWhole(draft, sending, file, signal);
        else await sendByTus(draft, sending, file, signal, progress);
      }),
    sendTogether: (parcel, signal) => sendTogether(draft, parcel, signal),
    pause,
  };
}
