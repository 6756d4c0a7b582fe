import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Issue } from '@micrarium/model';
import { type SheetToWrite, openWorkbook, writeWorkbook } from '@micrarium/formats';
import { openFolder } from '@micrarium/formats/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const python = '/usr/bin/python3';
const present = hasOpenpyxl();
if (!present) console.warn('tests/interop/workbook: Python with openpyxl is absent, nothing is tested');

function hasOpenpyxl(): boolean {
  try {
    execFileSync(python, ['-c', 'import openpyxl'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbook-interop-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(script: string): unknown {
  return JSON.parse(execFileSync(python, ['-c', script], { cwd: folder, encoding: 'utf8' }));
}

async function write(name: string, sheets: readonly SheetToWrite[]): Promise<void> {
  const stream = createWriteStream(join(folder, name));
  await writeWorkbook(sheets, {
    write: (bytes) =>
      new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve()))),
  });
  await new Promise((resolve) => stream.end(resolve));
}

async function read(name: string, fillMerged = false) {
  const tree = await openFolder(folder);
  const entry = tree.entries.find(({ path }) => path === name)!;
  const found: Issue[] = [];
  const { workbook, issues } = await openWorkbook(await entry.open());
  const sheets: Record<string, unknown[][]> = {};
  for (const sheet of workbook?.sheets ?? []) {
    const rows: unknown[][] = [];
    for await (const batch of sheet.rows({ fillMerged, onIssue: (issue) => found.push(issue) }))
      for (const { row, cells } of batch) rows.push([row, ...cells]);
    sheets[sheet.name] = rows;
  }
  await entry.close?.();
  return { sheets, codes: [...issues, ...found].map(({ code }) => code) };
}

describe.runIf(present)('openpyxl and our workbooks', () => {
  test('openpyxl finds everything we write', async () => {
    const long = Array.from({ length: 60 }, (_, i) => `Term ${i}, with "quotes" & commas`);
    await write('ours.xlsx', [
      {
        name: "It's µ",
        titles: ['A study'],
        columns: [
          { header: 'Name', required: true, comment: 'Family name\nas on papers', width: 22 },
          { header: 'Kind', choices: ['image', 'tracks'], strict: true, prompt: 'Choose one' },
          { header: 'Term', choices: long },
          { header: 'Date', format: 'yyyy-mm-dd' },
        ],
        rows: [
          ['=HYPERLINK("x")', 'image', long[3]!, new Date('2024-02-29T00:00:00Z')],
          ['Żółć 𝛼\u0001 _x0041_', 'tracks', undefined, new Date('2024-02-29T13:30:00Z')],
          [1.1, -2e-300, true, Number.NaN],
        ],
      },
      { name: 'Second', columns: [{ header: 'a' }], freezeHeader: false },
    ]);
    expect(
      run(`
import openpyxl, json
from openpyxl.utils.escape import unescape
wb = openpyxl.load_workbook('ours.xlsx')
ws = wb.worksheets[0]
print(json.dumps({
  'names': wb.sheetnames, 'states': [w.sheet_state for w in wb],
  'header': [c.value for c in ws[2]], 'bold': [c.font.b for c in ws[2]], 'fill': [c.fill.fgColor.rgb for c in ws[2]],
  'title': [ws['A1'].value, ws['A1'].font.b],
  'rows': [[unescape(c.value) if isinstance(c.value, str) else c.value.isoformat() if hasattr(c.value, 'isoformat') else c.value for c in r] for r in ws.iter_rows(min_row=3)],
  'types': [c.data_type for c in ws[3]],
  'format': ws['D3'].number_format,
  'freeze': [ws.freeze_panes, wb.worksheets[1].freeze_panes], 'width': ws.column_dimensions['A'].width,
  'comment': ws['A2'].comment.text,
  'rules': [[str(v.sqref), v.formula1, v.errorStyle or 'stop', v.prompt] for v in ws.data_validations.dataValidation],
  'list': [c.value for c in wb['lists']['A']][1:4],
}))`),
    ).toEqual({
      names: ["It's µ", 'Second', 'lists'],
      states: ['visible', 'visible', 'hidden'],
      header: ['Name', 'Kind', 'Term', 'Date'],
      bold: [true, true, true, true],
      fill: ['FFFFE699', 'FFD9E1EA', 'FFD9E1EA', 'FFD9E1EA'],
      title: ['A study', true],
      rows: [
        ['=HYPERLINK("x")', 'image', long[3], '2024-02-29T00:00:00'],
        ['Żółć 𝛼\u0001 _x0041_', 'tracks', null, '2024-02-29T13:30:00'],
        [1.1, -2e-300, true, 'NaN'],
      ],
      types: ['s', 's', 's', 'd'],
      format: 'yyyy-mm-dd',
      freeze: ['A3', null],
      width: 22,
      comment: 'Family name\nas on papers',
      rules: [
        ['B3:B1002', '"image,tracks"', 'stop', 'Choose one'],
        ['C3:C1002', "'lists'!$A$2:$A$61", 'warning', null],
      ],
      list: long.slice(0, 3),
    });
  });

  test('we find everything openpyxl writes, in both date systems', async () => {
    run(`
import openpyxl, datetime, json
from openpyxl.utils.datetime import CALENDAR_MAC_1904
for name, epoch in (('theirs.xlsx', None), ('theirs1904.xlsx', CALENDAR_MAC_1904)):
    wb = openpyxl.Workbook()
    if epoch: wb.epoch = epoch
    ws = wb.active
    ws.title = 'Ünï & <co>'
    ws.append(['text', 1, 2.5, True, None, datetime.datetime(2024, 2, 29, 13, 30), datetime.date(1999, 12, 31), datetime.time(6, 15)])
    ws['B5000'] = 'far & away'
    ws['A5001'] = '=1+1'
    ws['C5002'] = '#DIV/0!'
    ws.merge_cells('A5004:C5005')
    ws['A5004'] = 'wide'
    wb.create_sheet('empty').sheet_state = 'veryHidden'
    wb.save(name)
print(1)`);
    for (const name of ['theirs.xlsx', 'theirs1904.xlsx']) {
      const { sheets, codes } = await read(name, true);
      expect(sheets).toEqual({
        'Ünï & <co>': [
          [1, 'text', 1, 2.5, true, undefined, '2024-02-29T13:30:00', '1999-12-31', '06:15:00'],
          [5000, undefined, 'far & away'],
          [5004, 'wide', 'wide', 'wide'],
        ],
        empty: [],
      });
      expect(codes.toSorted()).toEqual(['cell-error', 'cells-merged', 'formula-without-value']);
    }
  });
});
