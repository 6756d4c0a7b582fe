import { distanceBetween, type FrameFeature, type SpaceFrame, type SpaceState } from '@micrarium/viewer';
import { type JSX, useEffect, useState } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { nameOf } from './space-pane.tsx';
import { lifeOfId, type Pane } from './use-pane.ts';
import type { ChangeSpace } from './use-space-view.ts';

/** The selected object with all that is known of it, and how far it is to another. */
export function DetailsPanel({
  pane,
  view,
  change,
}: {
  pane: Pane;
  view: SpaceState;
  change: ChangeSpace;
}): JSX.Element {
  const text = useText();
  const { set, frame, graph, selected } = pane;
  const found = useWholeObject(pane);
  const unit = shortUnit(set.summary.spaceUnit);
  const { selected: id } = view;
  const life = graph && id !== undefined ? lifeOfId(graph, id) : undefined;
  const about = life === undefined ? undefined : graph!.lives.lives[life];
  return (
    <section aria-labelledby="selected-title" aria-live="polite">
      <h2 id="selected-title">
        {text('viewer.selected')}
        {id === undefined ? null : (
          <button
            type="button"
            className="btn quiet sm"
            onClick={() => change({}, ['selected', 'measured'])}
            aria-label={text('viewer.clear')}
          >
            {'×'}
          </button>
        )}
      </h2>
      {id === undefined ? (
        <p className="s">{text('space.selectHint')}</p>
      ) : !found || !frame ? (
        <p className="s">
          {text(pane.isReady && selected < 0 && !pane.isReadingGraph ? 'space.notNow' : 'space.reading')}
        </p>
      ) : (
        <dl className="kv" data-testid="selected-object">
          <Fact name={text('viewer.object')} value={String(found.id[0])} />
          {set.label ? <Fact name={set.label} value={nameOf(pane, selected)} /> : null}
          <Fact name={text('viewer.track')} value={found.track[0]! < 0 ? '–' : String(found.track[0])} />
          <Fact name={text('viewer.frame')} value={String(frame.frame)} />
          {(['x', 'y', 'z'] as const).map((axis, at) =>
            axis === 'z' && set.slabs.isPlanar ? null : (
              <Fact key={axis} name={axis} value={`${writtenNumber(found.xyz[at]!)} ${unit}`} />
            ),
          )}
          {[...found.features.values()].map((feature) =>
            feature.name === set.label ? null : (
              <Fact key={feature.name} name={feature.name} value={featureText(feature)} />
            ),
          )}
          {about?.generation == null ? null : <Fact name={text('space.generation')} value={String(about.generation)} />}
          {about ? <Fact name={text('space.lives')} value={`${about.firstFrame} – ${about.lastFrame}`} /> : null}
        </dl>
      )}
      <Distance pane={pane} view={view} change={change} />
    </section>
  );
}

function Distance({ pane, view, change }: { pane: Pane; view: SpaceState; change: ChangeSpace }): JSX.Element | null {
  const text = useText();
  const { frame, selected, measured, set } = pane;
  if (view.selected === undefined) return null;
  if (view.measured === undefined)
    return (
      <>
        <p className="s">{text('space.measureHint')}</p>
        <MeasureTo measure={(id) => change({ measured: id })} />
      </>
    );
  const place = (at: number) => frame!.xyz.subarray(at * 3, at * 3 + 3);
  const isThere = frame !== undefined && selected >= 0 && measured >= 0;
  return (
    <p className="row" data-testid="distance">
      <span>{text('space.distance')}</span>
      <b className="num">
        {isThere
          ? `${writtenNumber(distanceBetween(place(selected), place(measured)), 5)} ${shortUnit(set.summary.spaceUnit)}`
          : '–'}
      </b>
      <span className="s">
        {isThere
          ? text('space.distanceTo', { name: nameOf(pane, measured) })
          : text(pane.isReady && !pane.isReadingGraph ? 'space.noDistance' : 'space.reading')}
      </span>
      <button
        type="button"
        className="btn quiet sm"
        aria-label={text('space.endMeasure')}
        onClick={() => change({}, ['measured'])}
      >
        {'×'}
      </button>
    </p>
  );
}

/** The other end of the distance by its number, for those who have no pointer: tables say the numbers. */
function MeasureTo({ measure }: { measure(id: number): void }): JSX.Element {
  const text = useText();
  const [typed, setTyped] = useState('');
  const id = /^\d{1,16}$/.test(typed.trim()) ? Number(typed) : undefined;
  return (
    <form
      className="row measureto"
      onSubmit={(event) => {
        event.preventDefault();
        if (id !== undefined) measure(id);
      }}
    >
      <input
        type="text"
        inputMode="numeric"
        aria-label={text('space.measureTo')}
        placeholder={text('space.measureTo')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="btn quiet sm" disabled={id === undefined}>
        {text('space.measure')}
      </button>
    </form>
  );
}

/** All features of the selected object, of which the frame holds only those that are drawn. */
function useWholeObject({ set, frame, selected }: Pane): SpaceFrame | undefined {
  const row = frame && selected >= 0 ? frame.rows[selected] : undefined;
  const [read, setRead] = useState<{ row: number; object: SpaceFrame }>();
  useEffect(() => {
    if (row === undefined) return;
    const stop = new AbortController();
    const names = set.slabs.features.map(({ name }) => name);
    set.slabs.pick(Uint32Array.of(row), names).then(
      (object) => {
        if (!stop.signal.aborted) setRead({ row, object });
      },
      // The stage says that the table cannot be read.
      () => {},
    );
    return () => stop.abort();
  }, [set, row]);
  return row !== undefined ? read?.object : undefined;
}

function featureText({ values, missing, unit }: FrameFeature): string {
  if (missing?.[0] === 1) return '–';
  const [value] = values;
  return `${typeof value === 'number' ? writtenNumber(value) : String(value)} ${shortUnit(unit)}`;
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  );
}
