import type { PixelBlock } from '@micrarium/model';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { leftZipEntries } from '../../containers/zip/left-entries.ts';
import type { FileSink, LeftBehind } from '../../tracks/track-reader.ts';
import type { ImagePixels } from '../image-reader.ts';
import { omeZarrWriter } from './ome-zarr-writer.ts';

const sizes = { t: 2, c: 2, z: 2, y: 20, x: 33 };

/** Two images whose planes are counted as they are read. */
function images(): { all: ImagePixels[]; read(): number } {
  let planes = 0;
  const one = (seed: number): ImagePixels => ({
    description: { name: `i${seed}`, sizes, type: 'uint16', channels: [{ name: '' }, { name: '' }] },
    levels: [{ width: 33, height: 20, depth: 2, tileWidth: 33, tileHeight: 20 }],
    async readRegion({ t, c, z }, region = { x: 0, y: 0, width: 33, height: 20 }): Promise<PixelBlock> {
      planes++;
      // Some stacks are nothing but 0 and leave no shard.
      const factor = (t + c) % 3 === 2 ? 0 : 1;
      const data = Uint16Array.from({ length: region.width * region.height }, (_, n) => {
        const [y, x] = [region.y + Math.floor(n / region.width), region.x + (n % region.width)];
        return factor * ((seed * 977 + t * 541 + c * 271 + z * 83 + y * 13 + x * 7) % 4093);
      });
      return { width: region.width, height: region.height, samples: 1, type: 'uint16', data };
    },
  });
  return { all: [one(1), one(2)], read: () => planes };
}

/** A sink that breaks off after so many writes, keeping what it got. */
function breakingSink(budget: number, kept: Map<string, number[]>): FileSink {
  let writes = 0;
  return {
    async create(path) {
      const bytes = kept.get(path) ?? [];
      kept.set(path, bytes);
      return {
        async write(part) {
          if (writes++ >= budget) throw new Error('broken off');
          for (const byte of part) bytes.push(byte);
        },
        async close() {
          kept.set(`done ${path}`, []);
        },
      };
    },
  };
}

/** What is left of a run: complete files, or the complete entries of the zip (which is cut behind them). */
async function leftOf(kept: Map<string, number[]>, container: 'zip' | 'folder'): Promise<LeftBehind> {
  if (container === 'folder') {
    const whole = [...kept.keys()].filter((path) => kept.has(`done ${path}`));
    for (const path of Array.from(kept.keys()))
      if (!path.startsWith('done ') && !whole.includes(path)) kept.delete(path);
    return { files: whole };
  }
  const bytes = Uint8Array.from(kept.get('') ?? []);
  const { entries, end } = await leftZipEntries(memorySource('', bytes));
  kept.set('', [...bytes.subarray(0, end)]);
  return { files: entries.map(({ path }) => path), entries };
}

test.each([
  ['zip', '0.5'],
  ['folder', '0.5'],
  ['folder', '0.4'],
] as const)(
  'a run that was broken off goes on behind its last shard and gives the same bytes (%s, %s)',
  async (container, version) => {
    const writer = omeZarrWriter({ container, version, chunkSide: 16 });
    const whole = new Map<string, number[]>();
    await writer.write(images().all, breakingSink(Number.POSITIVE_INFINITY, whole));
    const all = images();
    await writer.write(all.all, breakingSink(Number.POSITIVE_INFINITY, new Map()));
    let fewest = all.read();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 3 }), async (breaks) => {
        const kept = new Map<string, number[]>();
        for (const budget of [...breaks, Number.POSITIVE_INFINITY]) {
          const left = await leftOf(kept, container);
          const again = images();
          await writer.write(again.all, breakingSink(budget, kept), { left }).catch((error: unknown) => {
            expect(String(error)).toContain('broken off');
          });
          if (budget === Number.POSITIVE_INFINITY) fewest = Math.min(fewest, again.read());
        }
        expect([...kept.keys()].sort().filter((path) => !path.startsWith('done '))).toEqual(
          [...whole.keys()].sort().filter((path) => !path.startsWith('done ')),
        );
        for (const [path, bytes] of whole)
          expect(Buffer.from(kept.get(path) ?? []).equals(Buffer.from(bytes))).toBe(true);
      }),
      { numRuns: 12 },
    );
    // Stacks that were complete are not even read again.
    expect(fewest).toBeLessThan(all.read());
  },
);
