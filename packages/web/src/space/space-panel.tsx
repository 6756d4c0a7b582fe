import {
  type FeatureFilter,
  groupColour,
  kindColours,
  type MapName,
  mapColour,
  mapNames,
  noColour,
  otherKinds,
  overlayShare,
  type Rgb,
  type SpaceForm,
  type SpaceState,
  spaceForms,
} from '@micrarium/viewer';
import { type JSX, useEffect, useState } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import type { SpaceSet } from './open-set.ts';
import { formOf, type Pane, sizesOf } from './use-pane.ts';
import type { ChangeSpace } from './use-space-view.ts';

interface PanelProps {
  pane: Pane;
  view: SpaceState;
  change: ChangeSpace;
}

/** Features one can colour, size or filter by. */
function featuresOf(set: SpaceSet, isNumeric: boolean): string[] {
  const own = set.slabs.features.filter(({ type }) => !isNumeric || type !== 'string').map(({ name }) => name);
  const places = ['x', 'y', 'z', 'time'].filter(
    (name) => !own.includes(name) && set.slabs.storedName(name) !== undefined,
  );
  return [...own, ...places];
}

/** How objects are drawn: form, size, colour, trails. */
export function LookPanel({ pane, view, change, beside }: PanelProps & { beside: SpaceSet | undefined }): JSX.Element {
  const text = useText();
  const { set } = pane;
  const hasEdges = set.summary.counts.edges > 0;
  const numeric = featuresOf(set, true);
  const span = set.frames[1] - set.frames[0] + 1;
  const { largest } = sizesOf(set, view.sizeBy, beside);
  const isSized = ['sphere', 'circle'].includes(formOf(set, view));
  return (
    <section>
      <h2>{text('space.drawnAs')}</h2>
      <label className="row">
        <span>{text('viewer.colourBy')}</span>
        <select value={view.colourBy} onChange={(event) => change({ colourBy: event.target.value })}>
          <option value="track">{text('viewer.byTrack')}</option>
          {hasEdges ? <option value="lineage">{text('space.byLineage')}</option> : null}
          {featuresOf(set, false).map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Legend pane={pane} change={change} />
      <label className="row">
        <span>{text('space.form')}</span>
        <select value={view.form} onChange={(event) => change({ form: event.target.value as SpaceForm })}>
          {spaceForms.map((form) => (
            <option key={form} value={form}>
              {text(`spaceForm.${form}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="row">
        <span>{text('space.sizeBy')}</span>
        <select
          value={view.sizeBy ?? ''}
          onChange={(event) =>
            event.target.value === '' ? change({}, ['sizeBy']) : change({ sizeBy: event.target.value, form: 'sphere' })
          }
        >
          <option value="">{set.radius ?? text('space.noSize')}</option>
          {numeric
            .filter((name) => name !== set.radius)
            .map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
        </select>
      </label>
      {largest && isSized ? (
        <p className="s">
          {text('space.sizeHow', {
            value: writtenNumber(largest.value, 3),
            radius: `${writtenNumber(largest.radius * view.scale, 3)} ${shortUnit(set.summary.spaceUnit)}`,
          })}
        </p>
      ) : null}
      {isSized ? (
        <label className="row">
          <span>{text('space.scale')}</span>
          <input
            type="range"
            min={-2}
            max={2}
            step={0.05}
            value={Math.log10(view.scale)}
            aria-valuetext={`${writtenNumber(view.scale, 2)} ×`}
            onChange={(event) => change({ scale: Number((10 ** Number(event.target.value)).toPrecision(3)) })}
          />
          <span className="num">{`${writtenNumber(view.scale, 2)} ×`}</span>
        </label>
      ) : set.radius === undefined && view.sizeBy === undefined && !set.vertices ? (
        <p className="s">{text('space.hasNoRadius')}</p>
      ) : null}
      {hasEdges ? (
        <label className="row">
          <span>{text('space.trails')}</span>
          <select value={view.tail} onChange={(event) => change({ tail: Number(event.target.value) })}>
            <option value={0}>{text('space.noTrails')}</option>
            {[...new Set([3, 6, 12, 25, 50, 100, ...(view.tail > 0 ? [view.tail] : [])])]
              .filter((frames) => frames < span || frames === view.tail)
              .sort((a, b) => a - b)
              .map((frames) => (
                <option key={frames} value={frames}>
                  {text('viewer.frames', { count: frames })}
                </option>
              ))}
            <option value={-1}>{text('space.trailsSoFar')}</option>
            <option value={-2}>{text('space.wholeTracks')}</option>
          </select>
        </label>
      ) : null}
      {pane.isReadingGraph ? (
        <p className="s" role="status">
          {text('space.readingEdges')}
        </p>
      ) : null}
      {pane.graph === null && view.tail !== 0 ? <p className="s">{text('space.noEdges')}</p> : null}
      <label className="row check">
        <input type="checkbox" checked={view.hasAxes} onChange={() => change({ hasAxes: !view.hasAxes })} />
        <span>{text('space.axes')}</span>
      </label>
      <label className="row check">
        <input
          type="checkbox"
          checked={view.isPerspective}
          onChange={() => change({ isPerspective: !view.isPerspective })}
        />
        <span>{text('space.perspective')}</span>
      </label>
    </section>
  );
}

const css = (colour: Rgb) => `rgb(${colour.join(' ')})`;

/** What the colours mean. */
function Legend({ pane, change }: Omit<PanelProps, 'view'>): JSX.Element | null {
  const text = useText();
  const { colouring, graph, set } = pane;
  if (!colouring) return <p className="s">{text('space.reading')}</p>;
  const { rule, kinds } = colouring;
  if (rule.by === 'group' && graph) return <LineageLegend pane={pane} />;
  if (rule.by === 'kinds' && kinds) {
    const rest = kinds.slice(kindColours.length).reduce((sum, { count }) => sum + count, 0);
    return (
      <ul className="kinds">
        {kinds.slice(0, kindColours.length).map(({ kind, count }, index) => (
          <li key={kind}>
            <i style={{ background: css(kindColours[index]!) }} />
            <span>{kind}</span>
            <span className="num">{writtenCount(count)}</span>
          </li>
        ))}
        {rest > 0 ? (
          <li>
            <i style={{ background: css(otherKinds) }} />
            <span>{text('viewer.otherKinds')}</span>
            <span className="num">{writtenCount(rest)}</span>
          </li>
        ) : null}
      </ul>
    );
  }
  if (rule.by !== 'range') return null;
  const unit = set.slabs.describe(rule.feature).unit;
  const colours = Array.from({ length: 9 }, (_, at) => css(mapColour(rule.map, overlayShare(rule.map, at / 8))));
  return (
    <>
      <label className="row">
        <span>{text('viewer.map')}</span>
        <select value={rule.map} onChange={(event) => change({ map: event.target.value as MapName })}>
          {mapNames.map((name) => (
            <option key={name} value={name}>
              {text(`lut.${name}`)}
            </option>
          ))}
        </select>
      </label>
      <div className="ramp">
        <span className="bar" style={{ background: `linear-gradient(90deg, ${colours.join(', ')})` }} />
        <span className="num">{writtenNumber(rule.range[0], 3)}</span>
        <span>{shortUnit(unit)}</span>
        <span className="num">{writtenNumber(rule.range[1], 3)}</span>
      </div>
    </>
  );
}

/** The parts of the lineages that have colours, by the name of their first cell. */
export function LineageLegend({ pane }: { pane: Pane }): JSX.Element {
  const text = useText();
  const { set, graph } = pane;
  const rest = graph ? set.summary.counts.objects - graph.groups.reduce((sum, { objects }) => sum + objects, 0) : 0;
  const [names, setNames] = useState<{ graph: unknown; names: string[] }>();
  useEffect(() => {
    if (!graph) return;
    const stop = new AbortController();
    const rows = Uint32Array.from(graph.groups, ({ life }) => graph.lives.lives[life]!.firstObject);
    void set.slabs.pick(rows, set.label ? [set.label] : [], stop.signal).then((found) => {
      const texts = set.label ? found.features.get(set.label)?.values : undefined;
      const made = Array.from({ length: found.count }, (_, at) => String(texts?.[at] || found.id[at]));
      if (!stop.signal.aborted) setNames({ graph, names: made });
    });
    return () => stop.abort();
  }, [set, graph]);
  return (
    <ul className="kinds">
      {(graph?.groups ?? []).map(({ life, objects }, index) => (
        <li key={life}>
          <i style={{ background: css(groupColour(index)) }} />
          <span>{names?.graph === graph ? names?.names[index] : '…'}</span>
          <span className="num">{writtenCount(objects)}</span>
        </li>
      ))}
      {rest > 0 ? (
        <li>
          <i style={{ background: css(noColour) }} />
          <span>{text('viewer.otherKinds')}</span>
          <span className="num">{writtenCount(rest)}</span>
        </li>
      ) : null}
    </ul>
  );
}

/** Ranges of features and of space outside which nothing is drawn. */
export function LimitsPanel({ pane, view, change }: PanelProps): JSX.Element {
  const text = useText();
  const { set } = pane;
  const filters = view.filters ?? [];
  const rangeOf = (name: string) => set.slabs.bounds(set.slabs.storedName(name) ?? name);
  const free = featuresOf(set, true).filter(
    (name) => !filters.some(({ feature }) => feature === name) && rangeOf(name),
  );
  const setFilters = (next: readonly FeatureFilter[]) =>
    next.length > 0 ? change({ filters: next }) : change({}, ['filters']);
  const axes = ['x', 'y', ...(set.slabs.isPlanar ? [] : ['z'])];
  const clip = view.clip ?? set.extent.flat();
  return (
    <section>
      <h2>{text('space.limits')}</h2>
      <div className="filters">
        {filters.map((filter) => (
          <Range
            key={filter.feature}
            name={filter.feature}
            unit={set.slabs.describe(filter.feature).unit}
            range={rangeOf(filter.feature) ?? [filter.low, filter.high]}
            low={filter.low}
            high={filter.high}
            onChange={(low, high) => setFilters(filters.map((one) => (one === filter ? { ...one, low, high } : one)))}
            onRemove={() => setFilters(filters.filter((one) => one !== filter))}
          />
        ))}
        <label className="row">
          <span>{text('viewer.filter')}</span>
          <select
            value=""
            onChange={(event) => {
              const range = rangeOf(event.target.value);
              if (range) setFilters([...filters, { feature: event.target.value, low: range[0], high: range[1] }]);
            }}
          >
            <option value="">{text('viewer.filterAdd')}</option>
            {free.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label className="row check">
          <input
            type="checkbox"
            checked={view.clip !== undefined}
            onChange={() =>
              view.clip
                ? change({}, ['clip'])
                : change({ clip: set.extent.flat() as unknown as NonNullable<SpaceState['clip']> })
            }
          />
          <span>{text('space.clip')}</span>
        </label>
        {view.clip
          ? axes.map((axis, at) => (
              <Range
                key={axis}
                name={axis}
                unit={set.summary.spaceUnit}
                range={set.extent[at]!}
                low={clip[at * 2]!}
                high={clip[at * 2 + 1]!}
                onChange={(low, high) => {
                  const next = [...clip];
                  next[at * 2] = low;
                  next[at * 2 + 1] = high;
                  change({ clip: next as unknown as NonNullable<SpaceState['clip']> });
                }}
              />
            ))
          : null}
      </div>
    </section>
  );
}

interface RangeProps {
  name: string;
  unit: string | undefined;
  range: readonly [number, number];
  low: number;
  high: number;
  onChange(low: number, high: number): void;
  onRemove?(): void;
}

function Range({ name, unit, range, low, high, onChange, onRemove }: RangeProps): JSX.Element {
  const text = useText();
  const step = (range[1] - range[0]) / 200 || 1;
  const end = (which: 'low' | 'high') => {
    const value = which === 'low' ? low : high;
    const put = (wanted: number) =>
      which === 'low' ? onChange(Math.min(wanted, high), high) : onChange(low, Math.max(wanted, low));
    return (
      <div>
        <input
          type="number"
          step="any"
          aria-label={text(which === 'low' ? 'viewer.filterLow' : 'viewer.filterHigh', { name })}
          value={Number(value.toPrecision(6))}
          onChange={(event) => put(Number(event.target.value) || 0)}
        />
        <input
          type="range"
          aria-hidden="true"
          tabIndex={-1}
          min={range[0]}
          max={range[1]}
          step={step}
          value={value}
          onChange={(event) => put(Number(event.target.value))}
        />
      </div>
    );
  };
  return (
    <div className="filter">
      <span>
        {unit ? `${name} (${shortUnit(unit)})` : name}
        {onRemove ? (
          <button
            type="button"
            className="btn quiet sm"
            aria-label={text('viewer.filterRemove', { name })}
            onClick={onRemove}
          >
            {'×'}
          </button>
        ) : null}
      </span>
      {end('low')}
      {end('high')}
    </div>
  );
}
