import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFiles } from '../item-for-tests.test-data.ts';
import { biffSheets } from '../../containers/xls/biff-sheets.ts';

/** Records of BIFF8, from the layout in MS-XLS: type, length, bytes. */
const record = (type: number, ...bytes: number[]) => [
  type & 255,
  type >> 8,
  bytes.length & 255,
  bytes.length >> 8,
  ...bytes,
];
const u16 = (value: number) => [value & 255, (value >> 8) & 255];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const f64 = (value: number) => [...new Uint8Array(Float64Array.of(value).buffer)];
const text = (value: string) => [...value].map((char) => char.charCodeAt(0));
const at = (row: number, column: number) => [...u16(row), ...u16(column), 0, 0];
const number = (row: number, column: number, value: number) => record(0x203, ...at(row, column), ...f64(value));
const rk = (row: number, column: number, value: number) =>
  record(0x27e, ...at(row, column), ...u32(((value << 2) | 2) >>> 0));
const shared = (row: number, column: number, index: number) => record(0xfd, ...at(row, column), ...u32(index));
const label = (row: number, column: number, value: string) =>
  record(0x204, ...at(row, column), ...u16(value.length), 0, ...text(value));
const bof = record(0x809, ...u16(0x600), ...u16(5), ...u32(0), ...u32(0), ...u32(0));
const eof = record(0x0a);

const names = ['track #', 't', 'x', 'y', 'z', 'virtual'];

function workbook(sheets: number[][]): Uint8Array {
  // The shared texts are cut within a text, which goes on in a CONTINUE record after a byte for its width.
  const [first, ...others] = names;
  const sst = [
    ...record(0xfc, ...u32(names.length), ...u32(names.length), ...u16(first!.length), 0, ...text(first!.slice(0, 3))),
    ...record(
      0x3c,
      1,
      ...text(first!.slice(3)).flatMap((code) => [code, 0]),
      ...others.flatMap((one) => [...u16(one.length), 0, ...text(one)]),
    ),
  ];
  const bound = (position: number, name: string) => record(0x85, ...u32(position), 0, 0, name.length, 0, ...text(name));
  const globals = (positions: number[]) => [
    ...bof,
    ...positions.flatMap((position, i) => bound(position, `Sheet ${i}`)),
    ...sst,
    ...eof,
  ];
  const bodies = sheets.map((cells) => [...bof, ...cells, ...eof]);
  let next = globals(sheets.map(() => 0)).length;
  const positions = bodies.map((body) => {
    const position = next;
    next += body.length;
    return position;
  });
  return Uint8Array.from([...globals(positions), ...bodies.flat()]);
}

/** An OLE container of 512-byte sectors around a stream: header, table, directory, stream. */
function ole(stream: Uint8Array): Uint8Array {
  const sectors = Math.max(8, Math.ceil(stream.length / 512));
  const bytes = new Uint8Array(512 * (3 + sectors));
  const view = new DataView(bytes.buffer);
  bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  view.setUint16(0x1e, 9, true);
  view.setUint16(0x20, 6, true);
  view.setUint32(0x2c, 1, true);
  view.setUint32(0x30, 1, true);
  view.setUint32(0x38, 4096, true);
  view.setUint32(0x3c, 0xfffffffe, true);
  view.setUint32(0x44, 0xfffffffe, true);
  for (let i = 0; i < 109; i++) view.setUint32(0x4c + i * 4, i === 0 ? 0 : 0xffffffff, true);
  for (let i = 0; i < 128; i++) view.setUint32(512 + i * 4, 0xffffffff, true);
  view.setUint32(512, 0xfffffffd, true);
  view.setUint32(516, 0xfffffffe, true);
  for (let i = 0; i < sectors; i++) view.setUint32(512 + (2 + i) * 4, i === sectors - 1 ? 0xfffffffe : 3 + i, true);
  const entry = (n: number, name: string, type: number, start: number, size: number) => {
    const from = 1024 + n * 128;
    for (const [i, char] of [...name].entries()) view.setUint16(from + i * 2, char.charCodeAt(0), true);
    view.setUint16(from + 64, (name.length + 1) * 2, true);
    bytes[from + 66] = type;
    view.setUint32(from + 116, start, true);
    view.setUint32(from + 120, size, true);
  };
  entry(0, 'Root Entry', 5, 0xfffffffe, 0);
  entry(1, 'Workbook', 2, 2, Math.max(4096, stream.length));
  bytes.set(stream, 1536);
  return bytes;
}

const block = (row: number, track: number, rows: readonly (readonly number[])[]) => [
  ...shared(row, 0, 0),
  ...rk(row, 1, track),
  ...[1, 2, 3, 4, 5].flatMap((name) => shared(row + 1, name + 1, name)),
  ...rows.flatMap((cells, i) => cells.flatMap((value, column) => number(row + 2 + i, column + 2, value))),
];

const two = ole(
  workbook([
    [
      ...block(1, 4, [
        [0, 10, 20, 0, 0],
        [1, 11, 21, 0, 1],
        [2, 12, 22, 0, 0],
      ]),
      ...block(7, 9, [[5, 1, 2, 0, 0]]),
    ],
    [
      ...label(0, 0, 'track #'),
      ...label(0, 1, '4'),
      ...['t', 'x', 'y', 'z'].flatMap((name, i) => label(1, i + 2, name)),
      ...[3, 1.5, 2.5, 7].flatMap((value, i) => number(2, i + 2, value)),
      ...[4, 1.5, 2.5, 8].flatMap((value, i) => label(3, i + 2, String(value))),
    ],
  ]),
);

test('every sheet is a set; cells as shared texts, labels, numbers and short numbers', async () => {
  const { format, sets, counts, codes } = await readFiles({ 'a.xls': two });
  expect(format).toBe('icy-xls');
  expect(sets.map(({ name }) => name)).toEqual(['Sheet 0', 'Sheet 1']);
  expect(counts).toEqual([
    [4, 2, 1, 1, 4, 0, 0, 0],
    [2, 1, 1, 1, 2, 0, 0, 0],
  ]);
  expect([...sets[0]!.objects.x]).toEqual([10, 11, 12, 1]);
  expect([...(sets[0]!.objects.columns[0]!.values as Int32Array)]).toEqual([4, 4, 4, 9]);
  expect(sets[0]!.objects.z).toBeUndefined();
  expect([...sets[1]!.objects.z!]).toEqual([7, 8]);
  expect([...codes].sort()).toEqual(['pixel-units-only', 'second-sheet', 'virtual-detections', 'z-all-zero']);
});

test('a protected workbook says so', () => {
  const stream = Uint8Array.from([...bof, ...record(0x2f, 0, 0), ...eof]);
  expect(() => biffSheets(stream)).toThrow('password');
});

test('cut and changed workbooks give findings, never a crash', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: two.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), async (place, byte, cut) => {
      const bytes = cut ? two.slice(0, place) : two.slice();
      if (!cut) bytes[place] = byte;
      const { format } = await readFiles({ 'a.xls': bytes });
      expect(['icy-xls', 'excel', 'unknown', 'text']).toContain(format);
    }),
    { numRuns: 300 },
  );
});
