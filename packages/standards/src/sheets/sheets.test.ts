import { expect, test } from 'vitest';
import { readStudySheets } from './read-sheets.ts';
import type { ReadSheet } from './sheet-shapes.ts';
import { studySheets } from './write-sheets.ts';

const content = {
  values: {
    title: 'Nuclei of C. elegans',
    licence: 'CC-BY-4.0',
    releaseDate: '2026-11-20',
    organism: [{ label: 'Caenorhabditis elegans', id: 'NCBITaxon:6239' }],
    'organism@d-2': [{ label: 'Danio rerio', id: 'NCBITaxon:7955' }, { label: 'Unknown' }],
    'basedOn@d-1': 'Experiment',
    contributors: [{ firstName: 'Hanako', lastName: 'Yamada', organisation: 'U', role: 'image' as const }],
  },
  datasets: [
    { id: 'd-1', title: 'wt-1.tif' },
    { id: 'd-2', title: 'Second; with a semicolon' },
  ],
  given: { 'timeScale@d-1': { value: '40 second for each time interval', origin: { kind: 'file' as const } } },
};

/** As a reader gives what the writer wrote. */
const readBack = (sheets: ReturnType<typeof studySheets>): ReadSheet[] =>
  sheets.map(({ name, columns, rows }) => ({
    name,
    rows: [columns.map(({ header }) => header), ...rows].map((cells, index) => ({ row: index + 1, cells })),
  }));

test.each(['archive', 'database'] as const)('a filled template of the %s tier comes back as it was', (tier) => {
  const read = readStudySheets(readBack(studySheets(tier, content)), 'study.xlsx');
  expect(read.issues).toEqual([]);
  expect(read.values).toMatchObject({
    title: content.values.title,
    licence: 'CC-BY-4.0',
    contributors: content.values.contributors,
  });
  if (tier === 'archive') expect(read.values.organism).toEqual(content.values.organism);
  else {
    expect(read.datasets.map(({ title }) => title)).toEqual(['wt-1.tif', 'Second; with a semicolon']);
    expect(read.datasets[0]!.values).toMatchObject({
      organism: content.values.organism,
      basedOn: 'Experiment',
      timeScale: '40 second for each time interval',
    });
    expect(read.datasets[1]!.values.organism).toEqual(content.values['organism@d-2']);
  }
});

test('what stands in a list comes back entry by entry, whatever stands in an entry', () => {
  const lists = {
    genesProteinsReagents: [
      '2,4-dinitrophenol',
      'GFP; RFP mix',
      'actin, cytoplasmic 1',
      '"Rainbow" mouse',
      'タンパク質、A',
    ],
    treatment: ['heat, then cold'],
    keywords: ['one'],
    links: ['https://example.org/a,b;c=1', 'https://example.org/b'],
    papers: [
      'Cells that move | Example A; Sample B | Journal, of Examples | 2024 | doi:10.1234/example',
      'Others | Only C',
    ],
    molecularFunction: [
      { label: 'DNA-binding transcription factor activity, RNA polymerase II-specific', id: 'GO:0000981' },
    ],
  };
  const sheets = studySheets('database', { values: lists, datasets: [{ id: 'd-1', title: 'A' }], given: {} });
  const { values, datasets, issues } = readStudySheets(readBack(sheets), 'a.xlsx');
  expect({ ...values, ...datasets[0]!.values }).toMatchObject(lists);
  // That one entry reads like two is said of it all the same.
  expect(issues.map(({ message }) => message)).toEqual([expect.stringContaining('GFP; RFP mix')]);
});

test('dates are read as people of many languages write them; what may be two days is refused', () => {
  const written: [string | number, string | undefined][] = [
    ['2026/11/20', '2026-11-20'],
    ['20.11.2026', '2026-11-20'],
    ['20. 11. 2026', '2026-11-20'],
    ['20-Nov-2026', '2026-11-20'],
    ['20 November 2026', '2026-11-20'],
    ['Nov. 3rd, 2026', '2026-11-03'],
    ['20/11/2026', '2026-11-20'],
    ['11/20/2026', '2026-11-20'],
    ['令和8年11月20日', '2026-11-20'],
    ['２０２６年１１月２０日', '2026-11-20'],
    ['20261120', '2026-11-20'],
    [46_346, '2026-11-20'],
    ['2026-11-20T09:30:00', '2026-11-20'],
    ['03/04/2026', undefined],
    ['2026-02-30', undefined],
    ['next month', undefined],
  ];
  for (const [cell, date] of written) {
    const read = readStudySheets(
      [
        {
          name: 'Study',
          rows: [
            ['Title', 'Release date'],
            ['A', cell],
          ].map((cells, row) => ({ row: row + 1, cells })),
        },
      ],
      'a.csv',
    );
    expect([cell, read.values.releaseDate, read.issues.some(({ severity }) => severity === 'error')]).toEqual([
      cell,
      date,
      date === undefined,
    ]);
  }
});

test('a decimal comma in a scale is a point; groups of three digits stay', () => {
  const scale = (spaceScale: string) =>
    readStudySheets(
      [
        {
          name: 'Data sets',
          rows: [
            ['Title of the data set', 'XYZ-scale'],
            ['A', spaceScale],
          ].map((cells, row) => ({ row: row + 1, cells })),
        },
      ],
      'a.csv',
    ).datasets[0]!.values.spaceScale;
  expect(scale('XY: 0,105 micrometer/pixel, Z: 0,5 micrometer/slice')).toBe(
    'XY: 0.105 micrometer/pixel, Z: 0.5 micrometer/slice',
  );
  expect(scale('1,25 µm')).toBe('1.25 µm');
  expect(scale('XY: 1,250 nm')).toBe('XY: 1,250 nm');
});

test('merged headers, pages, remarks and sheets with names of their own are read as what they are', () => {
  const rows = (lines: (string | undefined)[][]) => lines.map((cells, index) => ({ row: index + 1, cells }));
  const read = readStudySheets(
    [
      {
        name: 'Studie',
        rows: rows([
          ['Title', 'Licence'],
          ['A', 'CC0-1.0'],
        ]),
      },
      {
        name: 'Filme',
        rows: rows([
          ['Title of the data set', 'Based on', 'Organism'],
          ['Title of the data set', 'Based on', 'Organism'],
          ['# these two were lost', undefined, undefined],
          ['first', 'Experiment', 'Mus musculus'],
        ]),
      },
      {
        name: 'Leute',
        rows: rows([
          ['First name', 'Last name', 'Organisation', 'Made which data', 'Middle name'],
          ['Hanako', 'Yamada', 'U', 'PI', 'X.'],
        ]),
      },
    ],
    'a.xlsx',
  );
  expect(read.values).toMatchObject({ title: 'A', contributors: [{ lastName: 'Yamada' }] });
  expect(read.values).not.toHaveProperty('contactFirstName');
  expect(read.datasets.map(({ title }) => title)).toEqual(['first']);
  expect(read.issues.map(({ code, where }) => [code, where.column, where.row])).toEqual([
    ['sheet-field-unknown', 'E', 1],
    ['sheet-cell-changed', 'D', 2],
  ]);
  expect(read.unread).toMatchObject([{ text: 'X.' }]);
});

test('the help of a template fills nothing, whatever its sheet is called', () => {
  const sheets = readBack(studySheets('archive', content)).map((sheet) => ({ ...sheet, name: `${sheet.name} (copy)` }));
  expect(readStudySheets(sheets, 'a.xlsx').values).toMatchObject({ title: content.values.title });
});

test('headers of a template are unique, help covers each field, closed lists are offered', () => {
  for (const { columns } of studySheets('database')) {
    const headers = columns.map(({ header }) => header);
    expect(new Set(headers).size).toBe(headers.length);
  }
  const [study, datasets] = studySheets('database');
  expect(study!.columns.find(({ header }) => header === 'Licence')).toMatchObject({ strict: true, required: true });
  expect(datasets!.columns.find(({ header }) => header === 'Based on')?.choices).toEqual(['Experiment', 'Simulation']);
});

test('findings name the cell', () => {
  const sheet: ReadSheet = {
    name: 'Study',
    rows: [
      { row: 1, cells: ['Title', 'Release date', 'Licence', 'ORCID', 'Colour', 'DOI of the paper'] },
      { row: 4, cells: ['A', 45_000, 'cc by 4.0', '0000-0002-1825-0098', 'blue', 'https://doi.org/10.1234/AB.'] },
    ],
  };
  const read = readStudySheets([sheet], 's.xlsx');
  expect(read.values).toEqual({ title: 'A', releaseDate: '2023-03-15', licence: 'CC-BY-4.0', paperDoi: '10.1234/ab' });
  expect(read.issues.map(({ code, where }) => [code, where.row, where.column])).toEqual([
    ['sheet-field-unknown', 1, 'E'],
    ['sheet-cell-changed', 4, 'B'],
    ['sheet-cell-changed', 4, 'C'],
    ['sheet-cell-refused', 4, 'D'],
    ['sheet-cell-changed', 4, 'F'],
  ]);
});

test('the repository template of SSBD is read: one row a field, contributors in blocks', () => {
  const lines: string[][] = [
    ['Project', 'Project name', 'Required', 'ssbd-repos-000536'],
    ['Project', 'Title', 'Required', 'Single-molecule imaging'],
    ['Project', 'License / Rights', 'Required', 'CC BY 4.0'],
    ['Contact', 'Role', 'Required', 'Contact'],
    ['Contact', 'First Name', 'Required', 'Hanako'],
    ['Contact', 'Last Name', 'Required', 'Riken'],
    ['Contact', 'Contact E-mail', 'Required', 'a@b.jp'],
    ['Contact', 'Organization', 'Required', 'RIKEN'],
    ['Dataset', 'Organism', 'Required', 'Caenorhabditis elegans, Homo sapiens'],
    ['Dataset', 'Gene', 'Recommended', 'par-2, par-3'],
    ['Dataset', 'Protein', 'Recommended', 'Nanog'],
    ['Contributor 1', 'Role', 'Required', 'Image + Quantitative data contributor'],
    ['', 'First Name', 'Required', 'Taro'],
    ['', 'Last Name', 'Required', 'Yamada'],
    ['', 'Organization', 'Required', 'RIKEN'],
    ['Contributor 2', 'Role', 'Required', 'Quantitative dataset contributor'],
    ['', 'First Name', 'Required', 'Jiro'],
    ['', 'Last Name', 'Required', ''],
  ];
  const read = readStudySheets(
    [{ name: 'Sheet1', rows: lines.map((cells, index) => ({ row: index + 3, cells })) }],
    'ssbd.xlsx',
  );
  expect(read.layout).toBe('ssbd rows');
  expect(read.values).toMatchObject({
    title: 'Single-molecule imaging',
    licence: 'CC-BY-4.0',
    contactFirstName: 'Hanako',
    contactEmail: 'a@b.jp',
    organism: [{ label: 'Caenorhabditis elegans' }, { label: 'Homo sapiens' }],
    genesProteinsReagents: ['par-2', 'par-3', 'Nanog'],
    contributors: [
      { firstName: 'Taro', lastName: 'Yamada', organisation: 'RIKEN', role: 'image and quantitative' },
      { firstName: 'Jiro', lastName: '', role: 'quantitative' },
    ],
  });
  expect(read.issues.find(({ code }) => code === 'sheet-cell-refused')?.where).toMatchObject({ row: 18, column: 'D' });
});

test('what a contributor of SSBD’s template says of themselves is not taken for the contact’s', () => {
  const lines: string[][] = [
    ['Group', 'Item', 'Required*', 'Help', 'Your entry'],
    ['Project', 'Title', 'Required (must)', 'A short sentence', 'Imaging'],
    ['Contact', 'First Name', 'Required', 'of the contact', 'Hanako'],
    ['Contact', 'Last Name', 'Required', '', 'Riken'],
    ['Contact', 'Address', 'Optional', '', 'Kobe'],
    ['Contact', 'J-GLOBAL ID', 'Optional', '', '200901000000000001'],
    ['Contributor 1', 'Role', 'Required', '', 'Image dataset contributor'],
    ['', 'First Name', 'Required', '', 'Taro'],
    ['', 'Last Name', 'Required', '', 'Yamada'],
    ['', 'Organization', 'Required', '', 'RIKEN'],
    ['', 'Address', 'Optional', '', 'Osaka'],
    ['', 'J-GLOBAL ID', 'Optional', '', '200901000000000002'],
  ];
  const read = readStudySheets(
    [{ name: 'v2.12', rows: lines.map((cells, row) => ({ row: row + 1, cells })) }],
    's.xlsx',
  );
  expect(read.values).toMatchObject({
    title: 'Imaging',
    contactAddress: 'Kobe',
    contactJglobalId: '200901000000000001',
    contributors: [{ firstName: 'Taro', lastName: 'Yamada', organisation: 'RIKEN', role: 'image' }],
  });
  expect(read.unread.map(({ text }) => text)).toEqual(['Osaka', '200901000000000002']);
  const help = lines.map(([group, item, asked, about, entry]) => [group!, item!, about!, asked!, entry!]);
  help[0] = ['Group', 'Item', 'Description', 'Class', ''];
  expect(
    readStudySheets([{ name: 'a', rows: help.map((cells, row) => ({ row: row + 1, cells })) }], 's.xlsx').values.title,
  ).toBe('Imaging');
});

test('the older database template of SSBD is read: common and dataset', () => {
  const rows = (lines: string[][]) => lines.map((cells, index) => ({ row: index + 1, cells }));
  const read = readStudySheets(
    [
      {
        name: 'common',
        rows: rows([
          ['Field', 'Value', 'Class', 'Help'],
          ['Title', 'Digitized dynamics', 'Required', 'x'],
          ['Organism', 'Caenorhabditis elegans (NCBITaxon:6239)', 'Required', 'x'],
          ['Basedon', 'Different by every dataset (refer to dataset sheet)', 'Required', 'x'],
          ['License', 'CC BY-NC-SA', 'Required', 'x'],
        ]),
      },
      {
        name: 'dataset',
        rows: rows([
          ['File or folder', 'Kind', 'Title', 'Local ID', 'Basedon', 'XYZ-scale'],
          ['Fig1-A.tif', 'Image data', 'Time-lapse', 'Membrane', 'Experiment', 'XY: 0.1 micrometer/pixel'],
          ['Fig1-B.h5', 'Quantitative data', 'Nuclei', 'Nuclei', 'simulation', 'NA'],
        ]),
      },
    ],
    'old.xlsx',
  );
  expect(read.layout).toBe('ssbd common and dataset');
  expect(read.values).toMatchObject({ title: 'Digitized dynamics', organism: [{ id: 'NCBITaxon:6239' }] });
  expect(read.datasets).toMatchObject([
    {
      title: 'Time-lapse',
      isTitled: true,
      files: ['Fig1-A.tif'],
      values: { basedOn: 'Experiment', localId: 'Membrane' },
    },
    { title: 'Nuclei', values: { basedOn: 'Simulation', spaceScale: 'NA' } },
  ]);
});

test('what is no template is said to be none, quickly', () => {
  const rows = Array.from({ length: 5000 }, (_, row) => ({ row: row + 1, cells: ['x', row, undefined] }));
  expect(readStudySheets([{ name: 'a', rows }], 'x.xlsx').issues.map(({ code }) => code)).toEqual([
    'sheet-no-template',
  ]);
});

test('parts of the microscope become its line, titles above the fields are none, the contact works where the contact does', () => {
  const lines = [
    ['SSBD database template v2.6', 'SSBD database template v2.6'],
    ['Item', 'Value'],
    ['Project title', 'Nuclei'],
    ['Contact name', 'Hanako Yamada'],
    ['Organization', 'RIKEN'],
    ['Contributors', 'Hanako Yamada, Taro Suzuki'],
    ['Microscope type', 'ConfocalMicroscope'],
    ['Microscope model', 'Olympus FluoView FV10i'],
    ['Detector model', 'PMT'],
    ['Filter set', 'NA'],
  ];
  const read = readStudySheets(
    [{ name: 'common', rows: lines.map((cells, row) => ({ row: row + 1, cells })) }],
    's.xlsx',
  );
  expect(read.values).toMatchObject({
    microscope: 'Olympus FluoView FV10i; type: ConfocalMicroscope; detector: PMT',
    contributors: [{ organisation: 'RIKEN' }, { organisation: '' }],
  });
  expect(read.issues.map(({ code, where }) => [code, where.row])).toEqual([['sheet-cell-refused', 6]]);
});

test('people in one cell, and a contact who made data, are contributors', () => {
  const rows = [
    ['Title', 'A film'],
    ['Role', 'Contact + Image dataset contributor'],
    ['First Name', 'Hanako'],
    ['Last Name', 'Riken'],
    ['Organization', 'RIKEN'],
    ['Organism', 'Mus musculus'],
    ['Contributors', 'Yusuke Azuma, Shuichi Onami'],
  ].map((cells, index) => ({ row: index + 1, cells }));
  const { values } = readStudySheets([{ name: 'common', rows }], 'a.xlsx');
  expect(values.contributors).toMatchObject([
    { firstName: 'Hanako', lastName: 'Riken', organisation: 'RIKEN', role: 'image' },
    { firstName: 'Yusuke', lastName: 'Azuma' },
    { firstName: 'Shuichi', lastName: 'Onami' },
  ]);
});
