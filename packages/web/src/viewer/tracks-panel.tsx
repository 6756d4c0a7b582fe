import { columnValue } from '@micrarium/model';
import { objectColours, type OverlayState, type TrackOverlay } from '@micrarium/viewer';
import { type JSX, useMemo } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';

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
  const features = overlay.set.objects.columns.filter((column) => column.type !== 'string');
  const range = useMemo(() => objectColours(overlay, state.colourBy).range, [overlay, state.colourBy]);
  const unit = shortUnit(features.find((column) => column.name === state.colourBy)?.unit);
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
          {features.map((column) => (
            <option key={column.name} value={column.name}>
              {column.unit ? `${column.name} (${shortUnit(column.unit)})` : column.name}
            </option>
          ))}
        </select>
      </label>
      {range ? (
        <div className="ramp">
          <span className="bar" />
          <span className="num">{writtenNumber(range[0], 3)}</span>
          <span>{unit}</span>
          <span className="num">{writtenNumber(range[1], 3)}</span>
        </div>
      ) : null}
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
  onClear,
}: {
  overlay: TrackOverlay;
  id: number | undefined;
  onClear(): void;
}): JSX.Element {
  const text = useText();
  const { objects, spaceUnit, timeUnit } = overlay.set;
  const row = id === undefined ? -1 : objects.id.indexOf(id);
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
