import { createHash } from 'node:crypto';
import { routes } from '@micrarium/api';
import { tarOf } from '@micrarium/formats';
import type { DigestedFile } from './local-files.ts';
import type { Sending } from './send-files.ts';

/**
 * Sends a parcel of small files in one request, and tries again where the server is not there or busy.
 * @param delays waits between tries, in milliseconds
 * @returns the files that it did not take, to be sent one by one: each is told then what is the matter with it. So is everything where the server
 * is one that takes no tar
 * @throws the signal's reason
 */
export async function sendTogether(
  files: readonly DigestedFile[],
  sending: Sending,
  delays: readonly number[],
): Promise<readonly DigestedFile[]> {
  const read = await Promise.all(files.map(async (file) => ({ file, bytes: await bytesAsDigested(file) })));
  const whole = read.flatMap(({ file, bytes }) => (bytes === undefined ? [] : [{ path: file.path, bytes }]));
  const body = tarOf(whole);
  const url = sending.client.url(routes.putDraftFiles, { params: { draft: sending.draft } });
  for (const delay of [...delays, undefined]) {
    const status = await fetch(url, {
      method: 'POST',
      body: body as Uint8Array<ArrayBuffer>,
      headers: { authorization: `Bearer ${sending.token}`, 'content-type': 'application/x-tar' },
      signal: sending.signal,
    }).then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      },
      () => 0,
    );
    sending.signal.throwIfAborted();
    if (status === 200) {
      for (const { file, bytes } of read) if (bytes !== undefined) sending.onSent(file.path, file.size);
      return read.filter(({ bytes }) => bytes === undefined).map(({ file }) => file);
    }
    const isBusy = status === 0 || status >= 500 || [408, 409, 423, 425, 429].includes(status);
    if (!isBusy || delay === undefined) return files;
    await pause(delay, sending.signal);
  }
  return files;
}

/** The bytes of a file, if they are still those whose digest was announced. */
async function bytesAsDigested(file: DigestedFile): Promise<Uint8Array | undefined> {
  const source = await file.entry.open();
  try {
    const bytes = await source.read(0, file.size);
    return createHash('sha256').update(bytes).digest('hex') === file.sha256 ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    await file.entry.close?.();
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}
