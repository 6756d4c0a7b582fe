import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countTracks } from '@micrarium/model';
import { memorySource } from '../../bytes/byte-source.ts';
import type { Item } from '../../recognition/item.ts';
import { readTrackSets } from '../../tracks/collect.ts';
import type { ColumnMapping } from '../../tracks/track-reader.ts';
import { cellKind, parseNumber } from './cell-values.ts';
import { edgesAlongChains } from './chain-edges.ts';
import { detectDialect } from './dialect.ts';
import { IssueTally } from './issues.ts';
import { guessMapping, shapeKey } from './mapping.ts';
import { delimitedReader, readDelimitedHead } from './read-delimited.ts';
import { type Delimiter, RecordCutter, maxRecordCharacters } from './records.ts';

function itemOf(name: string, content: string | Uint8Array): Item {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const entry = { path: name, size: bytes.length, open: async () => memorySource(name, bytes) };
  return {
    path: name,
    files: [entry],
    tree: { name: '', entries: [entry] },
    format: 'delimited',
    recognition: { score: 0.3, reason: '' },
  };
}

async function read(name: string, content: string | Uint8Array, mapping?: ColumnMapping) {
  const { sets, issues } = await readTrackSets(delimitedReader, itemOf(name, content), mapping ? { mapping } : {});
  return { set: sets[0]!, codes: issues.map((issue) => issue.code), issues };
}

function cut(text: string, delimiter: Delimiter = ',', pieces: number[] = []) {
  const tally = new IssueTally<never>();
  const cutter = new RecordCutter({ delimiter }, tally as never);
  const records: string[][] = [];
  let at = 0;
  for (const piece of [...pieces, text.length]) {
    const end = Math.min(text.length, Math.max(at, piece));
    records.push(...cutter.feed(text.slice(at, end), piece === text.length).records);
    at = end;
  }
  return records;
}

describe('RecordCutter', () => {
  it('reads quoted cells with delimiters, quotes and line ends in them', () => {
    expect(cut('a,"b,c",d\r\n1,"say ""hi""","two\nlines"\n')).toEqual([
      ['a', 'b,c', 'd'],
      ['1', 'say "hi"', 'two\nlines'],
    ]);
  });

  it('takes an unclosed quote as a character and goes on with the next line', () => {
    expect(cut('a,b\n1,"2\n3,4\n')).toEqual([
      ['a', 'b'],
      ['1', '"2'],
      ['3', '4'],
    ]);
  });

  it('gives the same records wherever the text is cut', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é'), maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        fc.nat(80),
        (rows, at) => {
          const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n');
          expect(cut(text, ',', [at])).toEqual(rows);
        },
      ),
    );
  });

  it('leaves out a line beyond a million characters and says so', () => {
    const tally = new IssueTally();
    const cutter = new RecordCutter({ delimiter: ',' }, tally as never);
    const long = 'x'.repeat(maxRecordCharacters + 5);
    expect(cutter.feed(long, false).records).toEqual([]);
    expect(cutter.feed(`${long}\n1,2\n`, true).records).toEqual([['1', '2']]);
    expect(tally.count('record-too-long' as never)).toBe(1);
  });
});

describe('cellKind', () => {
  it.each([
    ['12', 'int'],
    ['-0', 'int'],
    ['+7', 'int'],
    ['9007199254740993', 'text'],
    ['1.', 'float'],
    ['.5', 'float'],
    ['-1.5e-7', 'float'],
    ['NaN', 'float'],
    ['-Inf', 'float'],
    ['.', 'text'],
    ['-', 'missing'],
    ['', 'missing'],
    ['NA', 'missing'],
    ['1e', 'text'],
    ['0x10', 'text'],
    ['1,5', 'text'],
    ['TRUE', 'bool'],
    ['12a', 'text'],
  ])('%s is %s', (cell, kind) => expect(cellKind(cell)).toBe(kind));

  it('agrees with the language on every number it takes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(parseNumber(String(value))).toBe(value === 0 ? Number(String(value)) : value);
      }),
    );
    expect(parseNumber('1,5', true)).toBe(1.5);
  });
});

describe('detectDialect', () => {
  const detect = (text: string) => detectDialect(new TextEncoder().encode(text), true);

  it('counts splits instead of trusting the extension', () => {
    expect(detect('Trajectory\tFrame\tx\n1\t0\t1,5\n1\t1\t2,5\n')?.delimiter).toBe('\t');
    expect(detect('a;b;c\n1;2,5;3\n1;2,5;3\n')).toMatchObject({ delimiter: ';', decimalComma: true });
    expect(detect('1 1 48 90.8\n2 1 72 89.5\n')).toMatchObject({
      delimiter: ' ',
      hasHeader: false,
      header: ['#1', '#2', '#3', '#4'],
    });
  });

  it('skips titles above and unit rows below the header', () => {
    const table = detect('Position\n====\nX,Y,T\n(micron),(micron),(sec)\n1,2,3\n4,5,6\n7,8,9\n1,1,1\n')!;
    expect(table.header).toEqual(['X', 'Y', 'T']);
    expect(table.units).toEqual(['micron', 'micron', 'sec']);
    expect(table.sample[0]).toEqual(['1', '2', '3']);
  });

  it('does not take prose, XML or JSON for a table', () => {
    expect(detect('<a x="1, 2">\n<b/>\n')).toBeUndefined();
    expect(detect('{"a": [1, 2],\n"b": 3}\n')).toBeUndefined();
    expect(detect('One line, with commas, and more.\nAnother line without\nA third, with one\n')).toBeUndefined();
  });
});

describe('guessMapping', () => {
  it('reads names and units of the field', () => {
    const { mapping } = guessMapping(['TRACK_ID', 'POSITION_X', 'POSITION_Y', 'FRAME'], [['0', '1.5', '2', '0']]);
    expect(mapping).toMatchObject({ track: 'TRACK_ID', x: 'POSITION_X', y: 'POSITION_Y', frame: 'FRAME' });
    expect(guessMapping(['x (µm)', 'y (µm)', 'time (s)'], [['1', '2', '0.5']]).mapping).toEqual({
      x: 'x (µm)',
      y: 'y (µm)',
      time: 'time (s)',
      spaceUnit: 'micrometer',
      timeUnit: 'second',
    });
  });

  it('tells frames from times, and tracks from objects, by their values', () => {
    const rows = (step: number) => Array.from({ length: 20 }, (_, i) => [`${i % 2}`, `${(i >> 1) * step}`, '1', '2']);
    expect(guessMapping(['id', 't', 'x', 'y'], rows(1)).mapping).toMatchObject({ frame: 't', track: 'id' });
    expect(guessMapping(['id', 't', 'x', 'y'], rows(24)).mapping).toMatchObject({ time: 't', track: 'id' });
    expect(guessMapping(['name', 'kind'], [['a', 'b']]).confidence).toBe(0);
  });

  it('gives tables of one shape one key', () => {
    expect(shapeKey(['X', 'y '])).toBe(shapeKey(['x', 'Y']));
    expect(shapeKey(['x', 'y'])).not.toBe(shapeKey(['xy']));
  });
});

describe('delimitedReader', () => {
  it('links by time order, keeps gaps, and does not link across doubled frames', async () => {
    const { set, codes } = await read(
      't.csv',
      'track,frame,x,y\n1,0,0,0\n1,1,1,0\n1,3,2,0\n2,0,5,5\n2,1,6,5\n2,1,7,5\n2,2,8,5\n',
    );
    expect(countTracks(set.objects, set.edges)).toMatchObject({ objects: 7, edges: 2, gaps: 1, tracks: 1 });
    expect(codes).toContain('duplicate-frame-in-track');
    expect(codes).toContain('no-units');
    expect(set.sourceFrameBase).toBe(0);
  });

  it('takes edges from the parent column where ids name objects', async () => {
    const { set } = await read('t.csv', 'id,parent,frame,x,y\n1,,0,0,0\n2,1,1,1,0\n3,1,1,2,0\n4,9,2,2,0\n');
    expect(countTracks(set.objects, set.edges)).toMatchObject({ objects: 4, edges: 2, splits: 1 });
  });

  it('computes frames from times with gaps', async () => {
    const { set } = await read('t.csv', 'id,t,x,y\n1,0,0,0\n1,24,1,0\n1,72,2,0\n2,0,0,0\n2,24,0,0\n2,48,0,0\n');
    expect([...set.objects.frame]).toEqual([0, 1, 3, 0, 1, 2]);
    expect([...set.objects.time!]).toEqual([0, 24, 72, 0, 24, 48]);
    expect(countTracks(set.objects, set.edges).gaps).toBe(1);
  });

  it('obeys the mapping it is given, frame base included', async () => {
    const mapping = { x: '#4', y: '#5', frame: '#3', track: '#2', frameBase: 1, spaceUnit: 'pixel' as const };
    const { set, codes } = await read('t.txt', '1 1 1 90.5 65\n2 1 2 89.5 64\n', mapping);
    expect([...set.objects.frame]).toEqual([0, 1]);
    expect(codes).toContain('pixel-units-only');
    expect((await read('t.csv', 'x,y\n1,2\n3,4\n', { x: 'X' })).codes).toContain('mapping-column-unknown');
  });

  it('keeps unlike values typed and absent ones absent', async () => {
    const { set } = await read(
      't.csv',
      'frame,x,y,area (µm^2),state,big\n0,1,2,,up,9007199254740993\n1,1,2,3.5,down,1\n',
    );
    const [area, state, big] = set.objects.columns;
    expect(area).toMatchObject({ name: 'area (µm^2)', type: 'float', unit: 'µm^2' });
    expect([...area!.missing!]).toEqual([1, 0]);
    expect(state!.values).toEqual(['up', 'down']);
    expect(big!.values).toEqual(['9007199254740993', '1']);
  });

  it('gives no set but an issue for a table without positions', async () => {
    const { set, codes } = await read('t.csv', 'gene,count\na,1\nb,2\n');
    expect(set).toBeUndefined();
    expect(codes).toContain('no-position-columns');
    const head = await readDelimitedHead(itemOf('t.csv', 'gene,count\na,1\nb,2\n'));
    expect(head).toMatchObject({
      rowCount: 2,
      columns: [
        { name: 'gene', type: 'string' },
        { name: 'count', type: 'int' },
      ],
    });
  });

  it('survives any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const head = new TextEncoder().encode('track,frame,x,y\n1,0,0,0\n1,1,"1",0\n');
        const all = new Uint8Array(head.length + bytes.length);
        all.set(head);
        all.set(bytes, head.length);
        await read('t.csv', all);
        await read('t.csv', bytes);
      }),
      { numRuns: 200 },
    );
  });
});

describe('edgesAlongChains', () => {
  it('counts an object named twice once', () => {
    const edges = edgesAlongChains({
      count: 4,
      chain: Int32Array.of(0, 0, 0, 0),
      row: Uint32Array.of(0, 1, 1, 2),
      frame: Int32Array.of(0, 1, 1, 2),
    });
    expect(edges.count).toBe(2);
    expect(edges.ambiguousCount).toBe(0);
  });
});
