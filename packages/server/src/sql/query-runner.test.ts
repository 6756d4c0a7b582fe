import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ParquetTableWriter, openParquet } from '@micrarium/formats';
import { FolderSink } from '../storage/derived-on-disk.ts';
import { openFileSource } from '../storage/file-source.ts';
import { sqlOfFeatureValues } from './feature-values.ts';
import { type QueryFailed, QueryRunner } from './query-runner.ts';
import { type LakeTable, sqlOfStoredView } from './view-sql.ts';

let folder: string;
let runner: QueryRunner;
let hurried: QueryRunner;
const tables: LakeTable[] = [];

/** Two files whose columns differ: the second has z, an area that is a text, and pixels. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'micrarium-sql-'));
  runner = new QueryRunner(join(folder, 'results'), { megabytes: 256, threads: 2, seconds: 60 });
  hurried = new QueryRunner(join(folder, 'others'), { megabytes: 256, threads: 2, seconds: 1 });
  const own = ['object_id', 'frame', 'x', 'y', 'link_id', 'track_id'];
  const places = ['A', 'B'].map(
    (name) => `objects/accession=MIC-00000${name}/version=1/dataset=MIC-00000${name}_x/part-0.parquet`,
  );
  for (const [number, place] of places.entries()) {
    const names = [...own, ...(number === 1 ? ['z'] : [])];
    const stored = names.map((name) => ({ name, type: 'double' as const, nullable: false }));
    const area = {
      name: number === 0 ? 'Area' : 'area',
      type: number === 0 ? ('double' as const) : ('string' as const),
      nullable: false,
    };
    const table = new ParquetTableWriter(await new FolderSink(folder).create(place), [...stored, area], {});
    await table.append(3, [
      ...names.map((_name, at) => ({ values: [at, at + 1, at + 2] })),
      { values: number === 0 ? [1, 2.5, 3] : ['a', 'b', "c'"] },
    ]);
    await table.close();
    tables.push({
      path: join(folder, place),
      lengthUnit: number === 0 ? 'nanometer' : 'pixel',
      timeUnit: 'second',
      columns: [
        ...names.map((name) => ({ name, type: 'DOUBLE' as const, isOurs: true })),
        { name: area.name, type: number === 0 ? 'DOUBLE' : 'VARCHAR', isOurs: false },
      ],
    });
  }
});
afterAll(() => {
  runner.close();
  hurried.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (
  statement: string,
  format: Parameters<QueryRunner['run']>[1]['format'] = 'json',
  rowLimit = 100,
  by = runner,
) =>
  by.run(statement, { format, rowLimit }, async ({ columns }) => ({
    paths: tables.map(({ path }) => path),
    views: [sqlOfStoredView('objects', tables, columns)],
    rows: [],
  }));
const refusal = (statement: string, by = runner) =>
  ask(statement, 'json', 100, by).then(
    () => 'it ran',
    (error: QueryFailed) => `${error.fault}: ${error.message}`,
  );

test('tables of different columns are one view, in common units', async () => {
  const { rows, columns, isCut } = await ask(
    'select dataset, object_id, x, z, length_unit, area from objects order by 1, 2',
  );
  expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'dataset VARCHAR',
    'object_id DOUBLE',
    'x DOUBLE',
    'z DOUBLE',
    'length_unit VARCHAR',
    'Area VARCHAR',
  ]);
  expect(isCut).toBe(false);
  expect(rows![0]).toEqual(['MIC-00000A_x', 0, expect.closeTo(0.002, 12), null, 'micrometer', '1.0']);
  expect(rows![5]).toEqual(['MIC-00000B_x', 2, 4, 8, 'pixel', "c'"]);
  expect((await ask('select * from objects', 'json', 4)).isCut).toBe(true);
});

test('feature tables are one view of values, grouped by what their rows are about', async () => {
  const path = join(folder, 'feature_values/part-0.parquet');
  const stored = ['Gene', 'Drug name', 'Well', 'Cells', "Hit's"].map((name, at) => ({
    name,
    type: at === 3 ? ('int64' as const) : ('string' as const),
    nullable: true,
  }));
  const writer = new ParquetTableWriter(
    await new FolderSink(folder).create('feature_values/part-0.parquet'),
    stored,
    {},
  );
  const present = new Uint8Array(2);
  await writer.append(2, [
    { values: ['TP53', 'KIF11'], missing: present },
    { values: ['DMSO', 'taxol'], missing: present },
    { values: ['A1', 'A2'], missing: present },
    { values: [12, 7], missing: present },
    { values: ['yes', ''], missing: Uint8Array.of(0, 1) },
  ]);
  await writer.close();
  const columns = [
    { name: 'Gene', type: 'string' as const, keyedTo: 'gene' as const },
    { name: 'Drug name', type: 'string' as const },
    { name: 'Well', type: 'string' as const, keyedTo: 'well' as const },
    { name: 'Cells', type: 'int' as const, unit: '1' },
    { name: "Hit's", type: 'string' as const },
  ];
  const table = { part: 0, name: "a 'screen'", rows: 2, columns };
  const file = { path, accession: 'MIC-1', version: 2, dataset: 'MIC-1_x', table, cellLine: 'HeLa' };
  const statement =
    'select table_name, table_row, gene, compound, cell_line, well, plate, feature, value, number, unit from feature_values order by 2, feature';
  const { rows } = await runner.run(statement, { format: 'json', rowLimit: 9 }, async () => ({
    paths: [path],
    views: [sqlOfFeatureValues([file, { ...file, table: { ...table, columns: columns.slice(0, 1) } }])],
    rows: [],
  }));
  expect(rows).toEqual([
    ["a 'screen'", 1, 'TP53', 'DMSO', 'HeLa', 'A1', null, 'Cells', '12', 12, '1'],
    ["a 'screen'", 1, 'TP53', 'DMSO', 'HeLa', 'A1', null, "Hit's", 'yes', null, null],
    ["a 'screen'", 2, 'KIF11', 'taxol', 'HeLa', 'A2', null, 'Cells', '7', 7, '1'],
  ]);
});

test('results are CSV, lines, Parquet and Arrow as well', async () => {
  const statement =
    'select frame, x as "x 1", x as "x 1", area = \'b\' as is_b from objects order by dataset, frame -- all of it';
  const csv = await ask(statement, 'csv');
  expect((await readFile(csv.file!, 'utf8')).split('\n')[0]).toBe('frame,x 1,x 1_1,is_b');
  // Text that a spreadsheet would compute has an apostrophe in front; numbers, and what is no formula, are as they are.
  const formulas = await ask(
    `select '=HYPERLINK("http://x")' as "=cmd", '@a' as b, '+1-1' as c, '-2.5e3' as d, -1 as e, 'a=b' as f, null::varchar as g, chr(65309) || '1' as h`,
    'csv',
  );
  expect(await readFile(formulas.file!, 'utf8')).toBe(
    `'=cmd,b,c,d,e,f,g,h\n"'=HYPERLINK(""http://x"")",'@a,'+1-1,-2.5e3,-1,a=b,,'\uFF1D1\n`,
  );
  const lines = await ask(`${statement}\n;`, 'ndjson');
  expect(JSON.parse((await readFile(lines.file!, 'utf8')).split('\n')[4]!)).toEqual({
    frame: 2,
    'x 1': 3,
    'x 1_2': 3,
    is_b: true,
  });
  const parquet = await ask(statement, 'parquet');
  const source = await openFileSource(parquet.file!);
  expect((await openParquet(source)).rows).toBe(6);
  await source.close();
  const arrow = await ask(statement, 'arrow');
  expect(
    tableFromIPC(await readFile(arrow.file!))
      .toArray()
      .map((row) => row.toJSON())[4],
  ).toEqual({ frame: 2, 'x 1': 3, 'x 1_2': 3, is_b: true });
  // More rows than the engine gives at once.
  const many = await ask(
    'select i, i::varchar as s, if(i = 5000, null, i / 2) as h from range(6000) t(i)',
    'arrow',
    5500,
  );
  const found = tableFromIPC(await readFile(many.file!));
  expect([many.rowCount, many.isCut, found.numRows]).toEqual([5500, true, 5500]);
  expect(found.get(5499)!.toJSON()).toEqual({ i: 5499n, s: '5499', h: 2749.5 });
  expect(found.get(5000)!.toJSON()).toEqual({ i: 5000n, s: '5000', h: null });
  for (const made of [csv, formulas, lines, parquet, arrow, many]) await made.drop();
  await expect(readFile(csv.file!)).rejects.toThrow('ENOENT');
});

test('files, addresses, settings and anything but reading are refused', async () => {
  const { path } = tables[0]!;
  for (const statement of [
    "select * from read_csv('/etc/passwd')",
    `select * from read_parquet('${path}')`,
    `select * from '${path}'`,
    "select * from glob('/etc/*')",
    "select * from read_text('/etc/hostname')",
    'select * from duckdb_settings()',
    'select * from information_schema.tables',
    'select * from pg_catalog.pg_settings',
    "select current_setting('allowed_paths')",
    "select getenv('HOME')",
    "copy (select 1) to '/tmp/x.csv'",
    "attach '/tmp/x.db'",
    'install httpfs',
    "load 'httpfs'",
    'pragma database_list',
    'set threads = 9',
    'create table t as select 1',
    'insert into objects values (1)',
    'drop view objects',
    'select 1; drop view objects',
    "export database '/tmp/x'",
    'call pragma_version()',
    "with a as (select 1) select * from a, read_blob('/etc/hostname')",
    // The engine's own tables, under the name of an expression that is in sight elsewhere only.
    'with a as (select * from duckdb_views), duckdb_views as (select 1) select * from a',
    'select * from (with sqlite_master as (select 1) select * from sqlite_master) x, sqlite_master',
    'with PG_Settings as (select 1) select * from pg_settings',
    'select pg_get_viewdef(i) from range(100000) t(i)',
    'select sleep_ms(60000)',
    'explain analyze select 1',
    'show tables',
    '',
  ])
    expect(await refusal(statement), statement).toMatch(/^refused: /);
  for (const statement of ['select', 'select nothing from objects', 'select 1 +', "select error('x')"])
    expect(await refusal(statement), statement).toMatch(/^(failed|refused): /);
  expect(await refusal('select x::date from objects')).not.toContain(folder);
  const long = await refusal(`select ${Array.from({ length: 2000 }, () => '1').join(' + ')}`);
  expect(long).toMatch(/^(failed|refused): The statement nests too deep/);
});

test('what takes too long or too much is ended', async () => {
  expect(
    await refusal('with recursive t as (select 1 as n union all select n + 1 from t) select count(*) from t', hurried),
  ).toMatch(/^over-limit: /);
  expect(
    await refusal('select count(*) from range(1000000) a, range(1000000) b, objects c, objects d', hurried),
  ).toMatch(/^over-limit: .*1 seconds/);
  expect(await refusal("select repeat('x', 3000000000)", hurried)).toMatch(/^over-limit: /);
  expect(await refusal('select list(i) from range(1000000000) t(i)', hurried)).toMatch(/^over-limit: /);
  // Rows enough to fill the memory of the server are refused; a file may hold them.
  const wide = "select repeat('x', 1000000) from range(100)";
  expect(await refusal(wide)).toMatch(/^over-limit: The result is larger than 64 MB/);
  const file = await ask(wide, 'csv', 10);
  expect(file.rowCount).toBe(10);
  await file.drop();
  expect((await ask('select 1 + 1')).rows).toEqual([[2]]);
});
