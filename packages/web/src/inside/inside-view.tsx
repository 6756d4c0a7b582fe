import '../styles/inside.css';
import type { InsideFile } from '@micrarium/formats';
import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { writtenBytes } from '../messages/written.ts';
import { InsideDetails } from './inside-details.tsx';
import { InsideFailed } from './inside-failed.tsx';
import { InsideTree } from './inside-tree.tsx';
import { InsideValues } from './inside-values.tsx';

/** An opened file. */
export interface OpenedInside {
  file: InsideFile;
  /** Tells it from other files whose answers are kept. */
  fileKey: string;
}

interface Props extends OpenedInside {
  /** Path inside the file that is shown. */
  at: string;
  go: (path: string) => void;
}

/** The tree of a file on one side; what there is to say of the chosen thing, and its values, on the other. */
export function InsideView({ file, fileKey, at, go }: Props): JSX.Element {
  const text = useText();
  return (
    <div className="inside">
      {file.missingBytes > 0 ? (
        <div className="finding warn" role="note">
          <Icon name="warn" />
          <span>{text('inside.cutOff', { size: writtenBytes(file.missingBytes) })}</span>
        </div>
      ) : null}
      <div className="inside-two">
        <nav className="inside-nav" aria-label={text('inside.tree')}>
          <InsideTree file={file} fileKey={fileKey} at={at} go={go} />
        </nav>
        <Chosen key={at} file={file} fileKey={fileKey} at={at} />
      </div>
    </div>
  );
}

function Chosen({ file, fileKey, at }: OpenedInside & { at: string }): JSX.Element {
  const text = useText();
  const details = useAnswer({
    queryKey: ['inside', fileKey, 'details', at],
    queryFn: ({ signal }) => file.details(at, signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section className="inside-chosen" aria-label={text('inside.chosen')} aria-busy={details.isLoading}>
      {details.error ? <InsideFailed error={details.error} /> : null}
      {details.isLoading ? <p className="m2">{text('inside.reading')}</p> : null}
      {details.data ? (
        <>
          <InsideDetails details={details.data} file={file} />
          {details.data.kind === 'array' || details.data.kind === 'table' ? (
            <InsideValues file={file} fileKey={fileKey} details={details.data} />
          ) : null}
        </>
      ) : null}
    </section>
  );
}
