import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { writtenDate, writtenNumber } from '../messages/written.ts';
import { type SearchState, type TableColumn, pageSize, tableColumns } from './search-state.ts';
import { Organisms, type Study } from './study-words.tsx';

const numeric: ReadonlySet<TableColumn> = new Set(['imageSets', 'quantitativeSets']);

/** The results as a table whose columns sort all of them, not only those shown. */
export function ResultTable(props: {
  studies: readonly Study[];
  state: SearchState;
  go: (next: SearchState, replace?: boolean) => void;
}): JSX.Element {
  const text = useText();
  const { studies, state, go } = props;
  const sortBy = (column: TableColumn) =>
    go({ ...state, sort: column, isDown: state.sort === column && !state.isDown, shown: pageSize }, true);
  return (
    <div className="tablev">
      <table className="t">
        <thead>
          <tr>
            {tableColumns.map((column) => {
              const isSorted = state.sort === column;
              return (
                <th
                  key={column}
                  className={numeric.has(column) ? 'r' : ''}
                  aria-sort={isSorted ? (state.isDown ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" className="plainlink" onClick={() => sortBy(column)}>
                    {text(`listing.${column}`)}
                    <span aria-hidden="true">{isSorted ? (state.isDown ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {studies.map((study) => (
            <Row key={study.accession} study={study} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ study }: { study: Study }): JSX.Element {
  const { accession, title, organisms, listing } = study;
  const day = (iso: string | undefined) =>
    iso === undefined || Number.isNaN(Date.parse(iso)) ? (iso ?? '') : writtenDate(iso);
  return (
    <tr>
      <td>{listing?.project === '' || !listing ? <span className="mono nw">{accession}</span> : listing.project}</td>
      <td className="ti">
        <a href={`/studies/${accession}`}>{title}</a>
      </td>
      <td className="nw">{day(listing?.released)}</td>
      <td className="nw">{day(listing?.updated)}</td>
      <td>
        <Organisms names={organisms} />
      </td>
      <td>{listing?.datatype}</td>
      <td>{listing?.basedOn}</td>
      <td className="r">{listing ? writtenNumber(listing.imageSets) : ''}</td>
      <td className="r">{listing ? writtenNumber(listing.quantitativeSets) : ''}</td>
      <td>
        {listing?.paperUrl ? (
          <a href={listing.paperUrl} rel="noopener">
            {listing.paper}
          </a>
        ) : (
          listing?.paper
        )}
      </td>
    </tr>
  );
}
