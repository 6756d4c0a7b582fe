import { fittingWindow, type InsideDetails, type InsidePage, type InsideWindow } from '@micrarium/formats';
import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import { InsideFailed } from './inside-failed.tsx';
import type { OpenedInside } from './inside-view.tsx';

const rowsAtOnce = 50;
const columnsAtOnce = 20;

/** A window of the values, moved with buttons and numbers. Only the chunks it lies in are read. */
export function InsideValues({ file, fileKey, details }: OpenedInside & { details: InsideDetails }): JSX.Element {
  const text = useText();
  const shape = details.shape ?? [];
  const [asked, setAsked] = useState<InsideWindow>(() =>
    fittingWindow(shape, details.kind === 'table' ? (details.columns?.length ?? 0) : undefined, {
      row: 0,
      rows: rowsAtOnce,
      column: 0,
      columns: columnsAtOnce,
      fixed: [],
    }),
  );
  const answer = useAnswer({
    queryKey: ['inside', fileKey, 'page', details.path, asked],
    queryFn: ({ signal }) => file.page(details.path, asked, signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
  const page = answer.data;
  const move = (change: Partial<InsideWindow>) => setAsked({ ...asked, ...change });
  return (
    <div className="inside-values">
      <h4>{text('inside.values')}</h4>
      {asked.fixed.length > 0 ? (
        <div className="inside-axes">
          {asked.fixed.map((place, axis) => (
            // An axis has no identity but its number.
            // oxlint-disable-next-line react/no-array-index-key
            <label key={axis} className="s">
              <span>{text('inside.axis', { axis, last: (shape[axis] ?? 1) - 1 })}</span>
              <input
                type="number"
                className="sel sm"
                min={0}
                max={(shape[axis] ?? 1) - 1}
                value={place}
                onChange={(event) => {
                  const wanted = Math.max(
                    0,
                    Math.min((shape[axis] ?? 1) - 1, Math.trunc(event.target.valueAsNumber) || 0),
                  );
                  move({ fixed: asked.fixed.map((one, n) => (n === axis ? wanted : one)) });
                }}
              />
            </label>
          ))}
        </div>
      ) : null}
      {answer.error ? <InsideFailed error={answer.error} /> : null}
      {answer.isLoading ? <p className="m2">{text('inside.reading')}</p> : null}
      {page && page.rowCount === 0 ? <p className="s m2">{text('inside.noValues')}</p> : null}
      {page && page.cells.length > 0 ? (
        <>
          <Steps page={page} move={move} isBusy={answer.isPlaceholderData} />
          <Cells page={page} name={details.path} />
        </>
      ) : null}
    </div>
  );
}

function Steps({
  page,
  move,
  isBusy,
}: {
  page: InsidePage;
  move: (change: Partial<InsideWindow>) => void;
  isBusy: boolean;
}): JSX.Element {
  const text = useText();
  const { window, rowCount, columnCount, cells, columnNames } = page;
  const lastRow = window.row + cells.length;
  const lastColumn = window.column + columnNames.length;
  const step = (label: string, isEnd: boolean, change: Partial<InsideWindow>) => (
    <button
      type="button"
      className="btn sm"
      aria-disabled={isEnd || isBusy}
      onClick={() => (isEnd || isBusy ? undefined : move(change))}
    >
      {label}
    </button>
  );
  return (
    <div className="inside-steps">
      <span className="s num" aria-live="polite">
        {text('inside.rows', {
          first: writtenNumber(window.row, 15),
          last: writtenNumber(lastRow - 1, 15),
          all: writtenNumber(rowCount, 15),
        })}
      </span>
      {rowCount > cells.length ? (
        <>
          {step(text('inside.earlier'), window.row === 0, { row: Math.max(0, window.row - rowsAtOnce) })}
          {step(text('inside.later'), lastRow >= rowCount, { row: lastRow })}
          <label className="s">
            <span>{text('inside.toRow')}</span>
            <input
              type="number"
              className="sel sm"
              min={0}
              max={rowCount - 1}
              defaultValue={window.row}
              key={window.row}
              onKeyDown={(event) => {
                if (event.key === 'Enter') move({ row: Math.trunc(event.currentTarget.valueAsNumber) || 0 });
              }}
              onBlur={(event) => {
                const row = Math.trunc(event.currentTarget.valueAsNumber) || 0;
                if (row !== window.row) move({ row });
              }}
            />
          </label>
        </>
      ) : null}
      {columnCount > columnNames.length ? (
        <>
          <span className="s num">
            {text('inside.columnRange', {
              first: writtenNumber(window.column, 15),
              last: writtenNumber(lastColumn - 1, 15),
              all: writtenNumber(columnCount, 15),
            })}
          </span>
          {step(text('inside.left'), window.column === 0, { column: Math.max(0, window.column - columnsAtOnce) })}
          {step(text('inside.right'), lastColumn >= columnCount, { column: lastColumn })}
        </>
      ) : null}
    </div>
  );
}

function Cells({ page, name }: { page: InsidePage; name: string }): JSX.Element {
  const text = useText();
  const { window, columnNames, cells } = page;
  // Words stand at the left, numbers at the right.
  const isText = columnNames.map((_, column) => cells.some((row) => /[^\d.eE+∞NaN-]/.test(row[column] ?? '')));
  return (
    // Wide and long tables are scrolled, by keyboard as well.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="inside-cells" tabIndex={0} role="region" aria-label={text('inside.valuesOf', { name })}>
      <table className="t">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">{text('inside.row')}</span>
            </th>
            {columnNames.map((column, n) => (
              // Columns may share a name.
              // oxlint-disable-next-line react/no-array-index-key
              <th key={n} scope="col" className={isText[n] ? 'text' : ''}>
                {column === '' ? text('inside.value') : column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {cells.map((row, n) => (
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={window.row + n}>
              <th scope="row" className="num">
                {window.row + n}
              </th>
              {row.map((cell, column) => (
                // oxlint-disable-next-line react/no-array-index-key
                <td key={column} className={`mono xs ${isText[column] ? 'text' : ''}`}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
