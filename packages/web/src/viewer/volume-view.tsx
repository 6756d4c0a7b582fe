import {
  type ImageSource,
  scaleBar,
  type ViewState,
  type Volume,
  VolumeStage,
  type VolumeView as VolumeState,
} from '@micrarium/viewer';
import { type JSX, useEffect, useRef, useState } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { failureWords } from './failure-words.ts';
import { hasWebgl2, stampOf, zoomStep } from './stage.tsx';
import type { useView } from './use-view.ts';

interface VolumeViewProps {
  source: ImageSource;
  planeTimes: number[] | undefined;
  view: ViewState;
  change: ReturnType<typeof useView>[1];
  stage: VolumeStage | undefined;
  onStage(stage: VolumeStage | undefined): void;
  /** A volume is drawn from now on. */
  onVolume(volume: Volume): void;
}

/** The change of a view whose volume is looked at in another way. */
export function withVolume(part: Partial<VolumeState>): (now: ViewState) => Partial<ViewState> {
  return (now) => (now.volume ? { volume: { ...now.volume, ...part } } : {});
}

/** Three ways to look at a volume along an axis, and what the page calls them. */
const sights = [
  { name: 'volume.front', turn: 0, tilt: 0 },
  { name: 'volume.side', turn: -90, tilt: 0 },
  { name: 'volume.top', turn: 0, tilt: 90 },
] as const;

/** The drawn volume with its scale bar, time stamp, ways to look at it, and how far reading has come. */
export function VolumeView(props: VolumeViewProps): JSX.Element {
  const { source, planeTimes, view, change, stage, onStage, onVolume } = props;
  const text = useText();
  const holder = useRef<HTMLDivElement>(null);
  const [share, setShare] = useState<number>();
  const [fitZoom, setFitZoom] = useState<number>();
  const [failure, setFailure] = useState<{ t: number; error: Error }>();
  const [canDraw] = useState(hasWebgl2);
  const timeNow = useRef(view.t);
  useEffect(() => {
    timeNow.current = view.t;
  }, [view.t]);
  useEffect(() => {
    if (!holder.current || !canDraw) return;
    const made = new VolumeStage(holder.current, source, {
      onCamera: (camera) => change(withVolume({ camera })),
      onFit: setFitZoom,
      onVolume,
      onProgress: setShare,
      onError: (error) => setFailure({ t: timeNow.current, error }),
      writeLength: (axis, length, unit) => `${axis} ${writtenNumber(length, 4)} ${shortUnit(unit)}`,
    });
    onStage(made);
    return () => {
      onStage(undefined);
      made.close();
    };
  }, [source, change, onStage, onVolume, canDraw]);
  useEffect(() => stage?.show(view), [view, stage]);
  const stamp = stampOf(source, planeTimes, view.t);
  const hasFailed = failure?.t === view.t;
  return (
    <div className="vstage">
      <div ref={holder} className="vcanvas" role="application" aria-label={text('volume.stage')} data-testid="stage" />
      {share === undefined ? null : (
        <p className="hud tr" role="status">
          <progress value={share} aria-hidden="true" /> {text('volume.reading', { percent: Math.round(share * 100) })}
        </p>
      )}
      <div className="hud tl vzoom" role="group" aria-label={text('volume.views')}>
        {sights.map(({ name, turn, tilt }) => (
          <button key={name} type="button" onClick={() => stage?.move({ ...stage.cameraNow, turn, tilt })}>
            {text(name)}
          </button>
        ))}
      </div>
      <VolumeZoom stage={stage} change={change} />
      <div className="hud br legend">
        {stamp ? <span className="num">{stamp}</span> : null}
        <VolumeScale source={source} stage={stage} zoom={view.volume?.camera?.zoom ?? fitZoom ?? stage?.zoom} />
      </div>
      {hasFailed || !canDraw ? (
        <p className="hud mid" role="alert">
          {canDraw
            ? text('volume.failed', { message: failureWords(failure?.error ?? '', text) })
            : text('viewer.noWebgl')}
        </p>
      ) : null}
    </div>
  );
}

function VolumeZoom({
  stage,
  change,
}: {
  stage: VolumeStage | undefined;
  change: ReturnType<typeof useView>[1];
}): JSX.Element {
  const text = useText();
  const zoom = (by: number) => stage?.move({ ...stage.cameraNow, zoom: stage.zoom * by });
  return (
    <div className="hud bl vzoom" role="group" aria-label={text('viewer.zoom')}>
      <button type="button" title="−" aria-label={text('viewer.zoomOut')} onClick={() => zoom(1 / zoomStep)}>
        {'−'}
      </button>
      <button type="button" aria-label={text('viewer.zoomIn')} onClick={() => zoom(zoomStep)}>
        {'+'}
      </button>
      <button
        type="button"
        onClick={() => change(withVolume({ camera: undefined } as unknown as Partial<VolumeState>))}
      >
        {text('volume.reset')}
      </button>
    </div>
  );
}

/** The scale bar, of lengths in the middle of the volume across the line of sight. */
function VolumeScale({
  source,
  stage,
  zoom,
}: {
  source: ImageSource;
  stage: VolumeStage | undefined;
  /** Screen pixels per unit of space. */
  zoom: number | undefined;
}): JSX.Element | null {
  if (!stage || zoom === undefined) return null;
  const bar = scaleBar({ value: 1, unit: stage.unit }, zoom);
  return bar ? (
    <span className="sbar" title={source.description.name}>
      {`${writtenNumber(bar.value)} ${shortUnit(bar.unit)}`}
      <i style={{ width: bar.width }} />
    </span>
  ) : null;
}
