import { sha256Hex } from '@micrarium/formats';
import { expect, it } from 'vitest';
import { digestFile } from './digest-file.ts';

it('digests small files at once and large ones window by window, to the same digest', async () => {
  const bytes = new Uint8Array(17 * 2 ** 20).map((_, index) => (index * 31) & 255);
  const seen: number[] = [];
  expect(await digestFile(new Blob([bytes]), undefined, (fraction) => seen.push(fraction))).toBe(sha256Hex(bytes));
  expect(seen.at(-1)).toBe(1);
  expect(await digestFile(new Blob([bytes.subarray(0, 1000)]))).toBe(sha256Hex(bytes.subarray(0, 1000)));
  expect(await digestFile(new Blob([]))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

it('stops when asked to', async () => {
  const stop = AbortSignal.abort(new Error('enough'));
  await expect(digestFile(new Blob([new Uint8Array(20 * 2 ** 20)]), stop)).rejects.toThrow('enough');
});
