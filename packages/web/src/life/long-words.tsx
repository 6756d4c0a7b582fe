import type { JSX } from 'react';

/** Characters shown before the rest is folded. */
const mostUnfolded = 300;

/** Words that somebody wrote, after what they are; long ones open. */
export function LongWords({ label, words }: { label?: string; words: string }): JSX.Element {
  const begin = label === undefined ? null : <span className="b">{label} </span>;
  if (words.length <= mostUnfolded)
    return (
      <p className="said">
        {begin}
        {words}
      </p>
    );
  return (
    <details className="said">
      <summary>
        {begin}
        {Array.from(words)
          .slice(0, mostUnfolded - 100)
          .join('')}{' '}
        …
      </summary>
      {words}
    </details>
  );
}
