import type { JSX, ReactNode } from 'react';
import { useText } from '../messages/text.ts';
import { AnswerFailed } from './failures.tsx';

/** An answer that a page beside a study waits for: its fault, and the title of the study once it is there. */
interface Found {
  error: Error | null;
  data?: { title: string } | undefined;
  refetch(): unknown;
}

/**
 * A page beside that of a study: its heading, the way back to the study, why it could not be read, and which study it is about.
 * @param props.said stands before all of it: what just happened
 */
export function PageOfStudy({
  heading,
  accession,
  found,
  said,
  children,
}: {
  heading: string;
  accession: string;
  found: Found;
  said?: ReactNode;
  children?: ReactNode;
}): JSX.Element {
  const text = useText();
  return (
    <main className="wrap plain">
      <div className="dh">
        <h1>{heading}</h1>
        <div className="end">
          <a className="btn" href={`/studies/${accession}`}>
            {text('nav.toStudy')}
          </a>
        </div>
      </div>
      {said}
      {found.error ? <AnswerFailed error={found.error} again={() => void found.refetch()} /> : null}
      {found.data ? (
        <p className="prose">
          <span className="b">{found.data.title}</span> <span className="mono m3">{accession}</span>
        </p>
      ) : null}
      {children}
    </main>
  );
}
