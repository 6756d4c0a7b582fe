import { type JSX, useState } from 'react';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';

/** A column of a result. */
export interface ResultColumn {
  name: string;
  type: string;
}

/** Rows drawn before more are asked for. */
const firstRows = 200;

/** Rows of a result; studies and data sets lead to their pages. */
export function ResultTable({
  columns,
  rows,
}: {
  columns: readonly ResultColumn[];
  rows: readonly (readonly unknown[])[];
}): JSX.Element {
  const text = useText();
  const [isAll, setIsAll] = useState(false);
  const shown = isAll ? rows : rows.slice(0, firstRows);
  if (rows.length === 0) return <p className="plain">{text('sql.none')}</p>;
  return (
    <>
      {/* Wider than a phone: it scrolls by itself, also with the keyboard. */}
      <div className="tablebox" role="region" aria-label={text('sql.result')} tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              {columns.map(({ name, type }) => (
                <th key={name} scope="col" className={isNumber(type) ? 'num' : undefined} title={type}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a result have no name, and never change places
              <tr key={at}>
                {columns.map(({ name, type }, column) => (
                  <td key={name} className={isNumber(type) ? 'num' : undefined}>
                    <Value name={name} value={row[column]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {shown.length < rows.length ? (
        <button type="button" className="plainlink l" onClick={() => setIsAll(true)}>
          {text('sql.more', { count: rows.length })}
        </button>
      ) : null}
    </>
  );
}

/** Does a column of a type of DuckDB hold numbers? */
export const isNumber = (type: string): boolean =>
  /^(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w+INT|FLOAT|DOUBLE|DECIMAL)/.test(type);

function Value({ name, value }: { name: string; value: unknown }): JSX.Element {
  if (value === null || value === undefined) return <span className="m3">{'–'}</span>;
  if (typeof value === 'number')
    return <>{Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : writtenNumber(value, 6)}</>;
  const words = typeof value === 'string' ? value : JSON.stringify(value);
  const study = name === 'accession' || name === 'dataset' ? /^[A-Z]+-\d+/.exec(words)?.[0] : undefined;
  return study === undefined ? (
    <>{words}</>
  ) : (
    <a className="l" href={`/studies/${study}`}>
      {words}
    </a>
  );
}
