import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { run } from '@micrarium/cli';
import { exportJson, idrDocument, isaJson, isaTabDocument } from '@micrarium/standards';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { imagingStudy } from './imaging-study.ts';
import { schemaFaults, within } from './json-schema.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '../shared/data/metadata');
const there = existsSync(folder);
if (!there) console.warn('shared/data/metadata is not there: the command line is not tried on metadata');

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'micrarium-standards-'));
});
afterAll(() => rm(place, { recursive: true }));

/** Runs a command line in this process. */
async function cli(...args: string[]) {
  const said: Record<'out' | 'err', string[]> = { out: [], err: [] };
  const into = (parts: string[]) =>
    new Writable({
      write(chunk, _encoding, done) {
        parts.push(String(chunk));
        done();
      },
    });
  const status = await run(args, { out: into(said.out), err: into(said.err), environment: {} });
  return { status, out: said.out.join(''), err: said.err.join('') };
}

/** Runs `validate --json`: exit code, and the verdict of each item. */
async function validate(...paths: string[]) {
  const { status, out } = await cli('validate', '--json', ...paths.map((path) => join(folder, path)));
  return { status, verdicts: verdictsOf(out) };
}

const verdictsOf = (out: string) =>
  out
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as {
          path: string;
          format: string;
          valid: boolean;
          issues: { code: string; message: string; where: { file?: string; field?: string; line?: number } }[];
        },
    );

test.runIf(there)('metadata in order is valid', async () => {
  const { status, verdicts } = await validate(
    'bia/pagetab/S-BIAD1136_override.json',
    'datacite/kernel-4.6/example/datacite-example-full-v4.xml',
    'datacite/json/examples/datacite-example-dataset-v4.json',
    'idr/idr0026-study.txt',
    'madmp/examples/ex9-dmp-long.json',
    'ro-crate/crates/valid/rocrate-with-data-entities-1.2/ro-crate-metadata.json',
    'isa/tab/BII-I-1',
  );
  expect(verdicts.map(({ format, valid }) => [format, valid])).toEqual([
    ['pagetab', true],
    ['datacite', true],
    ['datacite', true],
    ['idr-study', true],
    ['madmp', true],
    ['ro-crate', true],
    ['isa-tab', true],
  ]);
  expect(status).toBe(0);
});

test.runIf(there)('faults are given with the place they are at', async () => {
  const { status, verdicts } = await validate(
    'bia/pagetab/S-BIAD1136_original.json',
    'ro-crate/crates/invalid/2_root_data_entity_metadata/missing_root_name/ro-crate-metadata.json',
    'bia/ro-crate-checks/test_file_list_missing_metadata_reference/ro-crate-metadata.json',
  );
  expect(status).not.toBe(0);
  expect(verdicts.map(({ valid }) => valid)).toEqual([false, false, false]);
  expect(verdicts[0]!.issues.find(({ code }) => code === 'email-malformed')?.where.field).toMatch(
    /^section\.subsections\[\d+\]$/,
  );
  expect(verdicts[2]!.issues.find(({ code }) => code === 'bia-crate')?.where.line).toBe(2);
});

test('REMBI, MIFA, MIACME, microscopes and Data Packages are told by their content and checked, each fault with its path', async () => {
  const folder = join(place, 'by-schema');
  await mkdir(folder);
  const documents: [name: string, format: string, text: string, field: string | undefined][] = [
    ['a.json', 'rembi', JSON.stringify({ rembi_version: '1.5', study: { title: 'T' } }), 'study.description'],
    ['b.yaml', 'mifa', 'annotation_overview: o\nannotation_method:\n', 'annotation_method'],
    ['c.json', 'miacme', JSON.stringify({ MIACMEversion: '1.1', studies: [{}] }), 'studies[0].identifier'],
    [
      'd.json',
      'micro-meta',
      JSON.stringify({ Name: 'M', Schema_ID: 'Instrument.json', ID: '1', components: [] }),
      'MicroscopeStand',
    ],
    ['e.json', 'data-package', JSON.stringify({ resources: [{ name: 'x', path: '../x' }] }), 'resources[0].path'],
    ['f.yaml', 'mifa', 'version: "1"\ntimestamp: "2026-11-21T10:00:00Z"\nchanges: none\n', undefined],
  ];
  for (const [name, , text] of documents) await writeFile(join(folder, name), text);
  const verdicts = verdictsOf((await cli('validate', '--json', folder)).out);
  expect(verdicts.map(({ format, valid }) => [format, valid])).toEqual(
    documents.map(([, format, , field]) => [format, field === undefined]),
  );
  documents.forEach(([, , , field], index) => {
    if (field !== undefined) expect(verdicts[index]!.issues.map(({ where }) => where.field)).toContain(field);
  });
});

test('validate names the repair that is offered, in words and as a value', async () => {
  const path = join(place, 'offers.json');
  const submission = {
    accno: 'S-BIAD0',
    attributes: [{ name: 'Template', value: 'BioImages.v4' }],
    section: {
      type: 'Study',
      attributes: [
        { name: 'Title', value: 'T' },
        { name: 'Description', value: 'D' },
        { name: 'Keywords', value: 'k' },
        { name: 'License', value: 'CC-BY 4.0' },
      ],
      subsections: [{ type: 'Publication', attributes: [{ name: 'DOI', value: '0.1234/a' }] }],
    },
  };
  await writeFile(path, JSON.stringify(submission));
  const words = (await cli('validate', path)).out;
  expect(words).toContain('offered: 10.1234/a');
  expect(words).toContain('offered: CC BY 4.0');
  const issues = verdictsOf((await cli('validate', '--json', path)).out)[0]!.issues as {
    code: string;
    offer?: string;
  }[];
  expect(issues.find(({ code }) => code === 'doi-malformed')?.offer).toBe('10.1234/a');
});

test.runIf(there)(
  'a real study of IDR with its annotation table goes in and out whole, and both are in order',
  async () => {
    const study = join(folder, 'idr/idr0026-study.txt');
    const table = join(folder, 'idr/idr0026-experimentA-annotation.csv');
    const out = join(place, 'idr');
    expect((await cli('metadata', 'idr', study, table, '--out', out)).status).toBe(0);
    expect((await readdir(out)).sort()).toEqual(['idr0026-experimentA-annotation.csv', 'idr0026-study.txt']);
    expect(await readFile(join(out, 'idr0026-experimentA-annotation.csv'), 'utf8')).toBe(readFileSync(table, 'utf8'));
    const parts = (text: string) => idrDocument(text).parts;
    expect(parts(await readFile(join(out, 'idr0026-study.txt'), 'utf8'))).toEqual(parts(readFileSync(study, 'utf8')));
    const { out: said } = await cli('validate', '--json', out);
    expect(verdictsOf(said).map(({ format, valid }) => [format, valid])).toEqual([
      ['delimited', true],
      ['idr-study', true],
    ]);
    // What the table alone tells fills the form.
    const { values } = JSON.parse((await cli('metadata', 'values', out)).out) as { values: Record<string, unknown> };
    expect(JSON.stringify(values)).toContain('C57BL/6');
    const faulty = join(place, 'idr-faulty');
    await cp(out, faulty, { recursive: true });
    const name = join(faulty, 'idr0026-experimentA-annotation.csv');
    await writeFile(name, `${await readFile(name, 'utf8')}too,few\n`);
    const told = verdictsOf((await cli('validate', '--json', name)).out)[0]!;
    expect([told.valid, told.issues.find(({ code }) => code === 'idr-annotation')?.where.line]).toEqual([false, 228]);
  },
);

test('a CMSO package of a study names files that are there, and each part passes its own checker', async () => {
  const source = join(place, 'study.json');
  await writeFile(source, JSON.stringify(exportJson(isaJson, imagingStudy).document));
  const out = join(place, 'package');
  expect((await cli('metadata', 'cmso', source, '--out', out)).status).toBe(0);
  const names = (await readdir(out, { recursive: true })).sort();
  expect(names).toEqual(
    expect.arrayContaining(['configuration/imaging-assay.xml', 'i_investigation.txt', 's_study.txt']),
  );
  for (const { path } of imagingStudy.files) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), path.endsWith('.csv') ? 'id,x,y,frame\n1,1,2,0\n' : 'II*\0');
  }
  const isaOf = async () =>
    verdictsOf((await cli('validate', '--json', out)).out).find(({ format }) => format === 'isa-tab')!;
  expect(await isaOf()).toMatchObject({ valid: true });
  await rm(join(out, imagingStudy.files[0]!.path));
  const broken = await isaOf();
  expect([broken.valid, broken.issues.map(({ message }) => message).join()]).toEqual([
    false,
    expect.stringContaining(imagingStudy.files[0]!.path),
  ]);
  // The folder is read again as the study it was made of.
  const again = join(place, 'again');
  expect((await cli('metadata', 'cmso', out, '--out', again)).status).toBe(0);
  const texts = async (from: string) =>
    new Map(
      await Promise.all(
        (await readdir(from))
          .filter((name) => /^[isa]_.*\.txt$/.test(name))
          .map(async (name) => [name, await readFile(join(from, name), 'utf8')] as const),
      ),
    );
  expect(isaTabDocument(await texts(again))).toEqual(isaTabDocument(await texts(out)));
});

test('a Data Package goes in and out with what it says beyond our fields', async () => {
  const given = {
    $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
    name: 'cells',
    id: 'https://doi.org/10.5072/abc',
    title: 'Cells in motion',
    description: 'Positions',
    created: '2026-11-21T00:00:00Z',
    image: 'cells.png',
    licenses: [{ name: 'CC-BY-4.0', path: 'https://creativecommons.org/licenses/by/4.0/', title: 'CC BY 4.0' }],
    contributors: [{ title: 'Hanako Yamada', givenName: 'Hanako', familyName: 'Yamada', roles: ['creator'] }],
    resources: [
      {
        name: 'tracks',
        path: 'tracks.csv',
        title: 'Tracks',
        bytes: 12,
        schema: { fields: [{ name: 'x', type: 'number' }] },
      },
    ],
  };
  const source = join(place, 'datapackage.json');
  await writeFile(source, JSON.stringify(given));
  const { values } = JSON.parse((await cli('metadata', 'values', source)).out) as { values: Record<string, unknown> };
  expect(values).toMatchObject({ title: 'Cells in motion', licence: 'CC-BY-4.0' });
  const { out } = await cli('metadata', 'data-package', source);
  expect(JSON.parse(out)).toEqual(given);
  // Of a study without files its data sets are named; a package without resources would be none.
  const schemas = join(root, '../shared/data/schemas/datapackage-2.0/datapackage.json');
  if (!existsSync(schemas) || !there) return;
  const schema = JSON.parse(readFileSync(schemas, 'utf8')) as { [key: string]: unknown };
  for (const path of ['idr/idr0003-study.txt', 'isa/json/BII-I-1.json', 'madmp/examples/ex9-dmp-long.json']) {
    const made = await cli('metadata', 'data-package', join(folder, path));
    expect([path, schemaFaults(JSON.parse(made.out), schema, within(schema))]).toEqual([path, []]);
  }
});

test.each([
  ['deep.json', Buffer.from(`{"a":\n${'['.repeat(100)}${']'.repeat(100)}}`), 1, /more than 64 levels.*line 2/],
  [
    'declared.xml',
    Buffer.from(
      '<?xml version="1.0"?>\n<!DOCTYPE r [<!ENTITY a "b">]>\n<resource xmlns="http://datacite.org/schema/kernel-4"/>',
    ),
    1,
    /document type.*line 2/,
  ],
  ['western.csv', Buffer.from('Title,Description\nZ\xfcrich,text\n', 'latin1'), 0, /not UTF-8.*western\.csv, line 2/],
  ['no-book.xlsx', Buffer.from('<html><table></table></html>'), 1, /begins as no workbook.*no-book\.xlsx/],
  ['blank.csv', Buffer.from(`Title,Description\n${'\n'.repeat(5000)}${',,\n'.repeat(5000)}A title,text\n`), 0, /^$/],
] as const)('%s is told with its place', async (name, bytes, status, said) => {
  const path = join(place, name);
  await writeFile(path, bytes);
  const answer = await cli('metadata', 'values', path);
  expect([answer.status, answer.err]).toEqual([status, expect.stringMatching(said)]);
});
