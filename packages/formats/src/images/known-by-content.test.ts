import { expect, test } from 'vitest';
import { memorySource } from '../bytes/byte-source.ts';
import { fileTree } from '../bytes/file-tree.ts';
import { inspectItem } from '../inspect.ts';
import { findItems } from '../recognition/find-items.ts';

/** Bytes of a length with texts or numbers at places. */
function bytesWith(length: number, parts: Readonly<Record<number, string | number[]>>): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const [at, part] of Object.entries(parts))
    bytes.set(typeof part === 'string' ? [...part].map((char) => char.charCodeAt(0)) : part, Number(at));
  return bytes;
}

async function look(path: string, bytes: Uint8Array) {
  const entry = { path, size: bytes.length, open: async () => memorySource(path, bytes) };
  const [item] = await findItems(fileTree('', [entry]), { asked: path });
  return inspectItem(item!);
}

const klb = { 0: [2, 101, 0, 0, 0, 151, 0, 0, 0, 29, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], 41: [1, 1] };

test.each([
  ['gatan-dm', 'a.dm3', bytesWith(200, { 3: [3, 0, 0, 0, 180, 0, 0, 0, 1, 1] })],
  ['gatan-dm', 'a.dm4', bytesWith(200, { 3: [4, 0, 0, 0, 0, 0, 0, 0, 170, 0, 0, 0, 1, 1] })],
  ['tia-ser', 'a.ser', bytesWith(100, { 0: [0x49, 0x49, 0x97, 1, 0x20, 2] })],
  ['spe', 'a.spe', bytesWith(4200, { 2996: [0x67, 0x45, 0x23, 1] })],
  ['andor-sif', 'a.sif', bytesWith(100, { 0: 'Andor Technology Multi-Channel File\n' })],
  ['klb', 'a.klb', bytesWith(400, klb)],
  ['dicom', 'a.dcm', bytesWith(400, { 128: 'DICM' })],
  ['nrrd', 'a.nrrd', bytesWith(100, { 0: 'NRRD0004\n' })],
  ['nifti', 'a.nii', bytesWith(400, { 0: [92, 1], 344: 'n+1\0' })],
  ['metaxpress-htd', 'a.HTD', bytesWith(30, { 0: '"HTSInfoFile", Version 1.0\r\n"D', 29: [0x82] })],
] as const)('%s is named and kept (%s)', async (format, path, bytes) => {
  const report = await look(path, bytes);
  expect(report.format).toBe(format);
  expect(report.issues.map(({ code }) => code)).toEqual(['recognised-not-read']);
});

test('what only begins alike is not named', async () => {
  const others = [
    ['a.dm3', bytesWith(100, { 3: [3, 0, 0, 9, 180, 0, 0, 0, 1] })],
    ['a.bin', bytesWith(400, klb)],
    ['a.klb', bytesWith(400, { 0: [2] })],
    ['a.ser', bytesWith(100, { 0: [0x49, 0x49, 0x97, 1, 9, 9] })],
  ] as const;
  for (const [path, bytes] of others) expect((await look(path, bytes)).format).toBe('unknown');
});
