import { type JSX, lazy, startTransition, Suspense, useEffect, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { ApiError, api, routes } from '../app/api.ts';
import { PageAnswerFailed } from '../app/failures.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import '../styles/measures.css';
import { shownTitle } from '@micrarium/standards';
import { type Measured, ObjectsOverTime } from './objects-over-time.tsx';
import { QualityList } from './quality-list.tsx';

/** Tables and all other plots: their program comes when the first curve stands. */
const MeasuresRest = lazy(async () => ({ default: (await import('./measures-rest.tsx')).MeasuresRest }));

/** `/measures/$accession/$version/$item?part=0`: how the objects of a set move, in numbers and pictures. */
export function MeasuresPage(): JSX.Element {
  const text = useText();
  const { params, search } = usePageLocation();
  const place = { accession: params.accession!, version: Number(params.version), item: params.item! };
  const part = Number(search.part ?? 0) || 0;
  const study = useAnswer({
    queryKey: ['version', place.accession, place.version],
    queryFn: ({ signal }) => api.call(routes.getVersion, { params: place, signal }),
  });
  // Asked for beside the version, not behind it: the first curve needs nothing else.
  const measured = useAnswer({
    queryKey: ['measures', place, part, 'none'],
    queryFn: ({ signal }) => api.call(routes.getMeasures, { params: place, query: { part, tracks: 'none' }, signal }),
    retry: (failures, fault) => isBeingMade(fault) || (failures < 2 && !(fault instanceof ApiError)),
    retryDelay: (failures) => Math.min(20_000, 2000 * 1.5 ** failures),
  });
  const item = study.data?.items.find((one) => one.id === place.item);
  const set = item?.trackSets.find((one) => one.part === part);
  const hasPainted = usePainted(
    measured.data === undefined ? undefined : `${place.accession} ${place.version} ${place.item} ${part}`,
  );
  const name = set?.name || item?.path || '';
  useTitle(`${text('measures.title')}: ${name}`);
  if (study.data && !set) return <p className="wrap plain">{text('measures.noSet')}</p>;
  const failed = study.error ?? measured.error;
  if (failed)
    return <PageAnswerFailed error={failed} again={() => void (study.error ? study.refetch() : measured.refetch())} />;
  if (!measured.data)
    return (
      <main className="wrap measures" aria-busy="true">
        {isBeingMade(measured.failureReason) ? (
          <p className="plain" role="status">
            {text('measures.beingMade')}
          </p>
        ) : null}
      </main>
    );
  const measures = measured.data as Measured;
  return (
    <main className="wrap measures" aria-busy={!hasPainted || !set}>
      <div className="dh">
        <h1>{text('measures.title')}</h1>
        {study.data ? (
          <a className="l s" href={`/studies/${place.accession}/v/${place.version}`}>
            {shownTitle(study.data.metadata.values.title, place.accession)}
          </a>
        ) : null}
        <span className="end">
          {item ? <SetChoice sets={item.trackSets} part={part} /> : null}
          <Link className="btn" to={`/viewer/${place.accession}/${place.version}/${place.item}`}>
            {text('measures.see')}
          </Link>
        </span>
      </div>
      <p className="lead">
        <b>{name}</b> <Sentence measures={measures} />
      </p>
      <div className="first">
        <ObjectsOverTime {...measures} />
        <QualityList measures={measures} />
      </div>
      {hasPainted && study.data && set ? (
        <Suspense>
          <MeasuresRest measures={measures} version={study.data} place={place} set={set} />
        </Suspense>
      ) : null}
    </main>
  );
}

/** Are the numbers only not there yet, so that asking again helps? */
const isBeingMade = (fault: Error | null) => fault instanceof ApiError && fault.code === 'form-being-made';

/** Has what belongs to a key been seen on the screen? The rest of the page comes after it, in small steps. */
function usePainted(key: string | undefined): boolean {
  const [seen, setSeen] = useState<string>();
  useEffect(() => {
    if (key === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The task behind a frame comes when the frame is painted.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setSeen(key)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [key]);
  return key !== undefined && seen === key;
}

/** The sets of an item, where it has more than one. */
function SetChoice({ sets, part }: { sets: readonly { part: number; name: string }[]; part: number }) {
  const text = useText();
  const { path, search } = usePageLocation();
  if (sets.length < 2) return null;
  return (
    <label className="row">
      <span className="s m2">{text('viewer.trackSet')}</span>
      <select
        className="sel"
        value={part}
        onChange={(event) => void navigate(path, { search: { ...search, part: event.target.value }, replace: true })}
      >
        {sets.map((one) => (
          <option key={one.part} value={one.part}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What was measured and how, in words that fit a methods section. */
function Sentence({ measures }: { measures: Measured }): JSX.Element {
  const text = useText();
  const { summary, units } = measures;
  const { intervals } = summary;
  const about = {
    paths: writtenCount(summary.quality.paths),
    steps: writtenCount(summary.quality.steps),
    dimensions: summary.dimensions,
    interval: `${writtenNumber(summary.frameInterval, 4)} ${shortUnit(units.time)}`,
  };
  return (
    <>
      {text('measures.sentence', about)}{' '}
      {intervals
        ? intervals.resamples > 0
          ? text('measures.intervals', { draws: intervals.resamples })
          : text('measures.intervalsSpread', { paths: writtenCount(intervals.paths) })
        : null}{' '}
      {units.length === 'unknown' || units.length === 'pixel' ? text('measures.noUnit') : null}{' '}
      {units.time === 'frame' ? text('measures.noTime') : null}
    </>
  );
}
