import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Issue } from '@micrarium/model';
import { memorySource } from '../../bytes/byte-source.ts';
import { type SheetCell, type SheetOptions, openWorkbook } from '../workbook.ts';
import { zipWriter } from '../zip/write-zip.ts';
import { isDateFormat, dateToSerial, serialToIso } from './date-serials.ts';
import { cellPlace, columnName } from './sheet-cells.ts';
import { type CellToWrite, type SheetToWrite, WorkbookWriteError } from './workbook-to-write.ts';
import { writeWorkbook } from './write-workbook.ts';

const encoder = new TextEncoder();

function gather(): { write(bytes: Uint8Array): Promise<void>; bytes(): Uint8Array } {
  const parts: Uint8Array[] = [];
  return {
    write: async (bytes) => void parts.push(bytes.slice()),
    bytes: () => Uint8Array.from(parts.flatMap((part) => [...part])),
  };
}

/** A workbook of parts as given, beside the ones every workbook has. */
async function workbookOf(sheet: string, parts: Record<string, string> = {}): Promise<Uint8Array> {
  const out = gather();
  const zip = zipWriter(out);
  const all: Record<string, string> = {
    'xl/workbook.xml':
      '<workbook xmlns:r="urn:r"><workbookPr/><sheets><sheet name="A &amp; B" sheetId="7" r:id="x1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="x1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="/xl/worksheets/one.xml"/><Relationship Id="x2" Type="urn:a/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="x3" Type="urn:a/styles" Target="styles.xml"/><Relationship Id="x4" Type="urn:a/externalLink" TargetMode="External" Target="file:///etc/passwd"/></Relationships>',
    'xl/worksheets/one.xml': sheet,
    ...parts,
  };
  for (const [path, text] of Object.entries(all)) await zip.add(path, [encoder.encode(text)]);
  await zip.finish();
  return out.bytes();
}

async function read(bytes: Uint8Array, options: SheetOptions = {}) {
  const { workbook, issues } = await openWorkbook(memorySource('a.xlsx', bytes));
  const found: Issue[] = [...issues];
  const sheets: { name: string; rows: [number, ...(SheetCell | undefined)[]][] }[] = [];
  for (const sheet of workbook?.sheets ?? []) {
    const rows: [number, ...(SheetCell | undefined)[]][] = [];
    for await (const batch of sheet.rows({ ...options, onIssue: (issue) => found.push(issue) }))
      for (const { row, cells } of batch) rows.push([row, ...cells]);
    sheets.push({ name: sheet.name, rows });
  }
  return { sheets, codes: found.map(({ code }) => code), issues: found };
}

async function written(sheets: readonly SheetToWrite[]): Promise<Uint8Array> {
  const out = gather();
  await writeWorkbook(sheets, out);
  return out.bytes();
}

const styles =
  '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="&quot;day&quot; yyyy"/><numFmt numFmtId="171" formatCode="[h]:mm"/><numFmt numFmtId="172" formatCode="0.0&quot;d&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/></cellXfs></styleSheet>';

describe('reading', () => {
  test('shared, inline and formula texts, numbers, truth values, dates, errors; blank rows are left out', async () => {
    const bytes = await workbookOf(
      `<?xml version="1.0"?><x:worksheet xmlns:x="urn:m"><!-- <row> --><x:sheetData><x:row r="2"><x:c r="B2" t="s"><x:v>1</x:v></x:c><x:c r="D2" t="inlineStr"><x:is><x:r><x:t>a&lt;</x:t></x:r><x:r><x:t xml:space="preserve"> b</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c></x:row><x:row r="9"/><x:row r="10"><x:c r="A10"><x:v>1.50000000000000002</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c><x:c t="str"><x:f>A1&amp;"x"</x:f><x:v>_x0041_&#65;</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c><x:f>1+1</x:f></x:c><x:c r="F10" s="1"><x:v>45352</x:v></x:c><x:c s="2"><x:v>45352.75</x:v></x:c><x:c s="3"><x:v>1.5</x:v></x:c><x:c s="4"><x:v>2.5</x:v></x:c><x:c t="s"><x:v>77</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
      {
        'xl/sharedStrings.xml':
          '<sst><si><t>zero</t></si><si><r><t>o</t></r><r><t>ne</t></r><rPh sb="0"><t>kana</t></rPh></si></sst>',
        'xl/styles.xml': styles,
      },
    );
    const { sheets, codes } = await read(bytes);
    expect(sheets).toEqual([
      {
        name: 'A & B',
        rows: [
          [2, undefined, 'one', undefined, 'a< b'],
          [10, 1.5, true, 'AA', undefined, undefined, '2024-03-01', '2024-03-01T18:00:00', 1.5, 2.5],
        ],
      },
    ]);
    expect(codes.toSorted()).toEqual(['cell-error', 'formula-without-value', 'shared-text-missing']);
  });

  test('cells written in another way than usual give the same', async () => {
    const cells = [
      ['s="1" ', 't="n" ', '<v>45352</v>'],
      ['', 't="s" ', '<v>0</v>'],
      ['', 't="inlineStr" ', '<is><t>a &amp; b</t></is>'],
      ['', 't="b" ', '<v>0</v>'],
      ['', '', '<v>-1.5E-7</v>'],
      ['', 't="str" ', '<v>x_x0041_</v>'],
    ] as const;
    const sheet = (cell: (place: string, style: string, type: string, content: string) => string) =>
      `<worksheet><sheetData><row r="3">${cells.map(([style, type, content], i) => cell(`${columnName(i)}3`, style, type, content)).join('')}</row></sheetData></worksheet>`;
    const parts = { 'xl/sharedStrings.xml': '<sst><si><t>one</t></si></sst>', 'xl/styles.xml': styles };
    const usual = sheet((place, style, type, content) =>
      `<c r="${place}" ${style}${type}>${content}</c>`.replace(' >', '>'),
    );
    const other = sheet((place, style, type, content) => `<c\n ${type}${style} r='${place}' >${content}<!-- --></c>`);
    const [quick, slow] = [await read(await workbookOf(usual, parts)), await read(await workbookOf(other, parts))];
    expect(quick.sheets[0]!.rows).toEqual([[3, '2024-03-01', 'one', 'a & b', false, -1.5e-7, 'xA']]);
    expect(slow).toEqual(quick);
  });

  test('a merged range gives its value to all cells where asked', async () => {
    const bytes = await workbookOf(
      '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row><row r="2"><c r="C2"><v>4</v></c></row><row r="3"><c r="C3"><v>5</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells></worksheet>',
    );
    expect((await read(bytes)).sheets[0]!.rows[1]).toEqual([2, undefined, undefined, 4]);
    const filled = await read(bytes, { fillMerged: true });
    expect(filled.codes).toEqual(['cells-merged']);
    expect(filled.sheets[0]!.rows).toEqual([
      [1, 1, 1, 3],
      [2, 1, 1, 4],
      [3, undefined, undefined, 5],
    ]);
  });

  test.each([
    ['<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData/></worksheet>', 'workbook-xml-refused'],
    ['<worksheet><sheetData><row><c><v>1</v></c></row>', 'workbook-damaged'],
    ['<worksheet><sheetData><row r="2000000"><c><v>1</v></c></row></sheetData></worksheet>', 'cell-outside-sheet'],
    ['<worksheet><sheetData><row><c r="ZZZZZZ1"><v>1</v></c></row></sheetData></worksheet>', 'cell-outside-sheet'],
  ])('%s is %s', async (sheet, code) => {
    expect((await read(await workbookOf(sheet))).codes).toEqual([code]);
  });

  test('a declaration in any part refuses the workbook, an external file is never asked for', async () => {
    const bytes = await workbookOf('<worksheet><sheetData><row><c t="s"><v>0</v></c></row></sheetData></worksheet>', {
      'xl/sharedStrings.xml': '<!DOCTYPE sst SYSTEM "file:///etc/passwd"><sst><si><t>a</t></si></sst>',
    });
    expect((await read(bytes)).codes).toEqual(['workbook-xml-refused']);
  });

  test('cut and changed workbooks give findings, never a crash', async () => {
    const good = await written([{ name: 'One', columns: [{ header: 'a' }], rows: [[1], ['two'], [new Date(0)]] }]);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), async (at, byte, cut) => {
        const bytes = cut ? good.slice(0, at) : good.slice();
        if (!cut) bytes[at] = byte;
        const { sheets, codes } = await read(bytes);
        expect(cut ? codes.length > 0 : sheets.length >= 0).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('dates', () => {
  // Pairs of ECMA-376 part 1, 18.17.4.1, and of Excel's own display.
  test.each([
    [1, false, '1900-01-01'],
    [59, false, '1900-02-28'],
    [61, false, '1900-03-01'],
    [45_352.5, false, '2024-03-01T12:00:00'],
    [0.25, false, '06:00:00'],
    [0, true, '1904-01-01'],
    [43_890.000_011_574_07, true, '2024-03-01T00:00:01'],
    [2_958_465, false, '9999-12-31'],
    [-1, false, undefined],
    [1e9, false, undefined],
  ])('serial %s (1904: %s) is %s', (serial, date1904, text) => expect(serialToIso(serial, date1904)).toBe(text));

  test('a date written reads back', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1900-03-01'), max: new Date('9999-12-30'), noInvalidDate: true }),
        (date) => {
          const iso = serialToIso(dateToSerial(date), false)!;
          expect(Math.abs(Date.parse(iso.includes('T') ? `${iso}Z` : iso) - date.getTime())).toBeLessThan(2);
        },
      ),
    );
  });

  test('formats of dates are told from others', () => {
    expect(isDateFormat(22, undefined)).toBe(true);
    expect(isDateFormat(46, undefined)).toBe(false);
    expect(isDateFormat(200, '[Red]0.00" days"')).toBe(false);
    expect(isDateFormat(200, '[$-409]d\\-mmm\\-yy;@')).toBe(true);
    expect(isDateFormat(200, 'General')).toBe(false);
  });
});

describe('writing', () => {
  const cell = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
    fc.constantFrom('_x0041_', ' a ', '\u0007', 'a\r\nb', '=1+1', '<&">'),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(undefined),
  );

  test('what is written reads back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), async (rows) => {
        const bytes = await written([{ name: 'Data', columns: [{ header: 'h' }], rows }]);
        const back = (await read(bytes)).sheets[0]!.rows;
        const trim = (cells: readonly CellToWrite[]) => {
          const all = [...cells];
          while (all.length > 0 && all.at(-1) === undefined) all.pop();
          return all.map((value) => (value === 0 ? 0 : value));
        };
        expect(back.slice(1).map(([, ...cells]) => cells.map((value) => (value === 0 ? 0 : value)))).toEqual(
          rows.map(trim).filter((cells) => cells.length > 0),
        );
      }),
    );
  });

  test('names and texts that Excel refuses are a fault of the program', async () => {
    for (const name of ['', 'a'.repeat(32), 'a/b', "'a", 'History'])
      await expect(written([{ name, columns: [] }])).rejects.toThrow(WorkbookWriteError);
    await expect(
      written([
        { name: 'a', columns: [] },
        { name: 'A', columns: [] },
      ]),
    ).rejects.toThrow('two sheets');
    await expect(written([{ name: 'a', columns: [], rows: [['x'.repeat(32_768)]] }])).rejects.toThrow('32767');
  });

  test('the same input gives the same bytes, long lists go to a hidden sheet', async () => {
    const sheets: SheetToWrite[] = [
      {
        name: 'Study',
        columns: [
          { header: 'kind', choices: ['a', 'b'] },
          { header: 'term', choices: Array.from({ length: 100 }, (_, i) => `term, ${i}`), comment: 'Help' },
        ],
      },
    ];
    const bytes = await written(sheets);
    expect(await written(sheets)).toEqual(bytes);
    const { sheets: found } = await read(bytes);
    expect(found.map(({ name }) => name)).toEqual(['Study', 'lists']);
    expect(found[1]!.rows[100]).toEqual([101, 'term, 99']);
  });
});

test('columns by letters', () => {
  expect([0, 25, 26, 701, 702, 16_383].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
  expect(cellPlace('$AB$12')).toEqual({ column: 27, row: 11 });
  expect(cellPlace('12')).toEqual({ column: -1, row: -1 });
});

describe('workbooks as other programs write them', () => {
  const cell = (attributes: string, inside: string) =>
    `<worksheet><sheetData><row r="1"><c r="A1"${attributes}>${inside}</c></row></sheetData></worksheet>`;
  const first = async (bytes: Uint8Array) => (await read(bytes)).sheets[0]?.rows[0]?.[1];
  const workbook = (properties: string) =>
    `<workbook xmlns:r="urn:r">${properties}<sheets><sheet name="S" r:id="x1"/></sheets></workbook>`;

  test('dates from 1904 stay so where an extension has an element of the same name', async () => {
    const bytes = await workbookOf(cell(' s="1"', '<v>1</v>'), {
      'xl/workbook.xml': workbook(
        '<workbookPr date1904="1"/><extLst><ext><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>',
      ),
      'xl/styles.xml': styles,
    });
    expect(await first(bytes)).toBe('1904-01-02');
  });

  test('formats of conditional formatting are not those of cells', async () => {
    const bytes = await workbookOf(cell(' s="1"', '<v>39123</v>'), {
      'xl/styles.xml': styles
        .replace('</styleSheet>', '<dxfs><dxf><numFmt numFmtId="14" formatCode="0"/></dxf></dxfs></styleSheet>')
        .replace(/(<cellXfs>.*<\/cellXfs>)(.*)<\/styleSheet>/, '$2$1</styleSheet>'),
    });
    expect(await first(bytes)).toBe('2007-02-10');
  });

  test('a text within its cell counts for more than a value beside it', async () => {
    for (const inside of ['<v>1</v><is><t>1.01.</t></is>', '<is><t>1.01.</t></is><v>1</v>'])
      expect(await first(await workbookOf(cell(' t="inlineStr"', inside)))).toBe('1.01.');
  });

  test('parts in UTF-16 without a mark, and names with backslashes, are read; an empty archive is said to be one', async () => {
    const out = gather();
    const zip = zipWriter(out);
    const utf16 = (text: string) => Uint8Array.from([...text].flatMap((one) => [0, one.charCodeAt(0)]));
    await zip.add('xl/workbook.xml', [utf16(workbook(''))]);
    await zip.add('xl/_rels/workbook.xml.rels', [
      encoder.encode('<Relationships><Relationship Id="x1" Type="urn:a/worksheet" Target="one.xml"/></Relationships>'),
    ]);
    await zip.add('xl/one.xml', [encoder.encode(cell('', '<v>7</v>'))]);
    await zip.finish();
    const bytes = out.bytes();
    expect(await first(bytes)).toBe(7);
    // Names lie in the archive as they are: slashes become backslashes in both places.
    const names = ['xl/workbook.xml', 'xl/_rels/workbook.xml.rels', 'xl/one.xml'].map((name) => encoder.encode(name));
    for (const name of names)
      for (let at = 0; at + name.length <= bytes.length; at++)
        if (name.every((byte, index) => bytes[at + index] === byte))
          for (let index = 0; index < name.length; index++) if (bytes[at + index] === 0x2f) bytes[at + index] = 0x5c;
    expect(await first(bytes)).toBe(7);
    const none = gather();
    await zipWriter(none).finish();
    expect((await read(none.bytes())).codes).toEqual(['workbook-damaged']);
  });
});
