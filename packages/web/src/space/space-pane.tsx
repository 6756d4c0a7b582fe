import { type SpaceCamera, SpaceStage, type SpaceState, scaleBar } from '@micrarium/viewer';
import { type JSX, useEffect, useRef, useState } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenCount, writtenNumber } from '../messages/written.ts';
import type { Pane } from './use-pane.ts';

interface PaneProps {
  pane: Pane;
  view: SpaceState;
  /** Where one looks from, in this set. */
  camera: SpaceCamera | undefined;
  /** Stands in the corner where several sets are seen. */
  title: string | undefined;
  onCamera(camera: SpaceCamera): void;
  onPick(id: number | undefined, isSecond: boolean): void;
  onHover(at: number): void;
  onStage(stage: SpaceStage | undefined): void;
}

function hasWebgl2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}

/** The drawn space of one data set, with its time, the number of its objects and its scale. */
export function SpacePane({ pane, view, camera, title, onCamera, onPick, onHover, onStage }: PaneProps): JSX.Element {
  const text = useText();
  const holder = useRef<HTMLDivElement>(null);
  const [stage, setStage] = useState<SpaceStage>();
  const [failure, setFailure] = useState<string>();
  /** Pixels of a unit where everything fits: another with each size of the stage. */
  const [fitted, setFitted] = useState<number>();
  const [canDraw] = useState(hasWebgl2);
  const now = useRef({ pane, onCamera, onPick, onHover });
  useEffect(() => {
    now.current = { pane, onCamera, onPick, onHover };
  });
  const { set, scene, frame } = pane;
  useEffect(() => {
    if (!holder.current || !canDraw) return;
    const made = new SpaceStage(holder.current, set.extent, {
      onCamera: (seen) => now.current.onCamera(seen),
      onPick: (at, isSecond) => now.current.onPick(at < 0 ? undefined : now.current.pane.frame?.id[at], isSecond),
      onHover: (at) => now.current.onHover(at),
      onResize: () => setFitted(made.fitted().zoom),
      onError: (error) => setFailure(error.message),
    });
    setFitted(made.fitted().zoom);
    setStage(made);
    onStage(made);
    return () => {
      onStage(undefined);
      setStage(undefined);
      made.close();
    };
  }, [set, canDraw, onStage]);
  useEffect(() => {
    if (!scene || !stage) return;
    stage.show(scene, camera, view.isPerspective);
  }, [stage, scene, camera, view.isPerspective]);
  const zoom = camera?.zoom ?? fitted;
  const bar =
    zoom === undefined || view.isPerspective
      ? undefined
      : scaleBar({ value: 1, unit: set.summary.spaceUnit ?? 'pixel' }, zoom);
  const drawn = scene?.shown ? scene.shown.reduce((sum, one) => sum + one, 0) : frame?.count;
  const pointed = scene?.hovered;
  const at = pointed === undefined ? undefined : stage?.placeOf(pointed);
  return (
    <div className="vstage sstage">
      <div ref={holder} className="vcanvas" role="application" aria-label={text('space.stage')} data-testid="stage" />
      <p className="hud tl">
        {title === undefined ? null : <b>{title}</b>}
        {frame ? <span className="num">{timeText(pane)}</span> : null}
        <span className="num" data-testid="drawn">
          {drawn === undefined || !frame
            ? text('space.reading')
            : drawn === frame.count
              ? text('space.objects', { count: drawn, n: writtenCount(drawn) })
              : text('space.someObjects', { drawn: writtenCount(drawn), all: writtenCount(frame.count) })}
        </span>
      </p>
      {at && frame ? (
        <span className="hud spoint" style={{ left: at.x + 10, top: at.y - 26 }}>
          {nameOf(pane, pointed!)}
        </span>
      ) : null}
      {bar ? (
        <div className="hud br legend">
          <span className="sbar">
            {`${writtenNumber(bar.value)} ${shortUnit(bar.unit)}`}
            <i style={{ width: bar.width }} />
          </span>
        </div>
      ) : null}
      {failure || pane.error || !canDraw ? (
        <p className="hud mid" role="alert">
          {canDraw ? text('space.failed', { message: failure ?? pane.error?.message ?? '' }) : text('viewer.noWebgl')}
        </p>
      ) : null}
    </div>
  );
}

/** What an object of the shown frame is called. */
export function nameOf({ set, frame }: Pane, at: number): string {
  const name = set.label === undefined ? undefined : frame?.features.get(set.label)?.values[at];
  return name === undefined || name === '' ? String(frame?.id[at] ?? '') : String(name);
}

/** The time of the shown frame, with its unit where one is known. */
export function timeText({ set, frame }: Pane): string {
  if (!frame) return '';
  const { frameInterval, timeUnit } = set.summary;
  const time = frame.time ?? (frameInterval === undefined ? undefined : frameInterval * frame.frame);
  return time === undefined || timeUnit === undefined || timeUnit === 'frame'
    ? `t ${frame.frame}`
    : `${writtenNumber(time, 5)} ${shortUnit(timeUnit)}`;
}
