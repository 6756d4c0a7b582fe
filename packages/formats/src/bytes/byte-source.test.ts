import { afterEach, expect, it, vi } from 'vitest';
import { blobSource, httpSource, memorySource, sliceSource } from './byte-source.ts';
import { byteSourceSuite, suiteBytes } from './byte-source-suite.ts';

byteSourceSuite('memory', async () => memorySource('suite.bin', suiteBytes));
byteSourceSuite('blob', async () => blobSource('suite.bin', new Blob([new Uint8Array(suiteBytes)])));
byteSourceSuite('slice', async () => {
  const around = new Uint8Array(1200).fill(0xee);
  around.set(suiteBytes, 100);
  return sliceSource('suite.bin', memorySource('around', around), 100, suiteBytes.length);
});

afterEach(() => vi.unstubAllGlobals());

it('an answer that is shorter than what was asked for is asked for again past the cache, and then is a fault', async () => {
  const caches: (RequestCache | undefined)[] = [];
  const answering = (...lengths: number[]) =>
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      caches.push(init.cache);
      return new Response(new Uint8Array(lengths.shift()!), { status: 206 });
    });
  const source = httpSource('film.ozx', 'https://example.org/film.ozx', 100);
  answering(7, 10);
  expect(await source.read(20, 10)).toHaveLength(10);
  expect(caches).toEqual([undefined, 'reload']);
  answering(7, 7);
  await expect(source.read(20, 10)).rejects.toThrow('7 bytes came of the 10 asked for');
  answering(5);
  expect(await source.read(95, 10)).toHaveLength(5);
});
