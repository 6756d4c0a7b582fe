import type { StudyItem } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { useText } from '../messages/text.ts';
import type { FilmPlace } from '../viewer/open-film.ts';

/** A set of any published version. */
export interface OtherSet {
  place: FilmPlace;
  part: number;
}

/** `ACCESSION.VERSION.ITEM.PART`, as in the address. */
export function parseBeside(text: unknown): OtherSet | undefined {
  const [, accession, version, item, part] = /^([A-Z]+-\d+)\.(\d+)\.([a-z2-7]+)\.(\d+)$/.exec(String(text ?? '')) ?? [];
  if (accession === undefined || item === undefined) return undefined;
  return { place: { accession, version: Number(version), item }, part: Number(part) };
}

/** The same, written for the address. */
export function writeBeside({ place, part }: OtherSet): string {
  return `${place.accession}.${place.version}.${place.item}.${part}`;
}

/** The sets of a version, by the name one chooses them by. */
function setsOf(items: readonly Pick<StudyItem, 'id' | 'path' | 'trackSets'>[], accession: string, version: number) {
  return items.flatMap(({ id, path, trackSets }) =>
    trackSets.map((one) => ({
      key: writeBeside({ place: { accession, version, item: id }, part: one.part }),
      name: trackSets.length > 1 ? `${path}: ${one.name || one.part}` : path,
    })),
  );
}

/** Chooses a set to see beside this one: of this study, or of another by its accession or the address of one of its pages. */
export function Beside({
  items,
  place,
  part,
  value,
  onChange,
}: {
  items: readonly StudyItem[];
  place: FilmPlace;
  part: number;
  value: OtherSet | undefined;
  onChange(wanted: OtherSet | undefined): void;
}): JSX.Element {
  const text = useText();
  const [isAsking, setAsking] = useState(false);
  const [asked, setAsked] = useState(value && value.place.accession !== place.accession ? value.place.accession : '');
  const [typed, setTyped] = useState(asked);
  const other = useAnswer({
    queryKey: ['study', asked],
    queryFn: ({ signal }) => api.call(routes.getStudy, { params: { accession: asked }, signal }),
    enabled: asked !== '',
    retry: false,
  });
  const own = setsOf(items, place.accession, place.version).filter(({ key }) => key !== writeBeside({ place, part }));
  const theirs = other.data ? setsOf(other.data.items as StudyItem[], asked, other.data.version) : [];
  const chosen = value && writeBeside(value);
  const isListed = [...own, ...theirs].some(({ key }) => key === chosen);
  const find = () => {
    const accession = /[A-Z]+-\d+/.exec(typed.toUpperCase())?.[0] ?? typed.trim();
    setTyped(accession);
    setAsked(accession);
  };
  return (
    <>
      <label className="row">
        <span>{text('space.beside')}</span>
        <select
          value={isAsking ? '?' : (chosen ?? '')}
          onChange={(event) => {
            setAsking(event.target.value === '?');
            if (event.target.value !== '?') onChange(parseBeside(event.target.value));
          }}
        >
          <option value="">{text('space.alone')}</option>
          {chosen === undefined || isListed ? null : <option value={chosen}>{chosen}</option>}
          {own.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
          {theirs.length > 0 ? (
            <optgroup label={asked}>
              {theirs.map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
            </optgroup>
          ) : null}
          <option value="?">{text('space.otherStudy')}</option>
        </select>
      </label>
      {isAsking ? (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            find();
          }}
        >
          <input
            type="text"
            aria-label={text('space.accession')}
            placeholder={text('space.accession')}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <button type="submit" className="btn quiet sm">
            {text('space.findSets')}
          </button>
        </form>
      ) : null}
      {isAsking && asked !== '' && !other.isFetching ? (
        <p className="s" role="status">
          {other.data
            ? text('space.setsFound', { count: theirs.length, study: asked })
            : text('space.noStudy', { study: asked })}
        </p>
      ) : null}
    </>
  );
}
