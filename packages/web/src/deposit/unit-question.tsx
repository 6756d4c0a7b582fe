import { type ImageDescription, type TrackSetSummary, mappingFor } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { useText } from '../messages/text.ts';

type Scale = { x: number; y: number; z: number };

/** Asks in which unit positions are, where no file says it: never guessed. */
export function UnitQuestion({
  set,
  image,
  answer,
}: {
  set: TrackSetSummary;
  image: ImageDescription;
  answer: (scale: Scale) => void;
}): JSX.Element {
  const text = useText();
  const [size, setSize] = useState('');
  const micrometers = mappingFor({ ...set, spaceUnit: 'micrometer' }, image);
  const typed = Number(size.replace(',', '.'));
  return (
    <fieldset className="question">
      <legend className="b">{text('unit.question')}</legend>
      <div className="row w">
        {set.spaceUnit === undefined ? (
          <button type="button" className="btn sm" onClick={() => answer({ x: 1, y: 1, z: 1 })}>
            {text('unit.inPixels')}
          </button>
        ) : null}
        {set.spaceUnit === undefined && micrometers.isKnown ? (
          <button type="button" className="btn sm" onClick={() => answer(micrometers.mapping.scale)}>
            {text('unit.inMicrometers')}
          </button>
        ) : null}
        <label className="row">
          <span>{text('unit.onePixelIs')}</span>
          <span className="field-in">
            <input
              type="text"
              inputMode="decimal"
              size={6}
              value={size}
              onChange={(event) => setSize(event.target.value)}
            />
            <span className="u">
              {set.spaceUnit === undefined ? text('unit.ofTable') : text(`unit.${set.spaceUnit}` as never)}
            </span>
          </span>
        </label>
        <button
          type="button"
          className="btn sm"
          aria-disabled={!(typed > 0)}
          onClick={() => {
            if (typed > 0) answer({ x: 1 / typed, y: 1 / typed, z: 1 });
          }}
        >
          {text('unit.use')}
        </button>
      </div>
    </fieldset>
  );
}
