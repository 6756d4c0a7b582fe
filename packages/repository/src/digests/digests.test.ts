import { createHash } from 'node:crypto';
import { linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { digestsOfFile, digestsOfOpenFile, digestsOfStream } from './digests.ts';
import { digestOfBytes } from './running-digest.ts';

const folder = mkdtempSync(join(tmpdir(), 'micrarium-digests-'));
afterAll(() => rmSync(folder, { recursive: true }));

const algorithms = ['sha512', 'md5', 'sha256'];
const small = 2 ** 18;
const piece = 2 ** 20;
/** On both sides of where a file is no longer small, and of the ends of pieces. */
const sizes = [0, 1, 10_000, small - 1, small, small + 1, piece, 3 * piece, 3 * piece + 1, 7_654_321];

function bytesOf(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at++) bytes[at] = Math.imul(at + 7, 2_654_435_761) >>> 24;
  return bytes;
}
const expected = (bytes: Uint8Array) => ({
  size: bytes.length,
  digests: algorithms.map((algorithm) => createHash(algorithm).update(bytes).digest('hex')),
});
function write(size: number): string {
  const path = join(folder, `${size}.bin`);
  writeFileSync(path, bytesOf(size));
  return path;
}
/** The bytes in pieces that fit nothing. */
async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

it.each(sizes)('gives the digests of a file and a stream of %i bytes, and tells of each byte once', async (size) => {
  const path = write(size);
  let told = 0;
  expect(await digestsOfFile(path, algorithms, (count) => void (told += count))).toEqual(expected(bytesOf(size)));
  expect(told).toBe(size);
  for (const length of [65_536, 99_999, 2_500_000])
    expect(await digestsOfStream(inPieces(bytesOf(size), length), algorithms)).toEqual(expected(bytesOf(size)));
});

it('digests many files at once, small and large, each as it would be alone', async () => {
  const many = Array.from({ length: 100 }, (_, at) => sizes[at % sizes.length]!);
  const found = await Promise.all(many.map((size) => digestsOfFile(join(folder, `${size}.bin`), algorithms)));
  expect(found).toEqual(many.map((size) => expected(bytesOf(size))));
});

it('writes what it digests, in order', async () => {
  const [from, to] = [await open(write(7_654_321), 'r'), await open(join(folder, 'copy.bin'), 'w')];
  const write_ = async (bytes: Uint8Array, at: number) => void (await to.write(bytes, 0, bytes.length, at));
  expect(await digestsOfOpenFile(from, ['sha512'], { write: write_ })).toMatchObject({ size: 7_654_321 });
  await Promise.all([from.close(), to.close()]);
  expect(readFileSync(join(folder, 'copy.bin')).equals(bytesOf(7_654_321))).toBe(true);
});

it('passes on what goes wrong, and goes on with the next file', async () => {
  const path = write(5 * piece);
  await expect(digestsOfFile(join(folder, 'none'), algorithms)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(digestsOfFile(folder, algorithms)).rejects.toMatchObject({ code: 'ENOENT' });
  const stop = () => {
    throw new Error('enough');
  };
  for (let time = 0; time < 20; time++) await expect(digestsOfFile(path, algorithms, stop)).rejects.toThrow('enough');
  await expect(digestsOfStream(inPieces(bytesOf(5 * piece), 99_999), algorithms, stop)).rejects.toThrow('enough');
  const handle = await open(path, 'r');
  const full = async () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  };
  await expect(digestsOfOpenFile(handle, algorithms, { write: full })).rejects.toMatchObject({ code: 'ENOSPC' });
  await handle.close();
  await expect(digestsOfFile(path, ['klingon'])).rejects.toThrow('digest');
  expect(await digestsOfFile(path, algorithms)).toEqual(expected(bytesOf(5 * piece)));
});

it('says which files are names of the same bytes', async () => {
  for (const size of [10, 5 * piece]) {
    const path = write(size);
    linkSync(path, `${path}.link`);
    const [one, other] = await Promise.all([path, `${path}.link`].map((name) => digestsOfFile(name, ['sha256'])));
    expect(one!.link).toBeDefined();
    expect(other!.link).toBe(one!.link);
  }
  expect((await digestsOfFile(write(11), ['sha256'])).link).toBeUndefined();
});

it('computes CRC-32C like other programs, of any bytes in any pieces', async () => {
  // Check value of the polynomial (RFC 3720, B.4, and every list of them).
  expect(digestOfBytes('crc32c', new TextEncoder().encode('123456789'))).toBe('e3069283');
  expect(digestOfBytes('crc32c', new Uint8Array(32))).toBe('8a9136aa');
  expect(digestOfBytes('crc32c', new Uint8Array(32).fill(0xff))).toBe('62a8ab43');
  expect(digestOfBytes('crc32c', new Uint8Array(0))).toBe('00000000');
  const bytes = bytesOf(3 * piece + 1);
  const whole = digestOfBytes('crc32c', bytes);
  for (const length of [65_535, 99_999])
    expect((await digestsOfStream(inPieces(bytes, length), ['crc32c'])).digests).toEqual([whole]);
  expect((await digestsOfFile(write(3 * piece + 1), ['md5', 'crc32c'])).digests[1]).toBe(whole);
});
