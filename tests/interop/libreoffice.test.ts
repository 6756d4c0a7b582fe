import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { memorySource, sheetsInMemory, workbookBytes } from '@micrarium/formats';
import { readStudySheets, studySheets } from '@micrarium/standards';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const office = '/usr/bin/soffice';
const hasOffice = existsSync(office);
if (!hasOffice) console.warn('Skipped: LibreOffice is not installed, so no template is opened and saved by it.');

/** Tells what LibreOffice finds in the template, types into it as a person does, and saves it in both forms. */
const macro = `
Sub Main(folder As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  book = StarDesktop.loadComponentFromURL(folder & "template.xlsx", "_blank", 0, hidden())
  report = FreeFile
  Open ConvertFromURL(folder & "report.txt") For Output As #report
  For s = 0 To book.Sheets.Count - 1
    sheet = book.Sheets.getByIndex(s)
    lists = 0
    prompts = 0
    column = 0
    Do While sheet.getCellByPosition(column, 0).String <> ""
      rule = sheet.getCellByPosition(column, 1).Validation
      If rule.Type = com.sun.star.sheet.ValidationType.LIST Then lists = lists + 1
      If rule.ShowInputMessage Then prompts = prompts + 1
      column = column + 1
    Loop
    Print #report, sheet.Name & "|" & sheet.IsVisible & "|" & column & "|" & lists & "|" & prompts & "|" & sheet.Annotations.Count
  Next s
  Close #report
  typed = FreeFile
  Open ConvertFromURL(folder & "typed.txt") For Input As #typed
  Do While Not EOF(typed)
    Line Input #typed, entry
    parts = Split(entry, "|")
    sheet = book.Sheets.getByName(parts(0))
    column = 0
    Do While sheet.getCellByPosition(column, 0).String <> parts(2)
      column = column + 1
    Loop
    sheet.getCellByPosition(column, CInt(parts(1)) - 1).FormulaLocal = parts(3)
  Loop
  Close #typed
  Dim form(0) As New com.sun.star.beans.PropertyValue
  form(0).Name = "FilterName"
  form(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL(folder & "filled.xlsx", form())
  form(0).Value = "calc8"
  book.storeToURL(folder & "filled.ods", form())
  book.close(True)
End Sub
`;

const typed = [
  'Study|2|Title|Nuclei of C. elegans: “ä, 線虫”',
  'Study|2|Release date|2026-11-20',
  'Study|2|Licence|CC-BY-4.0',
  'Study|2|ORCID|0000-0002-1825-0097',
  'Data sets|2|Title of the data set|first',
  'Data sets|2|Local identifier|007',
  'Data sets|2|Based on|Experiment',
  'Data sets|2|Organism|Caenorhabditis elegans (NCBITaxon:6239); Danio rerio',
  'Data sets|2|Genes, proteins, reagents|2,4-dinitrophenol; GFP::H2B',
  'Data sets|2|Scale of X, Y and Z|XY: 0.105 micrometer/pixel, Z: 0.5 micrometer/slice',
  'Data sets|5|Title of the data set|second',
  'Data sets|5|Based on|Guesswork',
  'Contributors|2|First name|Hanako',
  'Contributors|2|Last name|Yamada',
  'Contributors|2|Organisation|U',
  'Contributors|2|Made which data|image',
];

const doctype = (name: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE ${name} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "x.dtd">\n`;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A profile of its own with the macro in it, set up already: a first start would put the shipped one in its place. */
function writeProfile(folder: string): void {
  const library = join(folder, 'user/basic/Standard');
  mkdirSync(library, { recursive: true });
  const setting = (path: string, name: string, value: string) =>
    `<item oor:path="${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`;
  writeFileSync(
    join(folder, 'user/registrymodifications.xcu'),
    `<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">${setting('/org.openoffice.Setup/Office', 'ooSetupInstCompleted', 'true')}${setting('/org.openoffice.Office.Common/Security/Scripting', 'MacroSecurityLevel', '0')}</oor:items>\n`,
  );
  const names = 'xmlns:library="http://openoffice.org/2000/library"';
  writeFileSync(
    join(folder, 'user/basic/script.xlc'),
    `${doctype('library:libraries')}<library:libraries ${names}><library:library library:name="Standard" library:link="false"/></library:libraries>\n`,
  );
  writeFileSync(
    join(library, 'script.xlb'),
    `${doctype('library:library')}<library:library ${names} library:name="Standard" library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/></library:library>\n`,
  );
  writeFileSync(
    join(library, 'Module1.xba'),
    `${doctype('script:module')}<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">${escaped(macro)}</script:module>\n`,
  );
}

describe.runIf(hasOffice)('the Excel template of the database tier in LibreOffice', () => {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-office-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(async () => {
    writeProfile(join(folder, 'profile'));
    writeFileSync(join(folder, 'template.xlsx'), await workbookBytes(studySheets('database')));
    writeFileSync(join(folder, 'typed.txt'), `${typed.join('\n')}\n`);
    const { status, stderr } = spawnSync(
      office,
      [
        '--headless',
        '--norestore',
        `-env:UserInstallation=${pathToFileURL(join(folder, 'profile'))}`,
        `macro:///Standard.Module1.Main("${pathToFileURL(folder)}/")`,
      ],
      { encoding: 'utf8', timeout: 240_000 },
    );
    expect([status, existsSync(join(folder, 'filled.ods')), stderr]).toEqual([0, true, expect.any(String)]);
  }, 300_000);

  test('is opened with all its lists, prompts and help', () => {
    const sheets = studySheets('database');
    const ours = sheets.map(({ name, columns }) =>
      [
        name,
        'True',
        columns.length,
        columns.filter(({ choices }) => choices).length,
        columns.filter(({ prompt }) => prompt).length,
        columns.filter(({ comment }) => comment).length,
      ].join('|'),
    );
    const found = readFileSync(join(folder, 'report.txt'), 'utf8').trim().split(/\r?\n/);
    expect(found.slice(0, ours.length)).toEqual(ours);
    expect(found.slice(ours.length)).toEqual([expect.stringMatching(/^lists\|False\|/)]);
  });

  test.each(['filled.xlsx', 'filled.ods'])(
    'filled and saved by it as %s, it is read back without loss',
    async (name) => {
      const { sheets, issues } = await sheetsInMemory(memorySource(name, readFileSync(join(folder, name))), 10_000);
      expect(issues).toEqual([]);
      const read = readStudySheets(sheets, name);
      expect(read.values).toEqual({
        title: 'Nuclei of C. elegans: “ä, 線虫”',
        releaseDate: '2026-11-20',
        licence: 'CC-BY-4.0',
        contactOrcid: '0000-0002-1825-0097',
        contributors: [{ firstName: 'Hanako', lastName: 'Yamada', organisation: 'U', role: 'image' }],
      });
      expect(read.datasets).toEqual([
        {
          title: 'first',
          isTitled: true,
          identifier: '007',
          files: [],
          values: {
            localId: '007',
            basedOn: 'Experiment',
            organism: [{ label: 'Caenorhabditis elegans', id: 'NCBITaxon:6239' }, { label: 'Danio rerio' }],
            genesProteinsReagents: ['2,4-dinitrophenol', 'GFP::H2B'],
            spaceScale: 'XY: 0.105 micrometer/pixel, Z: 0.5 micrometer/slice',
          },
        },
        { title: 'second', isTitled: true, files: [], values: {} },
      ]);
      expect(read.issues.map(({ code, where }) => [code, where.row, where.field])).toEqual([
        ['sheet-cell-refused', 5, 'basedOn'],
      ]);
    },
  );
});
