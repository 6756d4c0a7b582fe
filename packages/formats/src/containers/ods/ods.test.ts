import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Issue } from '@micrarium/model';
import { memorySource } from '../../bytes/byte-source.ts';
import { openWorkbook, type SheetOptions } from '../workbook.ts';
import { sheetsInMemory } from '../workbook-in-memory.ts';
import { readFiles } from '../../tracks/item-for-tests.test-data.ts';
import { zipWriter } from '../zip/write-zip.ts';

const encoder = new TextEncoder();

/** A spreadsheet of the tables given, with the namespaces that all programs use. */
async function odsOf(tables: string, parts: Record<string, string> = {}, before = ''): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const zip = zipWriter({ write: async (bytes) => void pieces.push(bytes.slice()) });
  const all: Record<string, string> = {
    mimetype: 'application/vnd.oasis.opendocument.spreadsheet',
    'content.xml': `<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">${before}<office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body></office:document-content>`,
    'META-INF/manifest.xml': '<!DOCTYPE manifest:manifest><manifest:manifest/>',
    ...parts,
  };
  for (const [path, text] of Object.entries(all)) await zip.add(path, [encoder.encode(text)]);
  await zip.finish();
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

async function read(bytes: Uint8Array, options: SheetOptions = {}) {
  const { workbook, issues } = await openWorkbook(memorySource('a.ods', bytes));
  const found: Issue[] = [...issues];
  const sheets: { name: string; hidden: boolean; rows: unknown[][] }[] = [];
  for (const sheet of workbook?.sheets ?? []) {
    const rows: unknown[][] = [];
    for await (const batch of sheet.rows({ ...options, onIssue: (issue) => found.push(issue) }))
      for (const { row, cells } of batch) rows.push([row, ...cells]);
    sheets.push({ name: sheet.name, hidden: sheet.hidden, rows });
  }
  return { kind: workbook?.kind, sheets, codes: found.map(({ code }) => code) };
}

const cell = (type: string, attributes: string, shown: string) =>
  `<table:table-cell office:value-type="${type}" ${attributes} calcext:value-type="${type}"><text:p>${shown}</text:p></table:table-cell>`;
const table = (rows: string, name = 'One', style = 'ta1') =>
  `<table:table table:name="${name}" table:style-name="${style}"><table:table-column table:number-columns-repeated="16384"/>${rows}</table:table>`;
const row = (cells: string, attributes = '') => `<table:table-row ${attributes}>${cells}</table:table-row>`;

test('values of every type, by what is stored and not by what is shown', async () => {
  const bytes = await odsOf(
    table(
      row(
        [
          cell('float', 'office:value="-1.5E-7"', '0'),
          cell('percentage', 'office:value="0.125"', '13 %'),
          cell('currency', 'office:value="12.5" office:currency="EUR"', '12,50 €'),
          cell('boolean', 'office:boolean-value="false"', 'FALSCH'),
          cell('date', 'office:date-value="2024-03-01"', '1. März'),
          cell('date', 'office:date-value="2024-03-01T08:30:00.250000000"', '8:30'),
          cell('date', 'office:date-value="2024-03-01T00:00:00"', '1.3.'),
          cell('time', 'office:time-value="PT08H30M00S"', '8:30'),
          cell('time', 'office:time-value="PT36H00M00S"', '36:00'),
          cell('string', 'table:formula="of:=[.A1]" office:string-value="made"', 'made'),
          '<table:table-cell><text:p>untyped &amp; old</text:p></table:table-cell>',
        ].join(''),
      ),
    ),
  );
  const { kind, sheets, codes } = await read(bytes);
  expect([kind, codes]).toEqual(['ods', []]);
  expect(sheets[0]!.rows).toEqual([
    [
      1,
      -1.5e-7,
      0.125,
      12.5,
      false,
      '2024-03-01',
      '2024-03-01T08:30:00.250',
      '2024-03-01',
      '08:30:00',
      1.5,
      'made',
      'untyped & old',
    ],
  ]);
  const { workbook } = await openWorkbook(memorySource('a.ods', bytes));
  const texts: unknown[] = [];
  for await (const batch of workbook!.sheets[0]!.textRows()) texts.push(...batch[0]!.cells.slice(0, 4));
  expect(texts).toEqual(['-1.5E-7', '0.125', '12.5', 'false']);
});

test('paragraphs, blanks, tabs and links are the text; remarks, drawings and guides are not', async () => {
  const remark = '<office:annotation><dc:creator>A</dc:creator><text:p>a remark</text:p></office:annotation>';
  const drawing = '<draw:frame><draw:text-box><text:p>drawn</text:p></draw:text-box></draw:frame>';
  const text = `<table:table-cell office:value-type="string">${remark}${drawing}<text:p> two
    words<text:s text:c="2"/><text:span>in <text:a>a link</text:a></text:span></text:p><text:p>x<text:tab/>y<text:line-break/>z<text:ruby><text:ruby-base>漢</text:ruby-base><text:ruby-text>kan</text:ruby-text></text:ruby></text:p></table:table-cell>`;
  const { sheets } = await read(await odsOf(table(row(text))));
  expect(sheets[0]!.rows).toEqual([[1, 'two words  in a link\nx\ty\nz漢']]);
});

test('repeated cells and rows stand as often as they do in the program; blank ones cost nothing', async () => {
  const blank = '<table:table-cell table:number-columns-repeated="3"/>';
  const bytes = await odsOf(
    table(
      row(`${blank}${cell('float', 'office:value="1" table:number-columns-repeated="2"', '1')}`) +
        row(blank, 'table:number-rows-repeated="1000"') +
        `<table:table-row-group>${row(cell('string', '', 'a'), 'table:number-rows-repeated="3"')}</table:table-row-group>` +
        row('<table:table-cell table:number-columns-repeated="16384"/>', 'table:number-rows-repeated="1047572"'),
    ) + table(row(cell('string', '', 'second')), 'Two &amp; more'),
  );
  const { sheets, codes } = await read(bytes);
  expect(codes).toEqual([]);
  expect(sheets).toEqual([
    {
      name: 'One',
      hidden: false,
      rows: [
        [1, undefined, undefined, undefined, 1, 1],
        [1002, 'a'],
        [1003, 'a'],
        [1004, 'a'],
      ],
    },
    { name: 'Two & more', hidden: false, rows: [[1, 'second']] },
  ]);
});

test('a few bytes that claim a sheet full of cells, or places that no sheet has, are found and bounded', async () => {
  const full = row(
    cell('string', 'table:number-columns-repeated="999999999"', 'X'),
    'table:number-rows-repeated="999999999"',
  );
  const { sheets, codes } = await read(await odsOf(table(full)));
  expect(codes).toEqual(['cells-repeated']);
  const cells = sheets[0]!.rows.reduce((sum, one) => sum + one.length - 1, 0);
  expect(cells).toBeGreaterThan(900_000);
  expect(cells).toBeLessThan(1_050_000);
  const beyond = row('<table:table-cell/>', 'table:number-rows-repeated="1048576"') + row(cell('string', '', 'lost'));
  expect((await read(await odsOf(table(beyond)))).codes).toEqual(['cell-outside-sheet']);
  const covered = '<table:covered-table-cell table:number-columns-repeated="16384"/>';
  const merged =
    row(
      `${cell('string', 'table:number-columns-spanned="16384" table:number-rows-spanned="1048576"', 'X')}${covered}`,
    ) + row(covered).repeat(80);
  const filled = await read(await odsOf(table(merged)), { fillMerged: true });
  expect(filled.codes.toSorted()).toEqual(['cells-merged', 'cells-repeated']);
});

test('a merged range gives its value to all cells where asked; what lies hidden under it is never read', async () => {
  const hidden =
    '<table:covered-table-cell office:value-type="string"><text:p>hidden</text:p></table:covered-table-cell>';
  const bytes = await odsOf(
    table(
      row(
        `${cell('float', 'office:value="1" table:number-columns-spanned="2" table:number-rows-spanned="2"', '1')}${hidden}${cell('float', 'office:value="3"', '3')}`,
      ) +
        row(`<table:covered-table-cell table:number-columns-repeated="2"/>${cell('float', 'office:value="4"', '4')}`) +
        row(cell('float', 'office:value="5"', '5')),
    ),
  );
  expect((await read(bytes)).sheets[0]!.rows).toEqual([
    [1, 1, undefined, 3],
    [2, undefined, undefined, 4],
    [3, 5],
  ]);
  const { sheets, issues } = await sheetsInMemory(memorySource('a.ods', bytes), 10);
  expect(sheets[0]!.rows.map(({ cells }) => cells)).toEqual([[1, 1, 3], [1, 1, 4], [5]]);
  expect(issues.map(({ code, message }) => [code, message])).toEqual([
    ['cells-merged', 'sheet "One": 1 range of cells is merged (first A1:B2)'],
  ]);
});

test('failed and unfinished formulas, hidden sheets, links to other files', async () => {
  const styles =
    '<office:automatic-styles><style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>';
  const link = `<table:dde-links><table:dde-link>${table(row(cell('string', '', 'of elsewhere')), 'No')}</table:dde-link></table:dde-links>`;
  const bytes = await odsOf(
    table(
      row(
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>' +
          cell('float', 'table:formula="of:=x" office:value="0"', 'Err:502') +
          '<table:table-cell table:formula="of:=1+1"/>' +
          cell('string', '', '#N/A'),
      ),
    ) +
      table(row(cell('string', '', 'b')), 'Lists', 'ta2') +
      link,
    {},
    styles,
  );
  const { sheets, codes } = await read(bytes);
  expect(codes.toSorted()).toEqual(['cell-error', 'formula-without-value']);
  expect(sheets).toEqual([
    { name: 'One', hidden: false, rows: [[1, undefined, undefined, undefined, '#N/A']] },
    { name: 'Lists', hidden: true, rows: [[1, 'b']] },
  ]);
});

test('what cannot be read says why: encrypted, another kind of document, entities, cut off', async () => {
  const encrypted = {
    'META-INF/manifest.xml': '<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>',
  };
  expect((await read(await odsOf('', encrypted))).codes).toEqual(['workbook-encrypted']);
  const text = {
    'content.xml': '<office:document-content><office:body><office:text/></office:body></office:document-content>',
  };
  expect((await read(await odsOf('', text))).codes).toEqual(['workbook-damaged']);
  const entities = { 'content.xml': '<!DOCTYPE x [<!ENTITY a "b">]><office:spreadsheet/>' };
  expect((await read(await odsOf('', entities))).codes).toEqual(['workbook-xml-refused']);
  const cut = { 'content.xml': `<o:b><o:spreadsheet>${table(row(cell('string', '', 'kept'))).slice(0, -14)}` };
  const found = await read(await odsOf('', cut));
  expect(found.codes).toEqual(['workbook-damaged', 'workbook-damaged']);
  expect(found.sheets[0]!.rows).toEqual([[1, 'kept']]);
});

test('binary workbooks are said to be what they are', async () => {
  const biff4 = Uint8Array.of(9, 4, 6, 0, 0, 0, 0x10, 0);
  expect((await openWorkbook(memorySource('a.xls', biff4))).issues.map(({ code }) => code)).toEqual([
    'workbook-binary',
  ]);
});

test('cut and changed spreadsheets give findings, never a crash', async () => {
  const good = await odsOf(table(row(cell('float', 'office:value="1"', '1')) + row(cell('string', '', 'x'))));
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), fc.boolean(), async (at, byte, isCut) => {
      const bytes = isCut ? good.slice(0, at) : good.slice();
      if (!isCut) bytes[at] = byte;
      const { sheets, codes } = await read(bytes, { fillMerged: true });
      expect(isCut ? codes.length > 0 : sheets.length >= 0).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('a table of tracks in a spreadsheet is read as those of workbooks are', async () => {
  const line = (...values: (string | number)[]) =>
    row(
      values
        .map((value) =>
          typeof value === 'number'
            ? cell('float', `office:value="${value}"`, String(value))
            : cell('string', '', value),
        )
        .join(''),
    );
  const bytes = await odsOf(
    table(
      [
        line('Track', 'Frame', 'X (µm)', 'Y (µm)'),
        line(1, 0, 1.5, 2.5),
        line(1, 1, 2.5, 2.5),
        line(2, 0, 9, 9),
        line(2, 1, 9, 8),
      ].join(''),
    ),
  );
  const { format, sets } = await readFiles({ 'a.ods': bytes });
  expect(format).toBe('excel');
  expect(sets.map(({ name, spaceUnit }) => [name, spaceUnit])).toEqual([['One', 'micrometer']]);
});
