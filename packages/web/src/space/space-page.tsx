import type { Pair, StudyItem, TrackSetSummary } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { PageAnswerFailed } from '../app/failures.tsx';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import '../styles/viewer.css';
import '../styles/space.css';
import { shownTitle } from '@micrarium/standards';
import { whileBeingMade } from '../viewer/being-made.ts';
import type { FilmPlace } from '../viewer/open-film.ts';
import { Beside, type OtherSet, parseBeside, writeBeside } from './beside.tsx';
import { openSpaceSet, type SpaceSet } from './open-set.ts';
import { SpaceViewer } from './space-viewer.tsx';

/** Tries again while a form is being made, as often as the server can bear. */
const whileMaking = {
  ...whileBeingMade,
  staleTime: Number.POSITIVE_INFINITY,
} as const;

/** `/space/$accession/$version/$item?set=0`: the objects of a set in space and time. */
export function SpacePage(): JSX.Element {
  const text = useText();
  const { params, search, path } = usePageLocation();
  const place: FilmPlace = { accession: params.accession!, version: Number(params.version), item: params.item! };
  // The address changes with the view; which sets are shown does not, until the reader chooses others.
  const [part, setPart] = useState(Number(search.set ?? 0) || 0);
  const study = useAnswer({
    queryKey: ['version', place.accession, place.version],
    queryFn: ({ signal }) => api.call(routes.getVersion, { params: place, signal }),
  });
  const item = study.data?.items.find((one) => one.id === place.item);
  const summary = item?.trackSets.find((one) => one.part === part) as TrackSetSummary | undefined;
  const set = useAnswer({
    queryKey: ['space-set', place, part],
    queryFn: ({ signal }) => openSpaceSet(place, item!, summary!, signal),
    enabled: summary !== undefined,
    ...whileMaking,
  });
  const [beside, setBeside] = useState(() => parseBeside(search.with));
  const other = useOther(beside, place);
  useTitle(`${text('space.title')}: ${summary?.name || item?.path || ''}`);
  const failed = study.error ?? set.error;
  if (failed)
    return <PageAnswerFailed error={failed} again={() => void (study.error ? study.refetch() : set.refetch())} />;
  if (study.data && !summary) return <p className="wrap plain">{text('space.noSet')}</p>;
  if (!study.data || !item || !set.data) return <p className="viewer opening">{text('space.opening')}</p>;
  return (
    <SpaceViewer
      key={`${place.item} ${part}`}
      set={set.data}
      title={shownTitle(study.data.metadata.values.title, place.accession)}
      path={item.path}
      pair={(study.data.pairs as Pair[]).find(
        (one) => one.confirmed && one.trackItem === place.item && one.part === part,
      )}
      items={study.data.items as StudyItem[]}
      other={other.set}
      otherFailed={other.error}
      beside={
        <Beside
          items={study.data.items as StudyItem[]}
          place={place}
          part={part}
          value={beside}
          onChange={(wanted) => {
            setBeside(wanted);
            keepInAddress('with', wanted && writeBeside(wanted));
          }}
        />
      }
      setChoice={
        item.trackSets.length > 1 ? (
          <label className="row">
            <span>{text('viewer.trackSet')}</span>
            <select
              value={part}
              onChange={(event) => {
                setPart(Number(event.target.value));
                void navigate(path, { search: { set: event.target.value }, replace: true });
              }}
            >
              {item.trackSets.map((one) => (
                <option key={one.part} value={one.part}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        ) : null
      }
    />
  );
}

/** Puts a parameter that is not of the view into the address, or takes it out. */
function keepInAddress(name: string, value: string | undefined): void {
  const params = new URLSearchParams(location.search);
  if (value === undefined) params.delete(name);
  else params.set(name, value);
  history.replaceState(history.state, '', `${location.pathname}?${params}`);
}

/** Opens the set that is seen beside the first. */
function useOther(
  beside: OtherSet | undefined,
  own: FilmPlace,
): { set: SpaceSet | undefined; error: Error | undefined } {
  const place = beside?.place ?? own;
  const study = useAnswer({
    queryKey: ['version', place.accession, place.version],
    queryFn: ({ signal }) => api.call(routes.getVersion, { params: place, signal }),
    enabled: beside !== undefined,
  });
  const item = study.data?.items.find((one) => one.id === place.item);
  const summary = item?.trackSets.find((one) => one.part === beside?.part) as TrackSetSummary | undefined;
  const set = useAnswer({
    queryKey: ['space-set', place, beside?.part],
    queryFn: async ({ signal }) => {
      const opened = await openSpaceSet(place, item!, summary!, signal);
      return { ...opened, name: opened.name || item!.path };
    },
    enabled: beside !== undefined && summary !== undefined,
    ...whileMaking,
  });
  return { set: beside ? set.data : undefined, error: (beside && (study.error ?? set.error)) || undefined };
}
