import {
  featureColumn,
  type MapName,
  mapColour,
  mapNames,
  objectColours,
  type OverlayState,
  overlayShare,
  type TrackOverlay,
} from '@micrarium/viewer';
import { type JSX, useMemo } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';

interface LegendProps {
  overlay: TrackOverlay;
  state: OverlayState;
  onChange(part: Partial<OverlayState>): void;
}

/** The part of a map that objects are coloured with, as a gradient. */
function gradient(map: MapName): string {
  const colours = Array.from({ length: 9 }, (_, at) => `rgb(${mapColour(map, overlayShare(map, at / 8)).join(' ')})`);
  return `linear-gradient(90deg, ${colours.join(', ')})`;
}

/** What the colours of objects mean: a map from smallest to largest, or the kinds. */
export function ColourLegend({ overlay, state, onChange }: LegendProps): JSX.Element | null {
  const text = useText();
  const { colourBy, map = 'viridis' } = state;
  const { range, categories } = useMemo(() => objectColours(overlay, colourBy, map), [overlay, colourBy, map]);
  const unit = shortUnit(featureColumn(overlay, colourBy)?.unit);
  if (categories)
    return (
      <ul className="kinds">
        {categories.map(({ name, colour, count }) => (
          <li key={name ?? ''}>
            <i style={{ background: `rgb(${colour.join(' ')})` }} />
            <span>{name ?? text('viewer.otherKinds')}</span>
            <span className="num">{writtenCount(count)}</span>
          </li>
        ))}
      </ul>
    );
  if (!range) return null;
  return (
    <>
      <label className="row">
        <span>{text('viewer.map')}</span>
        <select value={map} onChange={(event) => onChange({ map: event.target.value as MapName })}>
          {mapNames.map((name) => (
            <option key={name} value={name}>
              {text(`lut.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <div className="ramp">
        <span className="bar" style={{ background: gradient(map) }} />
        <span className="num">{writtenNumber(range[0], 3)}</span>
        <span>{unit}</span>
        <span className="num">{writtenNumber(range[1], 3)}</span>
      </div>
    </>
  );
}
