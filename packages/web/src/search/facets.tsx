import { firstFacetNames, furtherFacetNames } from '@micrarium/standards';
import { type JSX, useState } from 'react';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import type { FacetName, SearchState } from './search-state.ts';
import { writtenFacet } from './study-words.tsx';

interface Facet {
  value: string;
  count: number;
}

const fewFirst = 6;

/** Filters with counts. A chosen value stays in its list, with 0, when nothing has it any more. */
export function Facets({
  facets,
  state,
  toggle,
  more,
}: {
  facets: Partial<Record<FacetName, Facet[] | undefined>>;
  state: SearchState;
  toggle: (name: FacetName, value: string) => void;
  /** Opens or closes the further filters. */
  more: (isOpen: boolean) => void;
}): JSX.Element {
  const text = useText();
  const further = furtherFacetNames.filter((name) => state.more || state.filters[name].length > 0);
  return (
    <>
      {[...firstFacetNames, ...further].map((name) => {
        const offered = facets[name] ?? [];
        const gone = state.filters[name].filter((value) => !offered.some((facet) => facet.value === value));
        const all = [...offered, ...gone.map((value) => ({ value, count: 0 }))];
        return all.length === 0 ? null : (
          <FacetList
            key={name}
            name={name}
            facets={all}
            chosen={state.filters[name]}
            toggle={(value) => toggle(name, value)}
          />
        );
      })}
      <button type="button" className="plainlink l" aria-expanded={state.more} onClick={() => more(!state.more)}>
        {text(state.more ? 'search.fewerFilters' : 'search.moreFilters')}
      </button>
      <ul className="waysin">
        <li>
          <Link className="l" to="/terms">
            {text('search.vocabularies')}
          </Link>
        </li>
        <li>
          <a className="l" href="/collections">
            {text('search.collections')}
          </a>
        </li>
        <li>
          <a className="l" href="/communities">
            {text('search.communities')}
          </a>
        </li>
      </ul>
    </>
  );
}

function FacetList({
  name,
  facets,
  chosen,
  toggle,
}: {
  name: FacetName;
  facets: readonly Facet[];
  chosen: readonly string[];
  toggle: (value: string) => void;
}): JSX.Element {
  const text = useText();
  const [all, setAll] = useState(false);
  const shown = all ? facets : facets.filter((facet, index) => index < fewFirst || chosen.includes(facet.value));
  return (
    <section>
      <h2>{text(`facet.${name}`)}</h2>
      <ul>
        {shown.map(({ value, count }) => (
          <li key={value} className={count === 0 ? 'z' : ''}>
            <label>
              <input type="checkbox" checked={chosen.includes(value)} onChange={() => toggle(value)} />
              <span>{name === 'organism' ? <em className="sp">{value}</em> : writtenFacet(name, value, text)}</span>
              <span className="n">{writtenCount(count)}</span>
            </label>
          </li>
        ))}
      </ul>
      {facets.length > shown.length ? (
        <button type="button" className="plainlink l more" onClick={() => setAll(true)}>
          {text('search.more', { count: facets.length - shown.length })}
        </button>
      ) : null}
    </section>
  );
}
