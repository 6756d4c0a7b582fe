import {
  featureColumn,
  type FeatureFilter,
  featureNames,
  featureRange,
  passing,
  type OverlayState,
  type TrackOverlay,
} from '@micrarium/viewer';
import { type JSX, useMemo } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount } from '../messages/written.ts';

interface FiltersProps {
  overlay: TrackOverlay;
  state: OverlayState;
  onChange(filters: readonly FeatureFilter[]): void;
}

/** Ranges of features outside which objects are not drawn, listed or plotted. */
export function Filters({ overlay, state, onChange }: FiltersProps): JSX.Element {
  const text = useText();
  const filters = state.filters ?? [];
  const names = useMemo(() => featureNames(overlay, 'numeric'), [overlay]);
  const shown = useMemo(
    () => passing(overlay, state.filters)?.reduce((sum, one) => sum + one, 0),
    [overlay, state.filters],
  );
  const free = names.filter((name) => !filters.some((one) => one.feature === name));
  const add = (feature: string) => {
    const column = featureColumn(overlay, feature);
    const range = column && featureRange(column, overlay.count);
    if (range) onChange([...filters, { feature, low: range[0], high: range[1] }]);
  };
  return (
    <div className="filters">
      {filters.map((filter) => (
        <FilterRow
          key={filter.feature}
          overlay={overlay}
          filter={filter}
          onChange={(changed) =>
            onChange(filters.flatMap((one) => (one === filter ? (changed ? [changed] : []) : [one])))
          }
        />
      ))}
      <label className="row">
        <span>{text('viewer.filter')}</span>
        <select value="" onChange={(event) => add(event.target.value)}>
          <option value="">{text('viewer.filterAdd')}</option>
          {free.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {shown === undefined ? null : (
        <p className="s" role="status" data-testid="filtered">
          {text('viewer.filtered', { shown: writtenCount(shown), all: writtenCount(overlay.count) })}
        </p>
      )}
    </div>
  );
}

function FilterRow({
  overlay,
  filter,
  onChange,
}: {
  overlay: TrackOverlay;
  filter: FeatureFilter;
  onChange(filter: FeatureFilter | undefined): void;
}): JSX.Element | null {
  const text = useText();
  const column = featureColumn(overlay, filter.feature);
  const range = useMemo(() => column && featureRange(column, overlay.count), [column, overlay]);
  if (!column || !range) return null;
  const step = column.type === 'int' ? 1 : (range[1] - range[0]) / 200 || 1;
  const end = (which: 'low' | 'high') => (
    <>
      <input
        type="number"
        step="any"
        aria-label={text(which === 'low' ? 'viewer.filterLow' : 'viewer.filterHigh', { name: filter.feature })}
        value={Number(filter[which].toPrecision(6))}
        onChange={(event) => onChange({ ...filter, [which]: Number(event.target.value) || 0 })}
      />
      <input
        type="range"
        aria-hidden="true"
        tabIndex={-1}
        min={range[0]}
        max={range[1]}
        step={step}
        value={filter[which]}
        onChange={(event) => onChange({ ...filter, [which]: Number(event.target.value) })}
      />
    </>
  );
  return (
    <div className="filter">
      <span>
        {column.unit ? `${filter.feature} (${shortUnit(column.unit)})` : filter.feature}
        <button
          type="button"
          className="btn quiet sm"
          aria-label={text('viewer.filterRemove', { name: filter.feature })}
          onClick={() => onChange(undefined)}
        >
          {'×'}
        </button>
      </span>
      <div>{end('low')}</div>
      <div>{end('high')}</div>
    </div>
  );
}
