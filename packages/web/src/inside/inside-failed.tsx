import { InsideFault } from '@micrarium/formats';
import type { JSX } from 'react';
import { AnswerFailed } from '../app/failures.tsx';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { FileNotThere } from './open-inside.ts';

/** Why a part of a file cannot be shown. The reader's own words are English; what to do stands before them. */
export function InsideFailed({ error }: { error: unknown }): JSX.Element {
  const text = useText();
  const words =
    error instanceof InsideFault
      ? text('inside.unreadable')
      : error instanceof FileNotThere
        ? text('inside.notThere')
        : undefined;
  if (words === undefined) return <AnswerFailed error={error} />;
  return (
    <div className="finding warn" role="alert">
      <Icon name="warn" />
      <span>
        <b>{words}</b> <span lang="en">{(error as Error).message}</span>
      </span>
    </div>
  );
}
