import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import type { Explored } from './explore-answer.ts';
import { type ExploreState, facetNames, toggled } from './explore-state.ts';
import { fieldTitles, writtenValue } from './words.ts';

/** Filters with counts. A chosen value stays in its list, with 0, when nothing has it any more. */
export function ExploreFilters({
  facets,
  state,
  go,
}: {
  facets: Explored['facets'];
  state: ExploreState;
  go: (next: ExploreState) => void;
}): JSX.Element {
  const text = useText();
  return (
    <>
      {facetNames.map((name) => {
        const chosen = state.filters[name];
        const gone = chosen.filter((value) => !facets[name].some((facet) => facet.value === value));
        const all = [...facets[name], ...gone.map((value) => ({ value, count: 0 }))];
        return all.length === 0 ? null : (
          <section key={name}>
            <h2>{text(fieldTitles[name])}</h2>
            <ul>
              {all.map(({ value, count }) => (
                <li key={value} className={count === 0 ? 'z' : ''}>
                  <label>
                    <input
                      type="checkbox"
                      checked={chosen.includes(value)}
                      onChange={() => go(toggled(state, name, value))}
                    />
                    <span>
                      {name === 'organism' ? <em className="sp">{value}</em> : writtenValue(name, value, text)}
                    </span>
                    <span className="n">{writtenCount(count)}</span>
                  </label>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}
