import { createHash } from 'node:crypto';
import { fileTree, memorySource } from '@micrarium/formats';
import { expect, it } from 'vitest';
import { checkBag } from './check-bag.ts';

/** A text as UTF-16, with or without the mark of byte order. */
function utf16(text: string, { isLittle, isMarked }: { isLittle: boolean; isMarked: boolean }): Uint8Array {
  const bytes = Buffer.from(isMarked ? `\uFEFF${text}` : text, 'utf16le');
  return isLittle ? bytes : bytes.swap16();
}

async function judged(tagFile: (text: string) => Uint8Array, encoding: string): Promise<string> {
  const payload = Buffer.from('cells\n');
  const files: Record<string, Uint8Array> = {
    'bagit.txt': Buffer.from(`BagIt-Version: 1.0\nTag-File-Character-Encoding: ${encoding}\n`),
    'bag-info.txt': tagFile(`Payload-Oxum: ${payload.length}.1\n`),
    'manifest-sha256.txt': tagFile(`${createHash('sha256').update(payload).digest('hex')}  data/細胞.txt\n`),
    'data/細胞.txt': payload,
  };
  const entries = Object.entries(files).map(([path, bytes]) => ({
    path,
    size: bytes.length,
    open: async () => memorySource(path, new Uint8Array(bytes)),
  }));
  const { state, issues } = await checkBag(fileTree('bag', entries));
  return [state, ...issues.map(({ code }) => code)].join(' ');
}

it('reads tag files in the encoding that the bag declares', async () => {
  expect(await judged((text) => Buffer.from(text), 'UTF-8')).toBe('valid');
  for (const isLittle of [true, false])
    expect(await judged((text) => utf16(text, { isLittle, isMarked: true }), 'UTF-16')).toBe('valid');
  expect(await judged((text) => utf16(text, { isLittle: false, isMarked: false }), 'UTF-16')).toBe('valid');
  expect(await judged((text) => utf16(text, { isLittle: true, isMarked: false }), 'UTF-16LE')).toBe('valid');
  expect(await judged((text) => utf16(text, { isLittle: true, isMarked: false }), 'UTF-16')).toMatch(/^invalid/);
  expect(await judged((text) => Buffer.from(text), 'Klingon')).toBe('invalid bag-declaration-wrong');
});
