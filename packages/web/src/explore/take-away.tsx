import { measureDefinitions, resamplingVersion } from '@micrarium/model';
import type { JSX } from 'react';
import { useChange } from '../app/answers.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { pageAddress } from '../app/location.ts';
import { useText } from '../messages/text.ts';
import { References } from '../sql/references.tsx';
import { saveText, saveUrl } from '../viewer/save.ts';
import type { ExploredSet } from './explore-answer.ts';
import { addressOf, type ExploreState } from './explore-state.ts';
import { csvOfTable, exploredTable, parquetOfTable } from './explored-table.ts';

/** Where the numbers of a comparison come from: what a program or a reader needs to make them again. */
export function provenanceOf(sets: readonly ExploredSet[], state: ExploreState, origin: string): object {
  return {
    page: `${origin}${pageAddress('/explore', addressOf(state))}`,
    madeAt: new Date().toISOString(),
    ...(state.resample === undefined ? {} : { thinnedTo: state.resample, resamplingVersion }),
    ...(state.query === undefined ? {} : { query: state.query }),
    measures: state.measures.map((id) => {
      const { title, version, formula, unit } = measureDefinitions.get(id)!;
      return { id, title, version, formula, unit };
    }),
    studies: [...new Map(sets.map((set) => [set.accession, set])).values()].map(
      ({ accession, version, title, licence }) => ({
        accession,
        version,
        title,
        licence,
        address: `${origin}/studies/${accession}/v/${version}`,
      }),
    ),
  };
}

/** The compared numbers as files, each with where it comes from, and the references of all data used. */
export function TakeAway({
  sets,
  measures,
  state,
  isBusy,
}: {
  sets: readonly ExploredSet[];
  measures: readonly string[];
  state: ExploreState;
  isBusy: boolean;
}): JSX.Element {
  const text = useText();
  const table = () => exploredTable(sets, measures, location.origin);
  const provenance = () => provenanceOf(sets, state, location.origin);
  const parquet = useChange({
    mutationFn: async (_nothing: undefined) => {
      const bytes = await parquetOfTable(table(), provenance());
      const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/vnd.apache.parquet' });
      saveUrl('explore.parquet', URL.createObjectURL(blob));
    },
  });
  const isEmpty = isBusy || sets.length === 0;
  return (
    <section className="part" aria-labelledby="take-title">
      <h2 className="part" id="take-title">
        {text('explore.take')}
      </h2>
      <p className="s m2">{text('explore.takeHow')}</p>
      <p className="app">
        <button
          type="button"
          className="btn"
          disabled={isEmpty}
          onClick={() => saveText('explore.csv', 'text/csv', csvOfTable(table()))}
        >
          CSV
        </button>
        <button
          type="button"
          className="btn"
          disabled={isEmpty || parquet.isPending}
          onClick={() => parquet.mutate(undefined)}
        >
          Parquet
        </button>
        <button
          type="button"
          className="btn"
          disabled={isEmpty}
          onClick={() =>
            saveText('explore.provenance.json', 'application/json', `${JSON.stringify(provenance(), null, 1)}\n`)
          }
        >
          {text('explore.provenance')}
        </button>
        <References studies={sets} disabled={isEmpty} />
      </p>
      {parquet.error ? <AnswerFailed error={parquet.error} /> : null}
    </section>
  );
}
