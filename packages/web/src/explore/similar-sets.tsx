import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { Link } from '../app/router.tsx';
import { measureTitle } from '../measures/measure-titles.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import type { FilmPlace } from '../viewer/open-film.ts';
import { fieldTitles, pagesOf } from './words.ts';

type Found = NonNullable<Awaited<ReturnType<typeof askSimilar>>['sets']>[number];

const askSimilar = (place: FilmPlace, part: number, signal: AbortSignal) =>
  api.call(routes.listSimilar, {
    params: { accession: place.accession },
    query: { set: `${place.accession}_${place.item}${part > 0 ? `_${part}` : ''}` },
    signal,
  });

/** Data sets of other studies that are like one, each with the reasons; nothing where there is none, or where the set is not open. */
export function SimilarSets({ place, part }: { place: FilmPlace; part: number }): JSX.Element | null {
  const text = useText();
  const answer = useAnswer({
    queryKey: ['similar-sets', place.accession, place.item, part],
    queryFn: ({ signal }) => askSimilar(place, part, signal),
    staleTime: 60_000,
    // What is beside the page is not worth a second try.
    retry: false,
  });
  const sets = answer.data?.sets ?? [];
  if (sets.length === 0) return null;
  const words = (reason: Found['reasons'][number]) =>
    reason.kind === 'same'
      ? text('explore.similarSame', {
          field: reason.field === 'gene' ? text('facet.gene') : text(fieldTitles[reason.field]),
          values: reason.values.join(', '),
        })
      : text('explore.similarClose', {
          measure: text(measureTitle(reason.measure)),
          there: writtenNumber(reason.there, 3),
          here: writtenNumber(reason.here, 3),
          unit: reason.unit === '' ? '' : ` ${shortUnit(reason.unit)}`,
        });
  return (
    <section className="part similar" aria-labelledby="similar-title">
      <h2 className="part" id="similar-title">
        {text('explore.similar')}
      </h2>
      <ul>
        {sets.map((set) => {
          const pages = pagesOf(set);
          return (
            <li key={set.id}>
              <Link className="l" to={pages.measures} search={pages.search}>
                {set.name}
              </Link>
              {' · '}
              <a className="l" href={pages.study}>
                {set.title || set.accession}
              </a>
              <p className="s m2">{set.reasons.map(words).join('; ')}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
