import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { DigestAnswer, DigestRequest, SmallFile } from './digest-threads.ts';
import { digestOfBytes, type RunningDigest, startDigest } from './running-digest.ts';
import { linkOf, smallFileBytes } from './small-file.ts';

/** Worker thread: digests of bytes that lie in shared memory, piece by piece, and of small files, which it reads itself. */
const begun = new Map<number, RunningDigest>();
const room = new Uint8Array(smallFileBytes + 1);

/** Reads and digests a small file; says of a large one only that it is large. */
function ofSmallFile(path: string, algorithms: readonly string[]): SmallFile {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const about = fstatSync(file);
    if (!about.isFile()) return { code: 'ENOENT', message: `${path} is no file` };
    let size = 0;
    for (let read = -1; read !== 0 && size <= smallFileBytes; size += read)
      read = readSync(file, room, size, room.length - size, null);
    if (size > smallFileBytes) return { isLarge: true };
    const bytes = room.subarray(0, size);
    const digests = algorithms.map((algorithm) => digestOfBytes(algorithm, bytes));
    return { size, digests, ...linkOf(about) };
  } catch (error) {
    const { code = 'EIO', message } = error as NodeJS.ErrnoException;
    return { code, message };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function answerTo(request: DigestRequest): DigestAnswer | undefined {
  if (request.kind === 'files')
    return { id: request.id, files: request.files.map(({ path, algorithms }) => ofSmallFile(path, algorithms)) };
  const { id, stream } = request;
  if (request.kind === 'piece') {
    const hash = begun.get(stream) ?? startDigest(request.algorithm);
    begun.set(stream, hash);
    hash.update(new Uint8Array(request.memory, 0, request.length));
    return { id };
  }
  const hash = begun.get(stream) ?? startDigest(request.algorithm);
  begun.delete(stream);
  return { id, digest: hash.hex() };
}

parentPort?.on('message', (request: DigestRequest) => {
  let answer: DigestAnswer | undefined;
  try {
    answer = answerTo(request);
  } catch (error) {
    answer = { id: request.id, problem: String(error) };
  }
  parentPort?.postMessage(answer);
});
