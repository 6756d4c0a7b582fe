import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import type { Review } from './review-answer.ts';

/** Studies that may be the same as the draft. */
export function ReviewDuplicates({ review }: { review: Review }): JSX.Element | null {
  const text = useText();
  if (review.duplicates.length === 0) return null;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('life.duplicates')}</h2>
      </div>
      <ul className="plain">
        {review.duplicates.map(({ accession, title, why, files }) => (
          <li key={accession}>
            <a className="l" href={`/studies/${accession}`}>
              {title}
            </a>{' '}
            <span className="mono m3">{accession}</span>{' '}
            <span className="st warn">
              {why === 'files' ? text('life.dup.files', { count: files, n: files }) : text('life.dup.title')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
