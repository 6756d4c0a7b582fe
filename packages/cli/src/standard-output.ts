import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { FileSink } from '@micrarium/formats';
import { type WrittenFile, writeCompletely } from '@micrarium/formats/node';
import { removeWhenKilled } from './leftovers.ts';
import { writeBytes } from './terminal.ts';

/** Writes one file to a stream, but only once it is complete: a failure leaves the stream untouched. */
export async function writeToStream(
  out: Writable,
  write: (sink: FileSink) => Promise<void>,
): Promise<readonly WrittenFile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-'));
  const isDone = removeWhenKilled(folder);
  try {
    const path = join(folder, 'out');
    const written = await writeCompletely(path, write);
    for await (const part of createReadStream(path)) await writeBytes(out, part as Uint8Array);
    return written;
  } finally {
    await rm(folder, { recursive: true, force: true });
    isDone();
  }
}
