/**
 * A group-by over one table of objects: our SQL (a process of its own, views, limits) beside plain DuckDB on the same file, and over many
 * tables at once.
 *
 * node benchmarks/sql-group-by.ts [--rows 100000000] [--first 5000000] [--tables 1000] [--runs 3]
 *
 * 100 million rows are a file of 2 GB, which takes about a minute to make on two idle cores.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { QueryRunner } from '../packages/server/src/sql/query-runner.ts';
import { processesBelow } from '../tests/journeys/server-under-test.ts';
import { type LakeTable, sqlOfStoredView } from '../packages/server/src/sql/view-sql.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000000' },
    first: { type: 'string', default: '5000000' },
    tables: { type: 'string', default: '1000' },
    runs: { type: 'string', default: '3' },
  },
});
const [rows, count, runs] = [Number(values.rows), Number(values.tables), Number(values.runs)];
const firstRows = Math.min(rows, Number(values.first));
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

/** Processor time of this process and its ended children, in seconds; of Linux, whose clock ticks 100 times a second here. */
function processorSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
}

/** Largest resident size so far of the processes below this one, in units of 10^6 bytes. */
function peakBelow(): number {
  const peaks = processesBelow(process.pid).map((pid) => {
    try {
      return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
    } catch {
      // It has ended.
      return 0;
    }
  });
  return Math.max(0, ...peaks) / 1e6;
}

try {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1000MB' });
  const plain = await instance.connect();
  const made = (n: number) =>
    `SELECT i AS object_id, (i % 500)::INTEGER AS frame, random() * 1000 AS x, random() * 1000 AS y, (i // 50)::INTEGER AS link_id, (i // 500)::INTEGER AS track_id FROM range(${n}) t(i)`;
  const large = place('large', 1);
  await plain.run(`COPY (${made(rows)}) TO '${large}' (FORMAT parquet, ROW_GROUP_SIZE 65536)`);
  const first = place('first', 1);
  await plain.run(`COPY (${made(firstRows)}) TO '${first}' (FORMAT parquet, ROW_GROUP_SIZE 65536)`);
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
  /** Least processor time of a run, of this process and of those it started and waited for. */
  const busy = async (run: () => Promise<number>) => {
    const times: number[] = [];
    for (let at = 0; at < runs; at++) {
      const before = processorSeconds();
      await run();
      // A process that was ended is counted once the system has told of its end.
      await new Promise((resolve) => setTimeout(resolve, 200));
      times.push(processorSeconds() - before);
    }
    return Math.min(...times);
  };
  // The first query starts two processes; who asks again finds one ready.
  await ours([tableAt(many[0]!)]);
  let peakMegabytes = 0;
  const watch = setInterval(() => (peakMegabytes = Math.max(peakMegabytes, peakBelow())), 20);
  await ours([tableAt(large)]);
  clearInterval(watch);
  const figures = {
    peakMegabytes,
    rows,
    firstRows,
    tables: count,
    megabytes: statSync(large).size / 1e6,
    ours: await best(() => ours([tableAt(large)])),
    theirs: await best(() => theirs(large)),
    oursProcessor: await busy(() => ours([tableAt(large)])),
    theirsProcessor: await busy(() => theirs(large)),
    first: await best(() => ours([tableAt(first)])),
    firstTheirs: await best(() => theirs(first)),
    manyOurs: await best(() => ours(many.map(tableAt))),
    manyTheirs: await best(() => theirs(join(folder, 'many/**/*.parquet'))),
  };
  runner.close();
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
