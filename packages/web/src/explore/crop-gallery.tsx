import { type JSX, useEffect, useMemo, useRef, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { isBeingMade, pauseBefore } from '../viewer/being-made.ts';
import type { FilmPlace } from '../viewer/open-film.ts';
import { type Crop, type CropFilm, CropReader, type CropTarget } from './object-crops.ts';

/** Crops shown before more are asked for. */
const firstCrops = 24;

/** Objects cut out of their film, each at its frame; each leads to its place in the viewer. */
export function CropGallery({
  set,
  part,
  film,
  targets,
}: {
  set: FilmPlace;
  part: number;
  film: CropFilm;
  targets: readonly CropTarget[];
}): JSX.Element {
  const text = useText();
  const [most, setMost] = useState(firstCrops);
  const { accession, version, item } = set;
  const reader = useMemo(
    () => new CropReader({ accession, version, item }, part, film),
    [accession, version, item, part, film],
  );
  return (
    <section className="crops" aria-label={text('explore.crops')}>
      <p className="s m2">{text('explore.cropsHow', { count: targets.length })}</p>
      <ul>
        {targets.slice(0, most).map((target) => (
          <li key={`${target.object} ${target.frame}`}>
            <Link
              to={`/viewer/${film.place.accession}/${film.place.version}/${film.place.item}`}
              search={{
                object: target.object,
                t: target.frame + film.mapping.firstFrame,
                ...(film.image > 0 ? { image: film.image } : {}),
              }}
            >
              <CropPicture reader={reader} target={target} />
              <span className="xs">{text('explore.cropOf', { track: target.track, frame: target.frame })}</span>
            </Link>
          </li>
        ))}
      </ul>
      {targets.length > most ? (
        <button type="button" className="btn" onClick={() => setMost(most + firstCrops)}>
          {text('explore.cropsMore', { count: Math.min(firstCrops, targets.length - most) })}
        </button>
      ) : null}
    </section>
  );
}

function CropPicture({ reader, target }: { reader: CropReader; target: CropTarget }): JSX.Element {
  const text = useText();
  const answer = useAnswer({
    queryKey: ['crop', reader.key, target.object, target.frame],
    queryFn: async ({ signal }) => (await reader.read(target, signal)) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    // The stored form of a film may have been dropped, and is made again when it is asked for: that is no fault.
    retry: (failures, fault) => isBeingMade(fault) || failures < 1,
    retryDelay: pauseBefore,
  });
  if (answer.error)
    return <span className="crop xs m2">{text('explore.cropFailed', { reason: answer.error.message })}</span>;
  if (answer.data === undefined)
    return (
      <span className="crop xs m2" aria-busy="true">
        {isBeingMade(answer.failureReason) ? text('explore.cropBeingMade') : null}
      </span>
    );
  if (answer.data === null) return <span className="crop xs m2">{text('explore.cropOutside')}</span>;
  return <Drawn crop={answer.data} />;
}

function Drawn({ crop }: { crop: Crop }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.putImageData(new ImageData(crop.rgba, crop.width, crop.height), 0, 0);
    // A mark that covers nothing of the object: four ticks around it.
    context.strokeStyle = '#ffd75e';
    context.lineWidth = Math.max(1, crop.width / 64);
    const [inner, outer] = [crop.width / 6, crop.width / 4];
    context.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      context.moveTo(crop.x + dx * inner, crop.y + dy * inner);
      context.lineTo(crop.x + dx * outer, crop.y + dy * outer);
    }
    context.stroke();
  }, [crop]);
  return <canvas className="crop" ref={canvas} width={crop.width} height={crop.height} aria-hidden="true" />;
}
