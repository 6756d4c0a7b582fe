import { readFile } from 'node:fs/promises';
import { ApiError, createClient, routes } from '@micrarium/api';
import { TargetExists, writeCompletely } from '@micrarium/formats/node';
import { parseCommand } from '../arguments.ts';
import { serverAddress } from '../deposit/access.ts';
import { exitCode, type Terminal, UsageError, writeBytes, writeLine } from '../terminal.ts';

/** Forms of a result by the end of a file's name. */
const formats: Readonly<Record<string, 'csv' | 'ndjson' | 'parquet' | 'arrow'>> = {
  csv: 'csv',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  parquet: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
};

/** Rows that a table for people shows. */
const rowsShown = 200;

/** `sql STATEMENT --server URL`: one SELECT over all public tables of a server. */
export async function sql(args: string[], terminal: Terminal): Promise<number> {
  const { values, paths } = parseCommand(args, {
    server: { type: 'string' },
    file: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean' },
    csv: { type: 'boolean' },
    force: { type: 'boolean' },
  });
  const { server } = serverAddress(values.server);
  const statement = await statementOf(values.file, paths);
  try {
    if (typeof values.out === 'string')
      return await toFile(server, statement, values.out, values.force === true, terminal);
    if (values.csv === true) return await toStream(server, statement, 'csv', terminal);
    if (values.json === true) return await toStream(server, statement, 'ndjson', terminal);
    const client = createClient({ server });
    const result = await client.call(routes.runSql, { body: { statement, limit: rowsShown } });
    await writeLine(terminal.out, drawn(result.columns, result.rows));
    const more = result.isCut ? '; there are more: --out FILE takes them all' : '';
    await writeLine(terminal.err, `${result.rowCount} rows in ${(result.milliseconds / 1000).toFixed(2)} s${more}`);
    if (result.leftOut > 0)
      await writeLine(terminal.err, `${result.leftOut} data sets are being prepared and were left out`);
    return exitCode.good;
  } catch (error) {
    if (error instanceof TargetExists) throw new UsageError(`${error.message}; --force replaces it`);
    if (!(error instanceof ApiError) && !(error instanceof TypeError && error.message === 'fetch failed')) throw error;
    const words = error instanceof ApiError ? error.message : `${server} does not answer`;
    await writeLine(terminal.err, `micrarium: ${words}`);
    return exitCode.faulty;
  }
}

async function statementOf(file: string | boolean | undefined, paths: readonly string[]): Promise<string> {
  if (typeof file === 'string') {
    if (paths.length > 0) throw new UsageError('give the statement or --file, not both');
    return await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new UsageError(`--file names ${file}, which cannot be read`, { cause });
    });
  }
  if (paths.length !== 1) throw new UsageError('sql needs one statement, in quotes');
  return paths[0]!;
}

/** Asks for all rows in a form. @throws ApiError */
async function ask(server: string, statement: string, format: string): Promise<Response> {
  const url = createClient({ server }).url(routes.runSql, {} as never);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ statement, format }),
  });
  if (answer.ok && answer.body) return answer;
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; title?: string; detail?: string };
  const words = problem.detail ?? problem.title ?? `HTTP ${answer.status}`;
  throw new ApiError(answer.status, problem.code ?? `http-${answer.status}`, words, problem);
}

async function toFile(
  server: string,
  statement: string,
  out: string,
  force: boolean,
  terminal: Terminal,
): Promise<number> {
  const ending = /\.(\w+)$/.exec(out)?.[1]?.toLowerCase() ?? '';
  const format = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (!format)
    throw new UsageError(`--out "${out}": the end of the name says the form: ${Object.keys(formats).join(', ')}`);
  const answer = await ask(server, statement, format);
  await writeCompletely(
    out,
    async (sink) => {
      const file = await sink.create('');
      for await (const part of answer.body!) await file.write(part as Uint8Array);
      await file.close();
    },
    { replace: force },
  );
  await writeLine(terminal.err, `${out}: ${answer.headers.get('micrarium-rows')} rows${cutWords(answer)}`);
  return exitCode.good;
}

async function toStream(server: string, statement: string, format: string, terminal: Terminal): Promise<number> {
  const answer = await ask(server, statement, format);
  for await (const part of answer.body!) await writeBytes(terminal.out, part as Uint8Array);
  if (cutWords(answer) !== '') await writeLine(terminal.err, `micrarium: ${cutWords(answer).slice(2)}`);
  return exitCode.good;
}

const cutWords = (answer: Response) =>
  answer.headers.get('micrarium-cut') === 'true'
    ? '; there are more, which the server does not give in one answer'
    : '';

/** A table for people: columns as wide as what stands in them. */
function drawn(columns: readonly { name: string }[], rows: readonly (readonly unknown[])[]): string {
  const texts = [columns.map(({ name }) => name), ...rows.map((row) => row.map(textOf))];
  const widths = columns.map((_column, at) => Math.min(60, Math.max(...texts.map((row) => row[at]!.length))));
  const isNumber = columns.map((_column, at) => rows.every((row) => typeof row[at] === 'number' || row[at] === null));
  const lines = texts.map((row) =>
    row
      .map((text, at) => (isNumber[at] ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
  return [lines[0]!, widths.map((width) => '-'.repeat(width)).join('  '), ...lines.slice(1)].join('\n');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  return (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, ' ');
}
