import type { CoordinateMapping } from '@micrarium/model';
import { keepPreviousData } from '@tanstack/react-query';
import { type JSX, useEffect, useRef, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import { whileBeingMade } from '../viewer/being-made.ts';
import { openImage } from '../viewer/open-film.ts';
import { planePicture } from '../workers/plane-picture.ts';
import type { PlanePicture } from '../workers/work.ts';
import { askVersion, placeOfSet } from './challenge-answer.ts';

/** Rows of one answer: objects of a frame and of the frames behind it. */
const mostRows = 100_000;

/** Frames over which the tracks are drawn behind their objects. */
const trail = 10;

const whileMaking = {
  ...whileBeingMade,
} as const;

/** Colours and shapes of results: one is told from another also without colours. */
const looks = [
  {
    colour: 'var(--d2)',
    sign: '●',
    shape: ({ x, y }: Place, r: number) => `M${x - r},${y}a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0Z`,
  },
  {
    colour: 'var(--d1)',
    sign: '■',
    shape: ({ x, y }: Place, r: number) => `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}Z`,
  },
  { colour: 'var(--d3)', sign: '▲', shape: ({ x, y }: Place, r: number) => `M${x},${y - r}l${r},${2 * r}h${-2 * r}Z` },
  {
    colour: 'var(--d4)',
    sign: '◆',
    shape: ({ x, y }: Place, r: number) => `M${x},${y - r}l${r},${r}l${-r},${r}l${-r},${-r}Z`,
  },
  {
    colour: 'var(--d6)',
    sign: '✚',
    shape: ({ x, y }: Place, r: number) => `M${x - r},${y}h${2 * r}M${x},${y - r}v${2 * r}`,
  },
  {
    colour: 'var(--d7)',
    sign: '✕',
    shape: ({ x, y }: Place, r: number) => `M${x - r},${y - r}l${2 * r},${2 * r}M${x - r},${y + r}l${2 * r},${-2 * r}`,
  },
];

interface Place {
  x: number;
  y: number;
}

/** What one result has at a frame. */
interface Drawn {
  objects: Place[];
  /** Where its tracks were in the frames before, each in the order of time. */
  trails: Place[][];
  /** There is more than one answer holds. */
  isCut: boolean;
}

/** A set of objects on the common film. */
interface Placed {
  set: string;
  /** How it lies on the film; each has its own, for one may be in pixels and another in micrometers. */
  mapping: CoordinateMapping | undefined;
}

/** The film of the first set that has one, how each set lies on it, and the frames of the film they reach over. */
async function filmOf(sets: readonly string[]) {
  const found = await Promise.all(
    sets.map(async (set) => {
      const { accession, version, item, part } = placeOfSet(set);
      const { pairs, items } = await askVersion(accession, version);
      const about = items.find(({ id }) => id === item)?.trackSets.find((one) => one.part === part);
      const pair = pairs.find((one) => one.trackItem === item && one.part === part);
      const frames = about?.extent?.frame ?? [0, (about?.counts.frames ?? 1) - 1];
      return { set, accession, version, pair, frames, extent: about?.extent };
    }),
  );
  const home = found.find(({ pair }) => pair !== undefined);
  const placed = found.map(({ set, accession, pair }): Placed => {
    const isOnFilm = accession === home?.accession && pair?.imageItem === home?.pair?.imageItem;
    // A result handed in elsewhere is in the coordinates of what it is compared with.
    const own = isOnFilm && pair?.image === home?.pair?.image ? pair : home?.pair;
    return { set, mapping: own?.mapping as CoordinateMapping | undefined };
  });
  const firstFrames = placed.map(({ mapping }) => mapping?.firstFrame ?? 0);
  const corners = found.flatMap(({ extent }) =>
    extent ? [0, 1].map((end) => ({ x: extent.x[end]!, y: extent.y[end]! })) : [],
  );
  return {
    placed,
    /** Where no film says how far the picture reaches. */
    box: boxOf(corners),
    first: Math.max(0, Math.min(...found.map(({ frames }, at) => frames[0]! + firstFrames[at]!))),
    last: Math.max(0, ...found.map(({ frames }, at) => frames[1]! + firstFrames[at]!)),
    ...(home?.pair
      ? {
          channel: (home.pair.mapping as CoordinateMapping).channel ?? 0,
          // Opened once for all frames.
          source: await openImage(
            { accession: home.accession, version: home.version, item: home.pair.imageItem },
            home.pair.image,
            new AbortController().signal,
          ),
        }
      : {}),
  };
}

type Film = Awaited<ReturnType<typeof filmOf>>;

/** A row of objects, as the interface gives it. */
type ObjectRow = { frame: number; link_id?: number | null } & Partial<Record<'x' | 'y' | 'z', number | null>>;

/** Where an object lies in the image, or in its own coordinates where there is none; `undefined` without a position. */
function placeIn(mapping: CoordinateMapping | undefined, row: ObjectRow): Place | undefined {
  const along = (axis: 'x' | 'y') => {
    const value = row[mapping?.axes[axis] ?? axis] ?? Number.NaN;
    return mapping ? (value - mapping.offset[axis]) * mapping.scale[axis] : value;
  };
  const place = { x: along('x'), y: along('y') };
  return Number.isFinite(place.x) && Number.isFinite(place.y) ? place : undefined;
}

/** @param filmFrame of the film */
async function objectsAt({ set, mapping }: Placed, filmFrame: number, signal: AbortSignal): Promise<Drawn> {
  const { part, ...params } = placeOfSet(set);
  const frame = filmFrame - (mapping?.firstFrame ?? 0);
  if (frame < 0) return { objects: [], trails: [], isCut: false };
  const query = {
    part,
    fromFrame: Math.max(0, frame - trail),
    toFrame: frame,
    limit: mostRows,
    format: 'ndjson' as const,
  };
  const answer = await fetch(api.url(routes.listObjects, { params, query }), { signal });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}: the objects of ${set} are not there`);
  const drawn: Drawn = { objects: [], trails: [], isCut: answer.headers.has('link') };
  const links = new Map<number, { frame: number; place: Place }[]>();
  for (const line of (await answer.text()).split('\n')) {
    if (line === '') continue;
    const row = JSON.parse(line) as ObjectRow;
    const place = placeIn(mapping, row);
    if (!place) continue;
    if (row.frame === frame) drawn.objects.push(place);
    if (row.link_id == null) continue;
    const before = links.get(row.link_id);
    if (before) before.push({ frame: row.frame, place });
    else links.set(row.link_id, [{ frame: row.frame, place }]);
  }
  drawn.trails = [...links.values()]
    .filter((of) => of.length > 1)
    .map((of) => of.sort((one, other) => one.frame - other.frame).map(({ place }) => place));
  return drawn;
}

async function pictureAt({ source, channel = 0 }: Film, frame: number, signal: AbortSignal) {
  if (!source) return undefined;
  const plane = { t: frame, c: channel, z: Math.floor(source.description.sizes.z / 2) };
  return planePicture(source as Parameters<typeof planePicture>[0], plane, signal);
}

/** Objects of several results drawn over one another, and over the film where there is one, frame by frame. */
export function DrawnTogether({ sets, labels }: { sets: readonly string[]; labels: readonly string[] }): JSX.Element {
  const text = useText();
  const [asked, setFrame] = useState(0);
  const film = useAnswer({
    queryKey: ['film-of-sets', ...sets],
    queryFn: () => filmOf(sets),
    staleTime: Number.POSITIVE_INFINITY,
    // It holds an opened image, no plain values.
    structuralSharing: false,
    ...whileMaking,
  });
  const { first = 0, last = 0 } = film.data ?? {};
  const frame = Math.min(last, Math.max(first, asked));
  const drawn = useAnswer({
    queryKey: ['drawn-together', frame, ...sets],
    enabled: film.data !== undefined,
    queryFn: async ({ signal }) => {
      const [picture, ...objects] = await Promise.all([
        pictureAt(film.data!, frame, signal),
        ...film.data!.placed.map((one) => objectsAt(one, frame, signal)),
      ]);
      return { picture, objects };
    },
    // The stage stays while the next frame comes.
    placeholderData: keepPreviousData,
  });
  const failed = film.error ?? drawn.error;
  return (
    <>
      <h3>{text('challenge.together')}</h3>
      <p className="s m2 prose">{text('challenge.togetherHelp')}</p>
      <ul className="looks s">
        {labels.map((label, at) => (
          <li key={at}>
            <span aria-hidden="true" style={{ color: looks[at % looks.length]!.colour }}>
              {looks[at % looks.length]!.sign}
            </span>{' '}
            {label} {drawn.data ? `(${writtenCount(drawn.data.objects[at]?.objects.length ?? 0)})` : ''}
            {drawn.data?.objects[at]?.isCut ? ` ${text('challenge.togetherCut', { count: mostRows })}` : ''}
          </li>
        ))}
      </ul>
      <label className="row s">
        {text('challenge.frame', { frame: String(frame) })}
        <input
          type="range"
          min={first}
          max={last}
          value={frame}
          onChange={(event) => setFrame(Number(event.target.value))}
        />
      </label>
      {failed ? (
        <AnswerFailed error={failed} again={() => void (film.error ? film.refetch() : drawn.refetch())} />
      ) : null}
      {drawn.data && film.data ? (
        <Stage
          picture={drawn.data.picture}
          box={film.data.box}
          objects={drawn.data.objects}
          title={text('challenge.together')}
        />
      ) : null}
    </>
  );
}

interface StageProps {
  picture: PlanePicture | undefined;
  box: Box;
  objects: readonly Drawn[];
  title: string;
}

function Stage({ picture, box, objects, title }: StageProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!picture) return;
    canvas.current?.getContext('2d')?.putImageData(new ImageData(picture.rgba, picture.width, picture.height), 0, 0);
  }, [picture]);
  // A whole number is the middle of a pixel, and the picture begins half a pixel before the first.
  const [left, top, width, height] = picture ? [-0.5, -0.5, picture.fullWidth, picture.fullHeight] : box;
  const most = Math.max(1, ...objects.map(({ objects: of }) => of.length));
  const size = Math.max(width, height) / Math.max(90, 2 * Math.sqrt(most));
  return (
    <div className="stage" style={{ aspectRatio: `${width} / ${height}` }}>
      {picture ? <canvas ref={canvas} width={picture.width} height={picture.height} aria-hidden="true" /> : null}
      <svg viewBox={`${left} ${top} ${width} ${height}`} role="img" aria-label={title}>
        {objects.map(({ objects: of, trails }, at) => {
          const { colour, shape } = looks[at % looks.length]!;
          return (
            <g key={at} stroke={colour} strokeWidth={size / 5}>
              <path d={trails.map(lineOf).join('')} fill="none" strokeOpacity={0.6} />
              <path d={of.map((place) => shape(place, size / 2)).join('')} fill={colour} fillOpacity={0.8} />
            </g>
          );
        })}
      </svg>
    </div>
  );
}

const lineOf = (places: readonly Place[]) => places.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${x},${y}`).join('');

type Box = [left: number, top: number, width: number, height: number];

/** A box around places, with a margin: where there is no film, the objects themselves say how far they reach. */
function boxOf(places: readonly Place[]): Box {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of places) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (!(right >= left)) return [0, 0, 1, 1];
  const margin = Math.max(right - left, bottom - top, 1e-9) * 0.05;
  return [left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin];
}
