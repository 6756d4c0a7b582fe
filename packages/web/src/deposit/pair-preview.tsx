import type { CoordinateMapping, ImageDescription } from '@micrarium/model';
import { type JSX, useEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../messages/text.ts';
import type { PlanePicture, Positions } from '../workers/work.ts';
import type { DraftItem, DraftPair } from './draft.ts';
import type { FileShelf } from './file-shelf.ts';
import { type DrawnObject, fullestFrame, objectsAt } from './pair-geometry.ts';

interface Props {
  film: DraftItem;
  track: DraftItem;
  pair: DraftPair;
  mapping: CoordinateMapping;
  image: ImageDescription;
  shelf: FileShelf;
  /** Called once a frame with objects has been drawn. */
  shown: () => void;
}

/** One frame of the film with the objects drawn on it, read in a worker from the file here or on the server. */
export function PairPreview({ film, track, pair, mapping, image, shelf, shown }: Props): JSX.Element {
  const text = useText();
  const [positions, setPositions] = useState<Positions | undefined>();
  const [picture, setPicture] = useState<{ key: string; plane: PlanePicture } | undefined>();
  const [problem, setProblem] = useState('');
  const [chosen, setChosen] = useState<{ t?: number; z?: number }>({});
  const t = chosen.t ?? (positions ? fullestFrame(positions, mapping, image.sizes.t) : 0);
  const z = chosen.z ?? Math.min(image.sizes.z - 1, Math.max(0, mapping.firstSlice));
  const c = mapping.channel ?? 0;
  const key = `${film.id} ${pair.image} ${t} ${c} ${z}`;
  useTask(
    `${track.id} ${pair.part}`,
    (signal) =>
      shelf.ask<'positions'>(
        {
          kind: 'positions',
          files: shelf.listOf(track.files),
          path: track.path,
          part: pair.part,
        },
        { signal, urgent: true },
      ),
    setPositions,
    setProblem,
  );
  useTask(
    positions ? key : '',
    (signal) =>
      shelf.ask<'plane'>(
        {
          kind: 'plane',
          files: shelf.listOf(film.files),
          path: film.path,
          image: pair.image,
          t,
          c,
          z,
        },
        { signal, urgent: true },
      ),
    (plane) => setPicture({ key, plane }),
    setProblem,
  );
  const objects = useMemo(
    () => (positions ? objectsAt(positions, mapping, t, image.sizes) : []),
    [positions, mapping, t, image],
  );
  const ready = positions !== undefined && picture?.key === key;
  useEffect(() => {
    if (ready) shown();
    // oxlint-disable-next-line react/exhaustive-deps
  }, [ready]);
  const inside = objects.filter((one) => one.isInside).length;
  return (
    <figure className="preview">
      <div className="fr">
        {picture ? (
          <Frame
            plane={picture.plane}
            objects={objects}
            label={text('preview.label', { frame: t + 1, count: objects.length })}
          />
        ) : (
          <div className="wait">{problem === '' ? text('preview.reading') : text('preview.failed')}</div>
        )}
      </div>
      {image.sizes.t > 1 ? (
        <label className="slider">
          <span>{text('preview.frame', { frame: t + 1, all: image.sizes.t })}</span>
          <input
            type="range"
            min={0}
            max={image.sizes.t - 1}
            value={t}
            onChange={(event) => setChosen({ ...chosen, t: Number(event.target.value) })}
          />
        </label>
      ) : null}
      {image.sizes.z > 1 ? (
        <label className="slider">
          <span>{text('preview.slice', { slice: z + 1, all: image.sizes.z })}</span>
          <input
            type="range"
            min={0}
            max={image.sizes.z - 1}
            value={z}
            onChange={(event) => setChosen({ ...chosen, z: Number(event.target.value) })}
          />
        </label>
      ) : null}
      <figcaption className="s m2" role="status">
        {problem !== '' ? (
          <span className="st bad">{problem}</span>
        ) : positions ? (
          text('preview.inside', { inside, count: objects.length })
        ) : (
          ' '
        )}
      </figcaption>
    </figure>
  );
}

/** Runs a task in a worker whenever its key changes; an empty key waits. */
function useTask<Answer>(
  key: string,
  run: (signal: AbortSignal) => Promise<Answer>,
  done: (answer: Answer) => void,
  failed: (message: string) => void,
): void {
  const latest = useRef({ run, done, failed });
  useEffect(() => {
    latest.current = { run, done, failed };
  });
  useEffect(() => {
    if (key === '') return;
    const control = new AbortController();
    latest.current.run(control.signal).then(
      (answer) => {
        latest.current.failed('');
        latest.current.done(answer);
      },
      (error: unknown) => {
        if (!control.signal.aborted) latest.current.failed(error instanceof Error ? error.message : String(error));
      },
    );
    return () => control.abort(new Error('no longer wanted'));
  }, [key]);
}

function Frame({
  plane,
  objects,
  label,
}: {
  plane: PlanePicture;
  objects: readonly DrawnObject[];
  label: string;
}): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  // Small films are enlarged by whole numbers, so that rings are rings and pixels stay square.
  const zoom = Math.max(1, Math.floor(640 / Math.max(plane.width, plane.height)));
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    void drawFrame(context, plane, objects, zoom);
  }, [plane, objects, zoom]);
  return <canvas ref={canvas} width={plane.width * zoom} height={plane.height * zoom} role="img" aria-label={label} />;
}

async function drawFrame(
  context: CanvasRenderingContext2D,
  plane: PlanePicture,
  objects: readonly DrawnObject[],
  zoom: number,
): Promise<void> {
  const bitmap = await createImageBitmap(new ImageData(plane.rgba, plane.width, plane.height));
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0, plane.width * zoom, plane.height * zoom);
  const toCanvas = { x: (plane.width * zoom) / plane.fullWidth, y: (plane.height * zoom) / plane.fullHeight };
  const glow = getComputedStyle(context.canvas).getPropertyValue('--glow') || '#14d8a8';
  for (const [width, colour] of [
    [4, 'rgb(0 0 0 / 0.65)'],
    [2, glow],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    for (const { x, y } of objects) {
      context.beginPath();
      // Positions count from the centre of the first pixel.
      context.arc((x + 0.5) * toCanvas.x, (y + 0.5) * toCanvas.y, 8, 0, 2 * Math.PI);
      context.stroke();
    }
  }
}
