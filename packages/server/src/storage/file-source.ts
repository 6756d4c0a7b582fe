import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ByteSource } from '@micrarium/formats';

/** Opens a file as a byte source that holds one handle until closed. @throws the system's error where the file cannot be opened */
export async function openFileSource(
  path: string,
  name: string = basename(path),
): Promise<ByteSource & { close(): Promise<void> }> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  let isOpen = true;
  return {
    name,
    size,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      const wanted = Math.max(0, Math.min(length, size - offset));
      const bytes = new Uint8Array(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await handle.read(bytes, filled, wanted - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled === wanted ? bytes : bytes.slice(0, filled);
    },
    async close() {
      if (isOpen) await handle.close();
      isOpen = false;
    },
  };
}
