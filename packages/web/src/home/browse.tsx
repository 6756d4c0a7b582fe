import type { JSX } from 'react';
import { Link } from '../app/router.tsx';
import { type MessageKey, useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import { writtenFacet } from '../search/study-words.tsx';

interface Facet {
  value: string;
  count: number;
}

const lists: readonly { facet: 'organism' | 'method' | 'kind'; label: MessageKey }[] = [
  { facet: 'organism', label: 'facet.organism' },
  { facet: 'method', label: 'facet.method' },
  { facet: 'kind', label: 'facet.kind' },
];

/** What there is, by organism, method and kind of data, with a hairline as bar. */
export function Browse({ facets }: { facets: Record<'organism' | 'method' | 'kind', Facet[]> }): JSX.Element | null {
  const text = useText();
  const filled = lists.filter(({ facet }) => facets[facet].length > 0);
  if (filled.length === 0) return null;
  return (
    <section className="browse sec">
      {filled.map(({ facet, label }) => {
        const most = Math.max(...facets[facet].map(({ count }) => count));
        return (
          <div key={facet}>
            <h3>{text(label)}</h3>
            <ul>
              {facets[facet].slice(0, 6).map(({ value, count }) => (
                <li key={value}>
                  <Link to="/search" search={{ [facet]: value }}>
                    {facet === 'organism' ? (
                      <em className="sp">{value}</em>
                    ) : (
                      <span>{writtenFacet(facet, value, text)}</span>
                    )}
                    <span className="n">{writtenCount(count)}</span>
                    <i style={{ width: `${(100 * count) / most}%` }} />
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}
