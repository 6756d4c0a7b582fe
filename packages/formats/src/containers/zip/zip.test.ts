import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { crc32 } from './crc32.ts';
import { openZip } from './open-zip.ts';
import { zipLength, ZipWriteError, zipWriter } from './write-zip.ts';

function memoryOut() {
  const parts: Uint8Array[] = [];
  return {
    async write(bytes: Uint8Array) {
      parts.push(bytes.slice());
    },
    bytes: () => new Uint8Array(Buffer.concat(parts)),
  };
}

const text = (value: string) => new TextEncoder().encode(value);

describe('crc32', () => {
  it('gives the check value of the standard and continues', () => {
    expect(crc32(text('123456789'))).toBe(0xcbf43926);
    expect(crc32(text('6789'), crc32(text('12345')))).toBe(0xcbf43926);
  });
});

describe('limits', () => {
  it('refuses a directory with more entries than are taken, whole', async () => {
    const out = memoryOut();
    const zip = zipWriter(out);
    for (const path of ['a', 'b', 'c']) await zip.add(path, [text(path)]);
    await zip.finish();
    const source = () => memorySource('many.zip', out.bytes());
    const refused = await openZip(source(), { maxEntries: 2 });
    expect(refused.issues.map(({ code }) => code)).toEqual(['zip-too-many-entries']);
    expect(refused.tree.entries).toEqual([]);
    expect((await openZip(source(), { maxEntries: 3 })).tree.entries).toHaveLength(3);
  });
});

describe('zipWriter and openZip', () => {
  it('round trip any names and bytes, with the length known in advance', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            path: fc.stringMatching(/^[a-zé漢 _-]{1,12}$/).map((name) => `f/${name.normalize('NFC').trim()}x`),
            bytes: fc.uint8Array({ maxLength: 300 }),
            streamed: fc.boolean(),
          }),
          { selector: (file) => file.path, maxLength: 12 },
        ),
        async (files) => {
          const out = memoryOut();
          const zip = zipWriter(out, { comment: 'a comment' });
          for (const file of files) {
            if (!file.streamed) await zip.add(file.path, [file.bytes]);
            else {
              const writer = await zip.create(file.path);
              await writer.write(file.bytes);
              await writer.close();
            }
          }
          const written = await zip.finish();
          const bytes = out.bytes();
          expect(bytes.length).toBe(
            zipLength(
              files.map((file) => ({ path: file.path, size: file.bytes.length })),
              'a comment',
            ),
          );
          for (const [n, entry] of written.entries())
            expect(bytes.slice(entry.offset, entry.offset + entry.size)).toEqual(files[n]!.bytes);
          const opened = await openZip(memorySource('a.zip', bytes));
          expect(opened.issues.filter((issue) => issue.severity === 'error')).toEqual([]);
          expect(opened.comment).toBe('a comment');
          expect(await opened.verify()).toEqual([]);
          expect(opened.tree.entries.length).toBe(files.length);
          for (const file of files) {
            const entry = opened.tree.entries.find((one) => one.path === file.path)!;
            const source = await entry.open();
            expect(await source.read(0, 1000)).toEqual(file.bytes);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('writes the size after the data of a long streamed entry', async () => {
    const out = memoryOut();
    const zip = zipWriter(out);
    const writer = await zip.create('long.bin');
    for (let n = 0; n < 9; n++) await writer.write(new Uint8Array(2 ** 20).fill(n));
    await writer.close();
    await zip.add('after.txt', [text('after')]);
    await zip.finish();
    const opened = await openZip(memorySource('a.zip', out.bytes()));
    expect(await opened.verify()).toEqual([]);
    expect(opened.tree.entries.map((entry) => [entry.path, entry.size])).toEqual([
      ['after.txt', 5],
      ['long.bin', 9 * 2 ** 20],
    ]);
  });

  it('needs zip64 above 65,534 entries', async () => {
    const out = memoryOut();
    const zip = zipWriter(out);
    const files = Array.from({ length: 70_000 }, (_, n) => ({ path: `c/${n}`, size: 0 }));
    for (const file of files) await zip.add(file.path, []);
    await zip.finish();
    expect(out.bytes().length).toBe(zipLength(files));
    const opened = await openZip(memorySource('a.zip', out.bytes()));
    expect(opened.issues).toEqual([]);
    expect(opened.tree.entries.length).toBe(70_000);
  });

  it('writes what was written before once more, byte for byte, without the bytes that nobody wants', async () => {
    const files = [
      { path: 'small', bytes: text('a few bytes') },
      { path: 'large', bytes: new Uint8Array(9 * 2 ** 20).map((_, n) => n % 251) },
      { path: 'empty', bytes: new Uint8Array(0) },
    ];
    const first = memoryOut();
    const zip = zipWriter(first);
    for (const { path, bytes } of files) {
      const entry = await zip.create(path);
      await entry.write(bytes);
      await entry.close();
    }
    const written = await zip.finish();
    const whole = first.bytes();
    expect(whole.length).toBe(
      zipLength(files.map(({ path, bytes }) => ({ path, size: bytes.length, isStreamed: true }))),
    );
    const second = memoryOut();
    let passed = 0;
    const again = zipWriter({
      ...second,
      pass: async (count) => {
        passed += count;
        await second.write(new Uint8Array(count));
      },
    });
    for (const [at, { path, bytes }] of files.entries()) {
      const entry = await again.createAgain(path, bytes.length, written[at]!.crc32);
      const skipped = bytes.length >> 1;
      await entry.pass(skipped);
      await entry.write(bytes.subarray(skipped));
      await entry.close();
    }
    await again.finish();
    const bytes = second.bytes();
    expect(passed).toBe(5 + 9 * 2 ** 19);
    for (const [at, file] of files.entries())
      bytes.set(file.bytes.subarray(0, file.bytes.length >> 1), written[at]!.offset);
    expect(Buffer.compare(bytes, whole)).toBe(0);
    const short = await zipWriter(second).createAgain('short', 5, 0);
    await short.write(text('1234'));
    await expect(short.close()).rejects.toThrow(ZipWriteError);
    await expect(short.pass(1)).rejects.toThrow(ZipWriteError);
    await expect(short.write(text('56'))).rejects.toThrow(ZipWriteError);
  });

  it('knows the length of archives over 4 GiB', () => {
    const plain = zipLength([
      { path: 'a', size: 10 },
      { path: 'b', size: 10 },
    ]);
    const big = zipLength([
      { path: 'a', size: 5e9 },
      { path: 'b', size: 10 },
    ]);
    // Local extra 20, directory extra 20 for the sizes of a, 12 for the offset of b, and the zip64 end of 76 bytes.
    expect(big - plain).toBe(5e9 - 10 + 20 + 20 + 12 + 76);
  });

  it('refuses unsafe and doubled names, and sizes that are not kept', async () => {
    const zip = zipWriter(memoryOut());
    for (const path of ['', '/a', '../a', 'a/../b', 'a//b', 'a\\b', './a', 'a/'])
      await expect(zip.add(path, [])).rejects.toThrow(ZipWriteError);
    await zip.add('a', []);
    await expect(zip.add('a', [])).rejects.toThrow(ZipWriteError);
    const known = await zip.createKnown('b', 3, crc32(text('abc')));
    await known.write(text('ab'));
    await expect(known.close()).rejects.toThrow(ZipWriteError);
  });
});
