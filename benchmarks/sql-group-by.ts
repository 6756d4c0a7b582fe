/**
 * A group-by over one table of objects: our SQL (a process of its own, views, limits) beside plain DuckDB on the same file, and over many
 * tables at once.
 *
 * node benchmarks/sql-group-by.ts [--rows 20000000] [--tables 1000] [--runs 3]
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { QueryRunner } from '../packages/server/src/sql/query-runner.ts';
import { type LakeTable, sqlOfStoredView } from '../packages/server/src/sql/view-sql.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '20000000' },
    tables: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '3' },
  },
});
const [rows, count, runs] = [Number(values.rows), Number(values.tables), Number(values.runs)];
const require = createRequire(new URL('../packages/server/package.json', import.meta.url));
const { DuckDBInstance } = (await import(pathToFileURL(require.resolve('@duckdb/node-api')).href)) as {
  DuckDBInstance: typeof import('@duckdb/node-api').DuckDBInstance;
};
const folder = mkdtempSync(join(tmpdir(), 'micrarium-sql-bench-'));
const names = ['object_id', 'frame', 'x', 'y', 'link_id', 'track_id'];

function place(view: string, number: number): string {
  const accession = `MIC-${String(number).padStart(6, '0')}`;
  const path = join(folder, view, `accession=${accession}/version=1/dataset=${accession}_x/part-0.parquet`);
  mkdirSync(dirname(path), { recursive: true });
  return path;
}
const tableAt = (path: string): LakeTable => ({
  path,
  lengthUnit: 'micrometer',
  timeUnit: 'second',
  columns: names.map((name) => ({ name, type: 'DOUBLE', isOurs: true })),
});

try {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1000MB' });
  const plain = await instance.connect();
  const made = (n: number) =>
    `SELECT i AS object_id, (i % 500)::INTEGER AS frame, random() * 1000 AS x, random() * 1000 AS y, (i // 50)::INTEGER AS link_id, (i // 500)::INTEGER AS track_id FROM range(${n}) t(i)`;
  const large = place('large', 1);
  await plain.run(`COPY (${made(rows)}) TO '${large}' (FORMAT parquet, ROW_GROUP_SIZE 65536)`);
  const many = Array.from({ length: count }, (_, at) => place('many', at));
  for (const path of many) await plain.run(`COPY (${made(5000)}) TO '${path}' (FORMAT parquet)`);

  const statement = 'SELECT frame, count(*) AS n, avg(x) AS x, max(y) AS y FROM objects GROUP BY frame ORDER BY frame';
  const runner = new QueryRunner(join(folder, 'results'), { megabytes: 1000, threads: 2, seconds: 600 });
  const ours = async (tables: readonly LakeTable[]) => {
    const began = performance.now();
    await runner.run(statement, { format: 'json', rowLimit: 1000 }, async ({ columns }) => ({
      paths: tables.map(({ path }) => path),
      views: [sqlOfStoredView('objects', tables, columns)],
      rows: [],
    }));
    return performance.now() - began;
  };
  const theirs = async (path: string) => {
    const began = performance.now();
    await (await plain.runAndReadAll(statement.replace('objects', `read_parquet('${path}')`))).getRows();
    return performance.now() - began;
  };
  const best = async (run: () => Promise<number>) => {
    const times: number[] = [];
    for (let at = 0; at < runs; at++) times.push(await run());
    return Math.min(...times) / 1000;
  };
  // The first query starts two processes; who asks again finds one ready.
  await ours([tableAt(many[0]!)]);
  const figures = {
    rows,
    tables: count,
    megabytes: statSync(large).size / 1e6,
    ours: await best(() => ours([tableAt(large)])),
    theirs: await best(() => theirs(large)),
    manyOurs: await best(() => ours(many.map(tableAt))),
    manyTheirs: await best(() => theirs(join(folder, 'many/**/*.parquet'))),
  };
  runner.close();
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
