import type { JSX } from 'react';
import { useChange } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import { saveUrl } from '../viewer/save.ts';
import { type DrawnColumns, ResultPlot } from './result-plot.tsx';
import { ResultTable } from './result-table.tsx';
import { askFile, type FileFormat, isLongStatement, type SqlResult } from './sql-answer.ts';

const formNames = { csv: 'CSV', parquet: 'Parquet', arrow: 'Arrow', ndjson: 'NDJSON' } as const;

/** A result: how many rows, how long it took, files of all of them, and the first ones as a table. */
export function Result({
  result,
  fileOf,
  statement,
  drawn,
  choose,
}: {
  result: SqlResult;
  /** The address of all rows in a form. */
  fileOf: (format: FileFormat) => string;
  /** The statement it is the result of; left out where files are asked for by something shorter. */
  statement?: string;
  /** What of it is drawn, and how another choice is taken; nothing is offered where left out. */
  drawn?: DrawnColumns;
  choose?: (next: DrawnColumns) => void;
}): JSX.Element {
  const text = useText();
  const long = statement !== undefined && isLongStatement(statement) ? statement : undefined;
  const saving = useChange({
    mutationFn: async (format: FileFormat) => {
      const file = await askFile(long ?? '', format);
      saveUrl(`micrarium-query.${format === 'arrow' ? 'arrows' : format}`, URL.createObjectURL(file));
    },
  });
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
          {(['csv', 'parquet', 'arrow', 'ndjson'] as const).map((format) =>
            long === undefined ? (
              <a key={format} className="l" href={fileOf(format)} download="">
                {formNames[format]}
              </a>
            ) : (
              <button key={format} type="button" className="plainlink l" onClick={() => saving.mutate(format)}>
                {formNames[format]}
              </button>
            ),
          )}
        </span>
      </p>
      {saving.error ? <AnswerFailed error={saving.error} /> : null}
      {isCut ? <p className="s warn">{text('sql.cut')}</p> : null}
      {leftOut > 0 ? (
        <p className="s warn">{text('sql.leftOut', { count: leftOut, n: writtenCount(leftOut) })}</p>
      ) : null}
      {drawn && choose ? <ResultPlot columns={columns} rows={rows} drawn={drawn} choose={choose} /> : null}
      <ResultTable columns={columns} rows={rows} />
    </section>
  );
}
