import { placeOfPixel, type SpaceState } from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import type { SpaceSet } from './open-set.ts';
import type { ShownImage } from './use-image.ts';
import type { ChangeSpace } from './use-space-view.ts';

/** The image under the objects: a slice where it lies, or the volume. */
export function ImagePanel({
  set,
  shown,
  view,
  slices,
  change,
}: {
  set: SpaceSet;
  shown: ShownImage;
  view: SpaceState;
  /** Slices of the image. */
  slices: number;
  change: ChangeSpace;
}): JSX.Element {
  const text = useText();
  const { image } = view;
  const choose = (kind: string) => {
    if (kind !== 'plane' && kind !== 'volume') return change({}, ['image']);
    change({ image: { kind, z: image?.z ?? Math.floor(slices / 2), opacity: image?.opacity ?? 0.8 } });
  };
  const place =
    shown.image && image && !set.slabs.isPlanar
      ? placeOfPixel(shown.image.mapping, { x: 0, y: 0, z: image.z }, false)[2]
      : undefined;
  return (
    <section>
      <h2>{text('viewer.image')}</h2>
      <label className="row">
        <span>{text('space.show')}</span>
        <select value={image?.kind ?? ''} onChange={(event) => choose(event.target.value)}>
          <option value="">{text('space.noImage')}</option>
          <option value="plane">{text('space.plane')}</option>
          {slices > 1 ? <option value="volume">{text('space.volume')}</option> : null}
        </select>
      </label>
      {image?.kind === 'plane' && slices > 1 ? (
        <label className="row">
          <span>{text('viewer.focus')}</span>
          <input
            type="range"
            min={0}
            max={slices - 1}
            value={image.z}
            aria-valuetext={`${image.z + 1} / ${slices}`}
            onChange={(event) => change({ image: { ...image, z: Number(event.target.value) } })}
          />
          <span className="num">
            {place === undefined
              ? `${image.z + 1} / ${slices}`
              : `${writtenNumber(place, 3)} ${shortUnit(set.summary.spaceUnit)}`}
          </span>
        </label>
      ) : null}
      {image?.kind === 'plane' ? (
        <label className="row">
          <span>{text('space.opacity')}</span>
          <input
            type="range"
            min={0.1}
            max={1}
            step={0.05}
            value={image.opacity}
            aria-valuetext={`${Math.round(image.opacity * 100)} %`}
            onChange={(event) => change({ image: { ...image, opacity: Number(event.target.value) } })}
          />
          <span className="num">{`${Math.round(image.opacity * 100)} %`}</span>
        </label>
      ) : null}
      {shown.error ? (
        <p className="problem">{text('viewer.planeFailed', { message: shown.error.message })}</p>
      ) : shown.isReading ? (
        <p className="s" role="status">
          {text('space.reading')}
        </p>
      ) : null}
    </section>
  );
}
