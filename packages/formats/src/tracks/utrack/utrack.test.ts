import fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { MatError, matVariables } from '../../containers/mat/mat-five.ts';
import { readFiles } from '../item-for-tests.test-data.ts';

/** Elements of a MATLAB file, from the layout in "MAT-File Format": tag of type and size, data, padding to 8 bytes. */
class MatWriter {
  private readonly little: boolean;

  constructor(little: boolean) {
    this.little = little;
  }

  element(type: number, data: Uint8Array): Uint8Array {
    const out = new Uint8Array(8 + Math.ceil(data.length / 8) * 8);
    const view = new DataView(out.buffer);
    view.setUint32(0, type, this.little);
    view.setUint32(4, data.length, this.little);
    out.set(data, 8);
    return out;
  }

  /** Up to four bytes within the tag itself. */
  small(type: number, data: Uint8Array): Uint8Array {
    const out = new Uint8Array(8);
    new DataView(out.buffer).setUint32(0, (data.length << 16) | type, this.little);
    out.set(data, 4);
    return out;
  }

  ints(values: readonly number[]): Uint8Array {
    const out = new Uint8Array(values.length * 4);
    for (const [i, value] of values.entries()) new DataView(out.buffer).setInt32(i * 4, value, this.little);
    return out;
  }

  doubles(values: readonly number[]): Uint8Array {
    const out = new Uint8Array(values.length * 8);
    for (const [i, value] of values.entries()) new DataView(out.buffer).setFloat64(i * 8, value, this.little);
    return out;
  }

  matrix(name: string, arrayClass: number, dims: readonly number[], parts: readonly Uint8Array[]): Uint8Array {
    const text = new TextEncoder().encode(name);
    const flags = this.element(6, this.ints([arrayClass, 0]));
    const named = text.length > 0 && text.length <= 4 ? this.small(1, text) : this.element(1, text);
    return this.element(14, joined([flags, this.element(5, this.ints(dims)), named, ...parts]));
  }

  number(rows: readonly (readonly number[])[], name = ''): Uint8Array {
    const width = rows[0]?.length ?? 0;
    const values = Array.from({ length: width }, (_, column) => rows.map((row) => row[column]!)).flat();
    // MATLAB stores whole numbers of a double array in the smallest type that holds them.
    const isSmall = values.every((value) => Number.isInteger(value) && value >= 0 && value < 256);
    const data = isSmall ? this.element(2, Uint8Array.from(values)) : this.element(9, this.doubles(values));
    return this.matrix(name, 6, [rows.length, width], [data]);
  }

  struct(name: string, elements: readonly Record<string, Uint8Array>[]): Uint8Array {
    const names = Object.keys(elements[0]!);
    const width = 32;
    const table = new Uint8Array(names.length * width);
    for (const [i, field] of names.entries()) table.set(new TextEncoder().encode(field), i * width);
    const fields = [this.small(5, this.ints([width])), this.element(1, table)];
    return this.matrix(
      name,
      2,
      [elements.length, 1],
      [...fields, ...elements.flatMap((element) => names.map((field) => element[field]!))],
    );
  }

  file(variables: readonly Uint8Array[], isPacked: boolean): Uint8Array {
    const header = new Uint8Array(128).fill(32);
    header.set(new TextEncoder().encode('MATLAB 5.0 MAT-file, Platform: GLNXA64'));
    header.set(this.little ? [0x00, 0x01, 0x49, 0x4d] : [0x01, 0x00, 0x4d, 0x49], 124);
    const packed = (variable: Uint8Array) => {
      const data = deflateSync(variable);
      const out = new Uint8Array(8 + data.length);
      new DataView(out.buffer).setUint32(0, 15, this.little);
      new DataView(out.buffer).setUint32(4, data.length, this.little);
      out.set(data, 8);
      return out;
    };
    return joined([header, ...variables.map((variable) => (isPacked ? packed(variable) : variable))]);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const nan = Number.NaN;
const at = (x: number, y: number) => [x, y, 0, 10, 0.5, 0.5, 0, 1];
const gone = [nan, nan, nan, nan, nan, nan, nan, nan];

/** Frames 2 to 5: segment 1 goes on throughout with a gap at 4; segment 2 splits off at 3 and merges again at 5. */
function branching(write: MatWriter, name = 'tracksFinal'): Uint8Array {
  return write.struct(name, [
    {
      tracksFeatIndxCG: write.number([
        [1, 1, 0, 1],
        [0, 2, 2, 0],
      ]),
      tracksCoordAmpCG: write.number([
        [...at(10.5, 20), ...at(11.5, 20), ...gone, ...at(13.5, 20)],
        [...gone, ...at(11.5, 25), ...at(12.5, 25), ...gone],
      ]),
      seqOfEvents: write.number([
        [2, 1, 1, nan],
        [3, 1, 2, 1],
        [5, 2, 2, 1],
        [5, 2, 1, nan],
      ]),
    },
    {
      tracksFeatIndxCG: write.number([[3, 4]]),
      tracksCoordAmpCG: write.number([[...at(1, 2), ...at(3, 4)]]),
      seqOfEvents: write.number([
        [1, 1, 1, nan],
        [2, 2, 1, nan],
      ]),
    },
  ]);
}

test.each([
  [true, false],
  [true, true],
  [false, false],
  [false, true],
])('splits, merges and gaps out of the events (little endian %s, packed %s)', async (little, isPacked) => {
  const write = new MatWriter(little);
  const bytes = write.file([write.number([[1]], 'abc'), branching(write), write.number([[2]], 'after')], isPacked);
  const { format, sets, counts, codes } = await readFiles({ 'Channel_1_tracking_result.mat': bytes });
  expect(format).toBe('utrack');
  expect(counts).toEqual([[7, 6, 3, 2, 5, 1, 1, 1]]);
  const { objects } = sets[0]!;
  expect([...objects.frame]).toEqual([1, 2, 4, 2, 3, 0, 1]);
  expect([...objects.x]).toEqual([10.5, 11.5, 13.5, 11.5, 12.5, 1, 3]);
  expect(objects.z).toBeUndefined();
  expect(objects.columns.map(({ name }) => name)).toEqual([
    'source_track_id',
    'segment',
    'feature_index',
    'amplitude',
    'x_std',
    'y_std',
    'amplitude_std',
  ]);
  expect([...(objects.columns[1]!.values as Int32Array)]).toEqual([1, 1, 1, 2, 2, 1, 1]);
  expect([...codes].sort()).toEqual(['not-seen-on-a-real-file', 'pixel-units-only', 'z-all-zero']);
});

test('a feature that two segments share is one object', async () => {
  const write = new MatWriter(true);
  const bytes = write.file(
    [
      write.struct('tracksFinal', [
        {
          tracksFeatIndxCG: write.number([
            [1, 1, 1],
            [0, 1, 2],
          ]),
          tracksCoordAmpCG: write.number([
            [...at(1, 1), ...at(2, 1), ...at(3, 1)],
            [...gone, ...at(2, 1), ...at(3, 5)],
          ]),
          seqOfEvents: write.number([
            [1, 1, 1, nan],
            [2, 1, 2, 1],
            [3, 2, 1, nan],
            [3, 2, 2, nan],
          ]),
        },
      ]),
    ],
    false,
  );
  const { counts } = await readFiles({ 'a.mat': bytes });
  expect(counts).toEqual([[4, 3, 3, 1, 3, 1, 0, 0]]);
});

test('sparse arrays are left out and said', async () => {
  const write = new MatWriter(true);
  const sparse = write.matrix(
    '',
    5,
    [1, 16],
    [write.element(5, write.ints([0])), write.element(5, write.ints([0, 1]))],
  );
  const track = { tracksFeatIndxCG: sparse, tracksCoordAmpCG: sparse, seqOfEvents: write.number([[1, 1, 1, nan]]) };
  const { counts, codes } = await readFiles({ 'a.mat': write.file([write.struct('tracksFinal', [track])], true) });
  expect(counts).toEqual([[0, 0, 0, 0, 0, 0, 0, 0]]);
  expect(codes).toContain('track-left-out');
});

test('cells, texts and absurd counts', async () => {
  const write = new MatWriter(true);
  const text = write.matrix('word', 4, [1, 2], [write.element(4, Uint8Array.of(0x41, 0, 0xb5, 0))]);
  const cell = write.matrix('list', 1, [1, 2], [write.number([[1.5]]), text]);
  const found = [];
  for await (const one of matVariables(memorySource('a.mat', write.file([text, cell], true)), () => true))
    found.push(one);
  expect(found).toEqual([
    { name: 'word', value: { kind: 'text', dims: [1, 2], text: 'Aµ' } },
    {
      name: 'list',
      value: {
        kind: 'cell',
        dims: [1, 2],
        values: [
          { kind: 'number', dims: [1, 1], values: Float64Array.of(1.5) },
          { kind: 'text', dims: [1, 2], text: 'Aµ' },
        ],
      },
    },
  ]);
  const absurd = write.file([write.matrix('big', 1, [1_000_000, 1000], [])], false);
  const read = async () => {
    for await (const one of matVariables(memorySource('a.mat', absurd), () => true)) expect(one).toBeDefined();
  };
  await expect(read()).rejects.toThrow(MatError);
});

test('cut and changed files give findings, never a crash', async () => {
  const write = new MatWriter(true);
  for (const isPacked of [true, false]) {
    const good = write.file([branching(write)], isPacked);
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: good.length - 1 }),
        fc.nat({ max: 255 }),
        fc.boolean(),
        async (place, byte, cut) => {
          const bytes = cut ? good.slice(0, place) : good.slice();
          if (!cut) bytes[place] = byte;
          const { format } = await readFiles({ 'a.mat': bytes });
          expect(['utrack', 'unknown', 'text']).toContain(format);
        },
      ),
      { numRuns: 150 },
    );
  }
});
