import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { type DrawnColumns, ResultPlot } from './result-plot.tsx';
import { ResultTable } from './result-table.tsx';
import type { FileFormat, SqlResult } from './sql-answer.ts';

/** A result: how many rows, how long it took, files of all of them, and the first ones as a table. */
export function Result({
  result,
  fileOf,
  drawn,
  choose,
}: {
  result: SqlResult;
  /** The address of all rows in a form. */
  fileOf: (format: FileFormat) => string;
  /** What of it is drawn, and how another choice is taken; nothing is offered where left out. */
  drawn?: DrawnColumns;
  choose?: (next: DrawnColumns) => void;
}): JSX.Element {
  const text = useText();
  const { rowCount, milliseconds, studies, leftOut, isCut, columns, rows } = result;
  return (
    <section className="part" aria-labelledby="result-title">
      <h2 className="part" id="result-title">
        {text('sql.result')}
      </h2>
      <p className="told" aria-live="polite">
        <b>{text('sql.rows', { count: rowCount, n: writtenCount(rowCount) })}</b>{' '}
        {text('sql.took', { time: writtenNumber(milliseconds / 1000, 2) })}
        {studies > 0 ? ` · ${text('sql.from', { count: studies, n: writtenCount(studies) })}` : ''}
        <span className="files">
          {text('sql.download')}{' '}
          {(['csv', 'parquet', 'arrow', 'ndjson'] as const).map((format) => (
            <a key={format} className="l" href={fileOf(format)} download="">
              {{ csv: 'CSV', parquet: 'Parquet', arrow: 'Arrow', ndjson: 'NDJSON' }[format]}
            </a>
          ))}
        </span>
      </p>
      {isCut ? <p className="s warn">{text('sql.cut')}</p> : null}
      {leftOut > 0 ? (
        <p className="s warn">{text('sql.leftOut', { count: leftOut, n: writtenCount(leftOut) })}</p>
      ) : null}
      {drawn && choose ? <ResultPlot columns={columns} rows={rows} drawn={drawn} choose={choose} /> : null}
      <ResultTable columns={columns} rows={rows} />
    </section>
  );
}
