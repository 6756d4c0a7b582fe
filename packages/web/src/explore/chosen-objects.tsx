import type { CoordinateMapping } from '@micrarium/model';
import { type JSX, useState } from 'react';
import type { askVersion } from '../challenge/challenge-answer.ts';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import type { FilmPlace } from '../viewer/open-film.ts';
import { CropGallery } from './crop-gallery.tsx';
import type { CropFilm, CropTarget } from './object-crops.ts';

/** The film that shows a set of a version, where there is one. */
export function filmOf(
  { pairs }: Pick<Awaited<ReturnType<typeof askVersion>>, 'pairs'>,
  { accession, version, item }: FilmPlace,
  part: number,
): CropFilm | undefined {
  const pair = pairs.find((one) => one.trackItem === item && one.part === part);
  return (
    pair && {
      place: { accession, version, item: pair.imageItem },
      image: pair.image,
      mapping: pair.mapping as CoordinateMapping,
    }
  );
}

/** Where an object is shown at its frame: in its film, else among the other objects in space. */
export function objectAddress(set: FilmPlace, part: number, film: CropFilm | undefined, target: CropTarget) {
  const { accession, version, item } = set;
  if (!film)
    return {
      to: `/space/${accession}/${version}/${item}` as const,
      search: { t: target.frame, object: target.object, ...(part > 0 ? { set: part } : {}) },
    };
  return {
    to: `/viewer/${accession}/${version}/${film.place.item}` as const,
    search: {
      object: target.object,
      t: target.frame + film.mapping.firstFrame,
      ...(film.image > 0 ? { image: film.image } : {}),
    },
  };
}

/** A click on a dot of a plot chooses its object. The data of the dots name object, frame and track. */
export function chooseOnClick(
  drawn: SVGSVGElement | HTMLElement,
  choose: (chosen: readonly CropTarget[]) => void,
): void {
  drawn.style.cursor = 'pointer';
  drawn.addEventListener('click', () => {
    const dot = (drawn as { value?: CropTarget | null }).value;
    if (dot?.object !== undefined) choose([{ track: dot.track, object: dot.object, frame: dot.frame }]);
  });
}

interface ChosenProps {
  set: FilmPlace;
  part: number;
  film: CropFilm | undefined;
  chosen: readonly CropTarget[];
  /** All that are shown, for the gallery of all. */
  all: readonly CropTarget[];
  choose(chosen: readonly CropTarget[]): void;
}

/** What was chosen in a plot: each object cut out of its film, or, without a film, as links to its place in space. */
export function ChosenObjects({ set, part, film, chosen, all, choose }: ChosenProps): JSX.Element {
  const text = useText();
  const one = chosen.length === 1 ? chosen[0]! : undefined;
  return (
    <>
      <p className="app chosen" aria-live="polite">
        {film && all.length > 0 && chosen.length === 0 ? (
          <button type="button" className="btn sm" onClick={() => choose(all)}>
            {text('explore.cropAll')}
          </button>
        ) : null}
        {one ? (
          <Link className="btn sm" {...objectAddress(set, part, film, one)}>
            {text(film ? 'explore.openFilm' : 'explore.openSpace', { track: one.track })}
          </Link>
        ) : null}
        {chosen.length > 0 ? (
          <>
            <span className="s m2">{text('explore.chosen', { count: chosen.length })}</span>
            <button type="button" className="btn quiet sm" onClick={() => choose([])}>
              {text('explore.cropNone')}
            </button>
          </>
        ) : null}
      </p>
      {film && chosen.length > 0 ? (
        <CropGallery key={`${chosen.length} ${chosen[0]!.object}`} set={set} part={part} film={film} targets={chosen} />
      ) : null}
      {!film && chosen.length > 1 ? <Places set={set} part={part} chosen={chosen} /> : null}
    </>
  );
}

/** Links shown before more are asked for. */
const firstPlaces = 24;

function Places({ set, part, chosen }: Pick<ChosenProps, 'set' | 'part' | 'chosen'>): JSX.Element {
  const text = useText();
  const [most, setMost] = useState(firstPlaces);
  return (
    <>
      <ul className="places">
        {chosen.slice(0, most).map((target) => (
          <li key={`${target.object} ${target.frame}`}>
            <Link className="xs" {...objectAddress(set, part, undefined, target)}>
              {text('explore.cropOf', { track: target.track, frame: target.frame })}
            </Link>
          </li>
        ))}
      </ul>
      {chosen.length > most ? (
        <button type="button" className="btn sm" onClick={() => setMost(most + firstPlaces)}>
          {text('explore.cropsMore', { count: Math.min(firstPlaces, chosen.length - most) })}
        </button>
      ) : null}
    </>
  );
}

interface RangeProps<Dot> {
  dots: readonly Dot[];
  /** Axes with what they show; one for a distribution. */
  axes: readonly { name: string; of(dot: NoInfer<Dot>): number }[];
  choose(chosen: readonly NoInfer<Dot>[]): void;
}

/** The rectangle of a plot as numbers: what is drawn with a pointer, for keys, fingers and those who know their limits. */
export function RangeChoice<Dot>({ dots, axes, choose }: RangeProps<Dot>): JSX.Element {
  const text = useText();
  const [limits, setLimits] = useState<Record<string, string>>({});
  const limit = (key: string, usual: number) => {
    const written = (limits[key] ?? '').trim();
    return written === '' || !Number.isFinite(Number(written)) ? usual : Number(written);
  };
  const submit = () =>
    choose(
      dots.filter((dot) =>
        axes.every(({ of }, at) => of(dot) >= limit(`${at} from`, -Infinity) && of(dot) <= limit(`${at} to`, Infinity)),
      ),
    );
  const field = (at: number, name: string, end: 'from' | 'to') => (
    <input
      className="num"
      inputMode="decimal"
      aria-label={`${name}: ${text(end === 'from' ? 'explore.rangeFrom' : 'explore.rangeTo')}`}
      placeholder={text(end === 'from' ? 'explore.rangeFrom' : 'explore.rangeTo')}
      value={limits[`${at} ${end}`] ?? ''}
      onChange={(event) => setLimits({ ...limits, [`${at} ${end}`]: event.target.value })}
    />
  );
  return (
    <details className="range">
      <summary className="s">{text('explore.range')}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {axes.map(({ name }, at) => (
          <span key={name} className="row">
            <span className="s m2">{name}</span>
            {field(at, name, 'from')}
            {field(at, name, 'to')}
          </span>
        ))}
        <button type="submit" className="btn sm">
          {text('explore.rangeChoose')}
        </button>
      </form>
    </details>
  );
}
