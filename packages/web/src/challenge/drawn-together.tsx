import type { CoordinateMapping } from '@micrarium/model';
import { type JSX, useEffect, useRef, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import { openImage } from '../viewer/open-film.ts';
import { planePicture } from '../workers/plane-picture.ts';
import type { PlanePicture } from '../workers/work.ts';
import { askVersion, placeOfSet } from './challenge-answer.ts';

/** Rows of one answer: objects of a frame and of the frames behind it. */
const mostRows = 100_000;

/** Frames over which the tracks are drawn behind their objects. */
const trail = 10;

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

/** The film of a set, where one belongs to it. */
async function filmOf(set: string) {
  const { accession, version, item, part } = placeOfSet(set);
  const { pairs, items } = await askVersion(accession, version);
  const pair = pairs.find((one) => one.trackItem === item && one.part === part);
  const frames = items.find(({ id }) => id === item)?.trackSets.find((one) => one.part === part)?.counts.frames ?? 1;
  return {
    frames,
    ...(pair
      ? {
          film: { accession, version, item: pair.imageItem },
          image: pair.image,
          mapping: pair.mapping as CoordinateMapping,
        }
      : {}),
  };
}

type Film = Awaited<ReturnType<typeof filmOf>>;

async function objectsAt(set: string, frame: number, signal: AbortSignal): Promise<Drawn> {
  const { part, ...params } = placeOfSet(set);
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
    const row = JSON.parse(line) as { frame: number; x: number | null; y: number | null; link_id?: number | null };
    if (typeof row.x !== 'number' || typeof row.y !== 'number') continue;
    const place = { x: row.x, y: row.y };
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

async function pictureAt({ film, image, mapping }: Film, frame: number, signal: AbortSignal) {
  if (!film || !mapping || image === undefined) return undefined;
  const source = await openImage(film, image, signal);
  const plane = {
    t: frame + mapping.firstFrame,
    c: mapping.channel ?? 0,
    z: Math.floor(source.description.sizes.z / 2),
  };
  return planePicture(source as Parameters<typeof planePicture>[0], plane, signal);
}

/** Objects of several results drawn over one another, and over the film where there is one, frame by frame. */
export function DrawnTogether({ sets, labels }: { sets: readonly string[]; labels: readonly string[] }): JSX.Element {
  const text = useText();
  const [frame, setFrame] = useState(0);
  const film = useAnswer({ queryKey: ['film-of-set', sets[0]], queryFn: () => filmOf(sets[0]!) });
  const drawn = useAnswer({
    queryKey: ['drawn-together', frame, ...sets],
    enabled: film.data !== undefined,
    queryFn: async ({ signal }) => {
      const [picture, ...objects] = await Promise.all([
        pictureAt(film.data!, frame, signal),
        ...sets.map((set) => objectsAt(set, frame, signal)),
      ]);
      return { picture, objects };
    },
  });
  const failed = film.error ?? drawn.error;
  const last = Math.max(0, (film.data?.frames ?? 1) - 1);
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
          min={0}
          max={last}
          value={frame}
          onChange={(event) => setFrame(Number(event.target.value))}
        />
      </label>
      {failed ? (
        <AnswerFailed error={failed} again={() => void (film.error ? film.refetch() : drawn.refetch())} />
      ) : null}
      {drawn.data ? (
        <Stage
          picture={drawn.data.picture}
          mapping={film.data?.mapping}
          objects={drawn.data.objects}
          title={text('challenge.together')}
        />
      ) : null}
    </>
  );
}

interface StageProps {
  picture: PlanePicture | undefined;
  mapping: CoordinateMapping | undefined;
  objects: readonly Drawn[];
  title: string;
}

function Stage({ picture, mapping, objects, title }: StageProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!picture) return;
    canvas.current?.getContext('2d')?.putImageData(new ImageData(picture.rgba, picture.width, picture.height), 0, 0);
  }, [picture]);
  const inImage = ({ x, y }: Place): Place =>
    mapping ? { x: (x - mapping.offset.x) * mapping.scale.x, y: (y - mapping.offset.y) * mapping.scale.y } : { x, y };
  const placed = objects.map(({ objects: of, trails }) => ({
    objects: of.map(inImage),
    trails: trails.map((one) => one.map(inImage)),
  }));
  const all = placed.flatMap(({ objects: of, trails }) => [...of, ...trails.flat()]);
  const [left, top, width, height] = picture ? [0, 0, picture.fullWidth, picture.fullHeight] : boxOf(all);
  const most = Math.max(1, ...placed.map(({ objects: of }) => of.length));
  const size = Math.max(width, height) / Math.max(90, 2 * Math.sqrt(most));
  return (
    <div className="stage" style={{ aspectRatio: `${width} / ${height}` }}>
      {picture ? <canvas ref={canvas} width={picture.width} height={picture.height} aria-hidden="true" /> : null}
      <svg viewBox={`${left} ${top} ${width} ${height}`} role="img" aria-label={title}>
        {placed.map(({ objects: of, trails }, at) => {
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

/** A box around places, with a margin: where there is no film, the objects themselves say how far they reach. */
function boxOf(places: readonly Place[]): [left: number, top: number, width: number, height: number] {
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
