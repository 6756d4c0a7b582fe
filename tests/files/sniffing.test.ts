import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type FileEntry, findItems } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { expect, test } from 'vitest';

const data = resolve(import.meta.dirname, '../../../shared/data');
const present = existsSync(data);
if (!present) console.warn(`shared data are absent (${data}): the files of this test were not looked at`);

const head = 64 * 1024;
/** Files whose index may lie anywhere: TIFF directories, HDF5 groups, compound documents, the directory of a zip. */
const hasIndex = /\.(tiff?|lsm|stk|h5|ims|xls|xlsx|oib|zip|ozx|mastodon|czi|lif|nd2|dv|parquet)$/;
/**
 * A zip's directory is as long as it has entries. The groups of an HDF5 file lie scattered over it, and each is fetched with the 64 KiB
 * around it. No other index here takes more.
 */
const largestIndex = (path: string): number =>
  path.endsWith('.zip') ? Number.POSITIVE_INFINITY : path.endsWith('.h5') ? 1024 * 1024 : 256 * 1024;

/** What recognition read of each file: bytes beyond the first 64 KiB, none counted twice. */
async function readBeyondHead(room: string): Promise<Map<string, { beyond: number; size: number }>> {
  const read = new Map<string, { beyond: number; size: number }>();
  const tree = await openFolder(join(data, room));
  const watched = tree.entries.map((entry): FileEntry => {
    const ranges: [number, number][] = [];
    return {
      path: entry.path,
      size: entry.size,
      async open() {
        const source = await entry.open();
        return {
          name: source.name,
          size: source.size,
          async read(offset, length, signal) {
            ranges.push([Math.max(head, offset), Math.min(source.size, offset + length)]);
            read.set(entry.path, { beyond: covered(ranges), size: source.size });
            return source.read(offset, length, signal);
          },
        };
      },
      close: async () => entry.close?.(),
    };
  });
  await findItems({ ...tree, entries: watched });
  return read;
}

function covered(ranges: readonly (readonly [number, number])[]): number {
  let bytes = 0;
  let reached = 0;
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    bytes += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return bytes;
}

test.runIf(present)('of a text only its first 64 KiB are looked at, of other files also their index', async () => {
  const rooms = await Promise.all(['tracks', 'bd5', 'images', 'metadata', 'preservation'].map(readBeyondHead));
  const files = rooms.flatMap((room) => [...room]).filter(([, { size }]) => size > head);
  expect(files.length).toBeGreaterThan(30);
  const further = files.filter(([, { beyond }]) => beyond > 0);
  expect(further.filter(([path]) => !hasIndex.test(path))).toEqual([]);
  expect(further.filter(([path, { beyond }]) => beyond > largestIndex(path))).toEqual([]);
});
