import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { chunksOf, copyBox, strides, valuesIn } from './boxes.ts';
import { lookup3 } from './checksum.ts';
import { Cursor } from './cursor.ts';
import { parseDatatype, typeName } from './datatype.ts';
import { Hdf5Fault, issueOfFault } from './fault.ts';
import { undoFilters } from './filters.ts';
import { unpackLz4, unpackLzf } from './lz.ts';
import { openHdf5 } from './open-hdf5.ts';
import { hdf5Start } from './superblock.ts';
import type { GlobalHeaps } from './heaps.ts';
import { numbersOf, textsOf, typedArrayOf, valueOf } from './values.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the check sum is that of lookup3, with the values its author gives', () => {
  expect(lookup3(ascii(''))).toBe(0xdeadbeef);
  expect(lookup3(ascii('Four score and seven years ago'))).toBe(0x17770551);
  expect(lookup3(ascii('Four score and seven years ago'), 30, 1)).toBe(0xcd628161);
});

test('a block is copied as value by value', () => {
  const axis = fc.integer({ min: 1, max: 4 });
  const shapes = fc
    .integer({ min: 1, max: 4 })
    .chain((rank) => fc.array(fc.tuple(axis, axis, axis, axis, axis), { minLength: rank, maxLength: rank }));
  fc.assert(
    fc.property(shapes, (axes) => {
      const count = axes.map(([length]) => length);
      const fromStart = axes.map(([, before]) => before - 1);
      const toStart = axes.map(([, , before]) => before - 1);
      const fromShape = axes.map(([length, before, , after]) => length + before - 1 + after - 1);
      const toShape = axes.map(([length, , before, , after]) => length + before - 1 + after - 1);
      const from = Uint8Array.from({ length: valuesIn(fromShape) * 2 }, (_, n) => n % 251);
      const out = new Uint8Array(valuesIn(toShape) * 2);
      const expected = out.slice();
      copyBox(from, fromShape, fromStart, out, toShape, toStart, count, 2);
      for (const place of chunksOf(
        { start: count.map(() => 0), count },
        count.map(() => 1),
      )) {
        const at = (shape: number[], start: number[]): number =>
          strides(shape, 2).reduce((sum, step, n) => sum + step * (start[n]! + place[n]!), 0);
        const [a, b] = [at(fromShape, fromStart), at(toShape, toStart)];
        expected.set(from.subarray(a, a + 2), b);
      }
      expect(out).toEqual(expected);
    }),
  );
});

test('numbers of every width and order are read', () => {
  const integer = (size: number, little: boolean, signed: boolean, precision = size * 8, bitOffset = 0) =>
    ({ class: 'integer', size, littleEndian: little, signed, precision, bitOffset }) as const;
  const of = (type: Parameters<typeof numbersOf>[0], ...bytes: number[]): number[] =>
    Array.from(numbersOf(type, Uint8Array.from(bytes), Math.floor(bytes.length / type.size)));
  expect(of(integer(1, true, true), 0xff, 0x80)).toEqual([-1, -128]);
  expect(of(integer(2, false, false), 1, 2)).toEqual([258]);
  expect(of(integer(3, true, true), 0xff, 0xff, 0xff)).toEqual([-1]);
  expect(of(integer(8, true, false), 1, 0, 0, 0, 0, 1, 0, 0)).toEqual([2 ** 40 + 1]);
  // Twelve bits that begin at bit four, as packed camera values do.
  expect(of(integer(2, true, true, 12, 4), 0xf0, 0xff)).toEqual([-1]);
  const half = { class: 'float', size: 2, littleEndian: true, isStandard: true } as const;
  expect(of(half, 0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c)).toEqual([1, -2, 2 ** -24, Infinity]);
  expect(typedArrayOf(integer(2, false, false), Uint8Array.from([1, 2]))).toEqual(Uint16Array.from([258]));
});

test('a datatype that nests without end, or says more than it has, is a fault', () => {
  const nested = Uint8Array.from({ length: 4000 }, (_, n) => [0x19, 0, 0, 0, 16, 0, 0, 0][n % 8]!);
  expect(() => parseDatatype(new Cursor(nested, 'a type'))).toThrow(/nested too deeply/);
  const many = Uint8Array.from([0x36, 0xff, 0xff, 0, 8, 0, 0, 0, 65, 0]);
  expect(() => parseDatatype(new Cursor(many, 'a type'))).toThrow(Hdf5Fault);
  const text = Uint8Array.from([0x13, 0x10, 0, 0, 5, 0, 0, 0]);
  expect(typeName(parseDatatype(new Cursor(text, 'a type')))).toBe('text of 5 bytes');
});

test('packed chunks come out as they were, and damage is a fault', async () => {
  // One block: four literals, then a match of ten at distance four.
  const block = [0x46, 1, 2, 3, 4, 4, 0, 0x00];
  const framed = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 14, 0, 0, 0, 64, 0, 0, 0, block.length, ...block]);
  expect(Array.from(unpackLz4(framed, 14))).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2]);
  expect(() => unpackLz4(framed, 13)).toThrow(Hdf5Fault);
  expect(Array.from(unpackLzf(Uint8Array.from([1, 7, 8, 0x40, 1]), 6))).toEqual([7, 8, 7, 8, 7, 8]);
  expect(() => unpackLzf(Uint8Array.from([0x20, 9]), 6)).toThrow(Hdf5Fault);
  const szip = [{ id: 4, name: 'szip', isOptional: false, parameters: [] }];
  await expect(undoFilters(framed, szip, 0, 14)).rejects.toThrow(/szip/);
  // The mask says the filter was left out for this chunk.
  expect(await undoFilters(framed, szip, 1, 14)).toBe(framed);
  const sum = [{ id: 3, name: '', isOptional: false, parameters: [] }];
  await expect(undoFilters(framed, sum, 0, 14)).rejects.toThrow(/check sum/);
});

/** A file with a header of version 1 at 96 whose only message continues at the header's own messages. */
function looping(): Uint8Array {
  const bytes = new Uint8Array(200);
  bytes.set([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 0, 8, 8, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint32(40, 200, true);
  view.setBigUint64(64, 96n, true);
  bytes[96] = 1;
  view.setUint32(96 + 8, 24, true);
  view.setUint16(112, 0x10, true);
  view.setUint16(114, 16, true);
  view.setUint32(120, 112, true);
  view.setUint32(128, 24, true);
  return bytes;
}

test('a header that continues in itself is found', async () => {
  const file = await openHdf5(memorySource('loop.h5', looping()));
  const fault = await file.root.links().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(fault).toMatchObject({ reason: 'damaged' });
  expect(issueOfFault(fault as Hdf5Fault, 'loop.h5', '/')).toMatchObject({
    code: 'hdf5-damaged',
    where: { file: 'loop.h5', field: '/' },
  });
});

test('one long text that is named a million times does not fill the memory', async () => {
  const heaps = {
    object: async () => ({ count: 1 << 10, bytes: new Uint8Array(1 << 20).fill(65) }),
  } as unknown as GlobalHeaps;
  const text = { class: 'vlen-string', size: 16, isUtf8: true } as const;
  await expect(textsOf(text, new Uint8Array(16_000_000), 1_000_000, heaps)).rejects.toMatchObject({ reason: 'absurd' });
  const list = (base: typeof text | Parameters<typeof valueOf>[0]) => ({ class: 'vlen', size: 16, base }) as const;
  const nested = valueOf(list(list(list(text))), new Uint8Array(16), 0, heaps);
  await expect(nested).rejects.toMatchObject({ reason: 'absurd' });
});

test('what is no HDF5 file is told apart at once', async () => {
  expect(await hdf5Start(memorySource('a', new Uint8Array(5000)))).toBeUndefined();
  await expect(openHdf5(memorySource('a', new Uint8Array(0)))).rejects.toMatchObject({ reason: 'not-hdf5' });
});
