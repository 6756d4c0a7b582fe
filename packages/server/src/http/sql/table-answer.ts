import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ResultFormat } from '../../sql/query-messages.ts';
import { QueryFailed } from '../../sql/query-runner.ts';
import { Problem } from '../problems.ts';
import { disposition } from '../send-file.ts';

/** Rows of a result in JSON, and in files, at most. */
export const mostRows = { json: 10_000, file: 1_000_000 } as const;

/** Media types of tables. */
export const tableMedia: Readonly<Record<ResultFormat, string>> = {
  json: 'application/json',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
};

/** What files of tables are called at their end. */
export const tableEndings: Readonly<Record<ResultFormat, string>> = {
  json: 'json',
  csv: 'csv',
  ndjson: 'ndjson',
  parquet: 'parquet',
  arrow: 'arrows',
};

/** The form a request asks for: by its word, else by the media type of `Accept` that is one of ours and weighs most, the first of equal ones. */
export function formatAsked(format: ResultFormat | undefined, accept: string | undefined): ResultFormat {
  if (format) return format;
  const parts = (accept ?? '').split(',').map((part) => {
    const [type = '', ...rest] = part.split(';').map((word) => word.trim().toLowerCase());
    const weight = Number(rest.find((word) => word.startsWith('q='))?.slice(2) ?? 1);
    return { wanted: type, weight: Number.isFinite(weight) ? weight : 1 };
  });
  for (const { wanted, weight } of parts.toSorted((one, other) => other.weight - one.weight)) {
    if (weight <= 0) continue;
    const found = (Object.keys(tableMedia) as ResultFormat[]).find((one) => tableMedia[one].split(';')[0] === wanted);
    if (found) return found;
  }
  return 'json';
}

/** A file as an answer; it is dropped when it was sent, or nobody takes it any more. */
export async function fileAnswer(
  file: string,
  name: string,
  format: ResultFormat,
  drop: () => Promise<void>,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const { size } = await stat(file);
  const stream = createReadStream(file);
  stream.once('close', () => void drop());
  return new Response(Readable.toWeb(stream) as unknown as BodyInit, {
    headers: {
      ...headers,
      'content-type': tableMedia[format],
      'content-length': String(size),
      'content-disposition': disposition('attachment', `${name}.${tableEndings[format]}`),
    },
  });
}

const codes = {
  refused: 'sql-refused',
  failed: 'sql-failed',
  'over-limit': 'sql-over-limit',
  busy: 'sql-busy',
  unavailable: 'sql-unavailable',
} as const;

/** The problem of a statement that gave no result; other errors are passed on. */
export function problemOfQuery(fault: unknown): unknown {
  if (!(fault instanceof QueryFailed)) return fault;
  const headers = fault.fault === 'busy' ? { headers: { 'retry-after': '5' } } : {};
  return new Problem(codes[fault.fault], fault.message, { ...headers, cause: fault });
}
