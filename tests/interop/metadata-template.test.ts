import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySource, sheetsInMemory, workbookBytes } from '@micrarium/formats';
import { readStudySheets, studySheets } from '@micrarium/standards';
import { afterAll, describe, expect, test } from 'vitest';

const python = '/usr/bin/python3';
const hasOpenpyxl = spawnSync(python, ['-c', 'import openpyxl']).status === 0;
if (!hasOpenpyxl) console.warn('Skipped: openpyxl is not installed, so no template is opened by it.');

/** Fills the template as a person would: several data sets, a date as a date, a wrong list value, an unknown column. */
const fill = `
import sys, json, datetime, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
study, data, people = book['Study'], book['Data sets'], book['Contributors']
def column(sheet, name):
    return next(cell.column for cell in sheet[1] if cell.value == name)
def put(sheet, row, name, value):
    sheet.cell(row=row, column=column(sheet, name)).value = value
lists = {}
for sheet in book.worksheets:
    for rule in sheet.data_validations.dataValidation:
        lists.setdefault(sheet.title, []).append([str(rule.sqref), rule.type])
help = {sheet.title: sum(1 for cell in sheet[1] if cell.comment) for sheet in (study, data)}
put(study, 2, 'Title', 'Nuclei of C. elegans')
put(study, 2, 'Release date', datetime.date(2026, 11, 20))
put(study, 2, 'Licence', 'CC BY 4.0')
put(data, 2, 'Title of the data set', 'first')
put(data, 2, 'Based on', 'Experiment')
put(data, 2, 'Organism', 'Caenorhabditis elegans (NCBITaxon:6239); Danio rerio')
put(data, 3, 'Title of the data set', 'second')
put(data, 5, 'Title of the data set', 'third')
put(data, 5, 'Based on', 'Guesswork')
data.cell(row=1, column=data.max_column + 1).value = 'Colour of the stage'
data.cell(row=2, column=data.max_column).value = 'black'
put(people, 2, 'First name', 'Hanako')
put(people, 2, 'Last name', 'Yamada')
put(people, 2, 'Organisation', 'U')
book.save(sys.argv[2])
print(json.dumps({'sheets': book.sheetnames, 'lists': lists, 'help': help}))
`;

describe.runIf(hasOpenpyxl)('the Excel template of the database tier', () => {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-template-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is opened and filled by openpyxl, and read back with findings at the right cells', async () => {
    const [empty, filled] = [join(folder, 'empty.xlsx'), join(folder, 'filled.xlsx')];
    writeFileSync(empty, await workbookBytes(studySheets('database')));
    const said = JSON.parse(execFileSync(python, ['-c', fill, empty, filled], { encoding: 'utf8' })) as {
      sheets: string[];
      lists: Record<string, [string, string][]>;
      help: Record<string, number>;
    };
    expect(said.sheets.slice(0, 4)).toEqual(['Study', 'Data sets', 'Contributors', 'Help']);
    // Lists for the licence; for basis, experiment type, acquisition mode, contrast and the vocabularies that are shipped.
    expect(said.lists['Study']!.some(([, type]) => type === 'list')).toBe(true);
    expect(said.lists['Data sets']!.filter(([, type]) => type === 'list').length).toBeGreaterThanOrEqual(6);
    const [study, data] = studySheets('database');
    expect(said.help).toEqual({ Study: study!.columns.length, 'Data sets': data!.columns.length });

    const { sheets, issues } = await sheetsInMemory(memorySource('filled.xlsx', readFileSync(filled)), 1000);
    expect(issues).toEqual([]);
    const read = readStudySheets(sheets, 'filled.xlsx');
    expect(read.values).toMatchObject({
      title: 'Nuclei of C. elegans',
      releaseDate: '2026-11-20',
      licence: 'CC-BY-4.0',
      contributors: [{ firstName: 'Hanako', lastName: 'Yamada', organisation: 'U' }],
    });
    expect(read.datasets.map(({ title }) => title)).toEqual(['first', 'second', 'third']);
    expect(read.datasets[0]!.values).toMatchObject({
      basedOn: 'Experiment',
      organism: [{ label: 'Caenorhabditis elegans', id: 'NCBITaxon:6239' }, { label: 'Danio rerio' }],
    });
    const basedOn = String.fromCharCode(65 + data!.columns.findIndex(({ header }) => header === 'Based on'));
    expect(read.issues.find(({ code }) => code === 'sheet-cell-refused')?.where).toMatchObject({
      file: 'filled.xlsx, sheet Data sets',
      row: 5,
      column: basedOn,
      field: 'basedOn',
    });
    expect(read.issues.find(({ code }) => code === 'sheet-field-unknown')?.where).toMatchObject({ row: 1 });
  });
});
