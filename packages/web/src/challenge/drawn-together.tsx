import type { CoordinateMapping } from '@micrarium/model';
import { type JSX, useEffect, useRef, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useText } from '../messages/text.ts';
import { openImage } from '../viewer/open-film.ts';
import { planePicture } from '../workers/plane-picture.ts';
import type { PlanePicture } from '../workers/work.ts';
import { askVersion, placeOfSet } from './challenge-answer.ts';

/** Objects of a frame that are drawn of each result. */
const mostObjects = 1000;

/** Colours and shapes of results: one is told from another also without colours. */
const looks = [
  { colour: 'var(--d2)', sign: '●' },
  { colour: 'var(--d1)', sign: '■' },
  { colour: 'var(--d3)', sign: '▲' },
  { colour: 'var(--d4)', sign: '◆' },
  { colour: 'var(--d6)', sign: '✚' },
  { colour: 'var(--d7)', sign: '✕' },
];

interface Place {
  x: number;
  y: number;
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

async function objectsAt(set: string, frame: number, signal: AbortSignal): Promise<Place[]> {
  const { part, ...params } = placeOfSet(set);
  const { columns, rows } = await api.call(routes.listObjects, {
    params,
    query: { part, frame, limit: mostObjects, format: 'json' },
    signal,
  });
  const [x, y] = ['x', 'y'].map((name) => columns.findIndex((column) => column.name === name)) as [number, number];
  return rows.map((row) => ({ x: Number(row[x]), y: Number(row[y]) }));
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
            {label} {drawn.data ? `(${drawn.data.objects[at]?.length ?? 0})` : ''}
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
  objects: readonly (readonly Place[])[];
  title: string;
}

function Stage({ picture, mapping, objects, title }: StageProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!picture) return;
    canvas.current?.getContext('2d')?.putImageData(new ImageData(picture.rgba, picture.width, picture.height), 0, 0);
  }, [picture]);
  const placed = objects.map((of) =>
    of
      .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
      .map(({ x, y }) =>
        mapping
          ? { x: (x - mapping.offset.x) * mapping.scale.x, y: (y - mapping.offset.y) * mapping.scale.y }
          : { x, y },
      ),
  );
  const [left, top, width, height] = picture ? [0, 0, picture.fullWidth, picture.fullHeight] : boxOf(placed.flat());
  const size = Math.max(width, height) / 45;
  return (
    <div className="stage" style={{ aspectRatio: `${width} / ${height}` }}>
      {picture ? <canvas ref={canvas} width={picture.width} height={picture.height} aria-hidden="true" /> : null}
      <svg viewBox={`${left} ${top} ${width} ${height}`} role="img" aria-label={title}>
        {placed.map((of, at) =>
          of.map(({ x, y }, n) => (
            <text
              key={`${at} ${n}`}
              x={x}
              y={y}
              fontSize={size}
              textAnchor="middle"
              dominantBaseline="central"
              fill={looks[at % looks.length]!.colour}
              fillOpacity={0.8}
            >
              {looks[at % looks.length]!.sign}
            </text>
          )),
        )}
      </svg>
    </div>
  );
}

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
