import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { Icon } from '../app/icons.tsx';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { InsideFailed } from './inside-failed.tsx';
import { InsideView } from './inside-view.tsx';
import { type InsidePlace, openPlace } from './open-inside.ts';

/** What the address says: which file, and where in it. */
function placeOf(search: Readonly<Record<string, unknown>>): InsidePlace | undefined {
  const { study, version, draft, file } = search;
  if (file === undefined) return undefined;
  if (study !== undefined && Number.isInteger(Number(version)))
    return { study: String(study), version: Number(version), file: String(file) };
  return draft === undefined ? undefined : { draft: String(draft), file: String(file) };
}

/** `/inside?study=…&version=…&file=…` or `?draft=…&file=…`: a look into a file of the server; `at` is the path inside. */
export function InsidePage(): JSX.Element {
  const text = useText();
  const { search } = usePageLocation();
  const place = placeOf(search);
  const name = place?.file.replace(/\/$/, '') ?? '';
  useTitle(name === '' ? text('inside.title') : `${name.slice(name.lastIndexOf('/') + 1)}: ${text('inside.title')}`);
  const opened = useAnswer({
    queryKey: ['inside', place],
    queryFn: ({ signal }) => openPlace(place!, signal),
    enabled: place !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const at = typeof search['at'] === 'string' ? search['at'] : '/';
  const go = (path: string) =>
    void navigate('/inside', { search: { ...place, at: path }, replace: true, keepScroll: true });
  return (
    <main className="wrap inside-page" id="content">
      <div className="dh">
        <h1>
          <bdi>{name === '' ? text('inside.title') : name}</bdi>
        </h1>
        {place ? (
          <span className="end">
            {'study' in place ? (
              <a className="btn" href={`/studies/${place.study}/v/${place.version}`}>
                {text('inside.study')}
              </a>
            ) : (
              <a className="btn" href={`/deposit/${place.draft}`}>
                {text('inside.draft')}
              </a>
            )}
          </span>
        ) : null}
      </div>
      {place === undefined ? <p className="prose m2">{text('inside.noFile')}</p> : null}
      {opened.error ? <InsideFailed error={opened.error} /> : null}
      {opened.isLoading ? (
        <p className="m2" aria-live="polite">
          <Icon name="file" /> {text('inside.opening')}
        </p>
      ) : null}
      {opened.data ? <InsideView file={opened.data} fileKey={JSON.stringify(place)} at={at} go={go} /> : null}
    </main>
  );
}
