import { columnValue } from '@micrarium/model';
import {
  featureColumn,
  featureNames,
  objectShapes,
  type OverlayState,
  shapeFor,
  type TrackOverlay,
} from '@micrarium/viewer';
import type { JSX } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { type SaidOfImage, SaidRows } from './annotations-panel.tsx';
import { ColourLegend } from './colour-legend.tsx';
import { Filters } from './filters.tsx';

export { shortUnit };

interface TracksPanelProps {
  overlay: TrackOverlay;
  state: OverlayState;
  onChange(part: Partial<OverlayState>): void;
}

/** Longest tail the slider offers, in frames; one further means all of it. */
const longestTail = 60;

/** How tracks are drawn: visibility, tails, colour. */
export function TracksPanel({ overlay, state, onChange }: TracksPanelProps): JSX.Element {
  const text = useText();
  const hasOutlines = overlay.set.objects.shapes !== undefined;
  const named = (name: string) => {
    const unit = shortUnit(featureColumn(overlay, name)?.unit);
    return unit === '' ? name : `${name} (${unit})`;
  };
  return (
    <section aria-labelledby="tracks-title">
      <h2 id="tracks-title">{text('viewer.tracks')}</h2>
      <label className="row">
        <input
          type="checkbox"
          checked={state.isVisible}
          onChange={(event) => onChange({ isVisible: event.target.checked })}
        />
        {text('viewer.showTracks')}
      </label>
      <label className="row">
        <span>{text('viewer.tail')}</span>
        <input
          type="range"
          min={0}
          max={longestTail + 1}
          value={state.tailFrames < 0 ? longestTail + 1 : state.tailFrames}
          onChange={(event) =>
            onChange({ tailFrames: Number(event.target.value) > longestTail ? -1 : Number(event.target.value) })
          }
        />
        <span className="num">
          {state.tailFrames < 0 ? text('viewer.wholeTail') : text('viewer.frames', { count: state.tailFrames })}
        </span>
      </label>
      <label className="row">
        <span>{text('viewer.colourBy')}</span>
        <select value={state.colourBy} onChange={(event) => onChange({ colourBy: event.target.value })}>
          <option value="track">{text('viewer.byTrack')}</option>
          {featureNames(overlay, 'any').map((name) => (
            <option key={name} value={name}>
              {named(name)}
            </option>
          ))}
        </select>
      </label>
      <ColourLegend overlay={overlay} state={state} onChange={onChange} />
      <label className="row">
        <span>{text('viewer.shape')}</span>
        <select
          value={shapeFor(overlay, state)}
          onChange={(event) => onChange({ shape: objectShapes.find((one) => one === event.target.value) ?? 'circle' })}
        >
          {objectShapes
            .filter((shape) => hasOutlines || shape === 'circle' || shape === 'point')
            .map((shape) => (
              <option key={shape} value={shape}>
                {text(`shape.${shape}`)}
              </option>
            ))}
        </select>
      </label>
      <Filters overlay={overlay} state={state} onChange={(filters) => onChange({ filters })} />
      {overlay.isPlanar ? null : (
        <label className="row">
          <input
            type="checkbox"
            checked={state.onlyNearSlice}
            onChange={(event) => onChange({ onlyNearSlice: event.target.checked })}
          />
          {text('viewer.nearSlice')}
        </label>
      )}
    </section>
  );
}

/** The selected object's row, every column with its unit. */
export function SelectedObject({
  overlay,
  id,
  said = [],
  onClear,
}: {
  overlay: TrackOverlay;
  id: number | undefined;
  /** Annotations of the image, among them those of objects. */
  said?: readonly SaidOfImage[] | undefined;
  onClear(): void;
}): JSX.Element {
  const text = useText();
  const { objects, spaceUnit, timeUnit } = overlay.set;
  const row = id === undefined ? -1 : objects.id.indexOf(id);
  const ofObject = row < 0 ? [] : said.filter(({ on, part }) => on === 'object' && part === String(id));
  return (
    <section aria-labelledby="selected-title" aria-live="polite">
      <h2 id="selected-title">
        {text('viewer.selected')}
        {row < 0 ? null : (
          <button type="button" className="btn quiet sm" onClick={onClear} aria-label={text('viewer.clear')}>
            {'×'}
          </button>
        )}
      </h2>
      {row < 0 ? (
        <p className="s">{text('viewer.selectHint')}</p>
      ) : (
        <dl className="kv" data-testid="selected-object">
          <Pair name={text('viewer.object')} value={String(objects.id[row])} />
          <Pair name={text('viewer.track')} value={overlay.track[row]! < 0 ? '–' : String(overlay.track[row])} />
          <Pair name={text('viewer.frame')} value={String(objects.frame[row])} />
          {objects.time ? (
            <Pair name="t" value={`${writtenNumber(objects.time[row]!)} ${shortUnit(timeUnit)}`} />
          ) : null}
          <Pair name="x" value={`${writtenNumber(objects.x[row]!)} ${shortUnit(spaceUnit)}`} />
          <Pair name="y" value={`${writtenNumber(objects.y[row]!)} ${shortUnit(spaceUnit)}`} />
          {objects.z ? <Pair name="z" value={`${writtenNumber(objects.z[row]!)} ${shortUnit(spaceUnit)}`} /> : null}
          {objects.columns.map((column) => {
            const value = columnValue(column, row);
            return value === undefined ? null : (
              <Pair
                key={column.name}
                name={column.name}
                value={`${typeof value === 'number' ? writtenNumber(value) : String(value)} ${shortUnit(column.unit)}`}
              />
            );
          })}
        </dl>
      )}
      {ofObject.length > 0 ? (
        <div data-testid="object-annotations">
          <h3>{text('said.object')}</h3>
          <SaidRows said={ofObject} />
        </div>
      ) : null}
    </section>
  );
}

function Pair({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}
