import { drawerTabs, passing, type TrackOverlay, type ViewLayout, type ViewState } from '@micrarium/viewer';
import { type JSX, type ReactNode, useMemo } from 'react';
import type { PagePath } from '../app/location.ts';
import { Link } from '../app/router.tsx';
import { type MessageKey, useText } from '../messages/text.ts';
import { type Measures, Plots } from './plots.tsx';
import { Scatter } from './scatter.tsx';
import { ObjectsTable, TracksTable } from './tables.tsx';

interface DrawerProps {
  overlay: TrackOverlay;
  measures: Measures | undefined;
  /** The page with all measures of these tracks. */
  measuresPath: PagePath | undefined;
  /** What the tracks can be taken away as. */
  downloads: ReactNode;
  view: ViewState;
  tab: ViewLayout['tab'];
  onTab(tab: ViewLayout['tab']): void;
  change(part: Partial<ViewState>): void;
  select(id: number | undefined): void;
}

/** Words of the tabs, in their order. */
const tabs = {
  plots: 'viewer.plots',
  tracks: 'viewer.tableTracks',
  objects: 'viewer.tableObjects',
  scatter: 'viewer.scatter',
  exports: 'losses.tab',
} as const satisfies Record<ViewLayout['tab'], MessageKey>;

/** Plots and tables below the film; a choice here is a choice in the film. */
export function Drawer({
  overlay,
  measures,
  measuresPath,
  downloads,
  view,
  tab,
  onTab,
  change,
  select,
}: DrawerProps): JSX.Element {
  const text = useText();
  const { objects } = overlay.set;
  const mask = useMemo(() => passing(overlay, view.overlay.filters), [overlay, view.overlay.filters]);
  const selectedRow = view.selected === undefined ? -1 : objects.id.indexOf(view.selected);
  const selectTrack = (track: number) => {
    const row = overlay.track.indexOf(track);
    if (row >= 0) select(objects.id[row]!);
  };
  const frameOf = (imageFrame: number) => imageFrame - ((overlay.frame[0] ?? 0) - (objects.frame[0] ?? 0));
  return (
    <section className="vdrawer" aria-label={text('viewer.drawer')}>
      <div className="vtabs">
        <span className="seg" role="tablist">
          {drawerTabs.map((one) => (
            <button key={one} type="button" role="tab" aria-selected={tab === one} onClick={() => onTab(one)}>
              {text(tabs[one])}
            </button>
          ))}
        </span>
        {measuresPath === undefined ? null : (
          <Link className="btn quiet sm" to={measuresPath}>
            {text('viewer.allMeasures')}
          </Link>
        )}
      </div>
      <div role="tabpanel" className="vtab">
        {tab === 'plots' && measures ? (
          <Plots
            measures={measures}
            frame={frameOf(view.t)}
            onFrame={(frame) => change({ t: Math.max(0, frame - frameOf(0)) })}
          />
        ) : null}
        {tab === 'tracks' && measures ? (
          <TracksTable
            measures={measures}
            selectedTrack={selectedRow < 0 ? -1 : overlay.track[selectedRow]!}
            onSelect={selectTrack}
          />
        ) : null}
        {tab === 'objects' ? (
          <ObjectsTable overlay={overlay} frame={view.t} mask={mask} selected={view.selected} onSelect={select} />
        ) : null}
        {tab === 'scatter' ? (
          <Scatter overlay={overlay} view={view} mask={mask} change={change} select={select} />
        ) : null}
        {tab === 'exports' ? downloads : null}
      </div>
    </section>
  );
}
