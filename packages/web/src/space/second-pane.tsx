import { linkedCamera, linkedFrame, type SpaceState } from '@micrarium/viewer';
import { type JSX, useEffect, useMemo, useState } from 'react';
import type { SpaceSet } from './open-set.ts';
import { SpacePane } from './space-pane.tsx';
import { LineageLegend } from './space-panel.tsx';
import { type Pane, usePane } from './use-pane.ts';
import type { ChangeSpace } from './use-space-view.ts';

const noImage = {};
const noStage = () => {};

/** Another set beside the first: the same view, time and place, with a selection of its own. */
export function SecondPane({
  set,
  lead,
  view,
  change,
  onReady,
}: {
  set: SpaceSet;
  lead: Pane;
  view: SpaceState;
  change: ChangeSpace;
  onReady(isReady: boolean): void;
}): JSX.Element {
  const [hovered, setHovered] = useState(-1);
  const { selectedBeside: selected, measuredBeside: measured } = view;
  const first = lead.set;
  const own = useMemo((): SpaceState => {
    const { selected: _selected, measured: _measured, clip: _clip, ...same } = view;
    return {
      ...same,
      t: linkedFrame(view.t, first, set),
      ...(selected === undefined ? {} : { selected }),
      ...(measured === undefined ? {} : { measured }),
    };
  }, [view, first, set, selected, measured]);
  const camera = useMemo(
    () => (view.camera ? linkedCamera(view.camera, first, set) : undefined),
    [view.camera, first, set],
  );
  const pane = usePane(set, own, hovered, undefined, noImage, { set: first, lead: lead.colouring });
  const { isReady } = pane;
  useEffect(() => onReady(isReady), [isReady, onReady]);
  return (
    <div className="ssecond">
      <SpacePane
        pane={pane}
        view={own}
        camera={camera}
        title={set.name}
        onCamera={(seen) => change({ camera: linkedCamera(seen, set, first) })}
        onPick={(id, isSecond) => {
          if (id === undefined) return change({}, ['selectedBeside', 'measuredBeside']);
          if (isSecond && selected !== undefined) return change({ measuredBeside: id });
          change({ selectedBeside: id }, ['measuredBeside']);
        }}
        onHover={setHovered}
        onStage={noStage}
      />
      {view.colourBy === 'lineage' && pane.graph ? (
        <div className="hud bl slegend">
          <LineageLegend pane={pane} />
        </div>
      ) : null}
    </div>
  );
}
