import {
  FilmStage,
  type ImagePoint,
  type ImageSource,
  scaleBar,
  type StageTool,
  timeOfFrame,
  timeStamp,
  type TrackOverlay,
  type ViewState,
} from '@micrarium/viewer';
import { type JSX, type ReactNode, useEffect, useRef, useState } from 'react';
import { useText } from '../messages/text.ts';
import { shortUnit } from '../messages/units.ts';
import { writtenNumber } from '../messages/written.ts';
import { failureWords } from './failure-words.ts';
import type { useView } from './use-view.ts';

interface StageProps {
  source: ImageSource;
  /** Small picture of the image, shown out of focus until its pixels are drawn. */
  standIn?: string | undefined;
  /** Times of the planes as recorded, where the deposited file has them and the stored form has not. */
  planeTimes: number[] | undefined;
  view: ViewState;
  overlay: TrackOverlay | undefined;
  tool: StageTool;
  change: ReturnType<typeof useView>[1];
  select(id: number | undefined): void;
  stage: FilmStage | undefined;
  onStage(stage: FilmStage | undefined): void;
  /** A point of an angle or area was set. */
  onMarkPoint?(point: ImagePoint, isLast: boolean): void;
  /** Is the middle of the stage the hand, for those who use keys? */
  hasMiddle?: boolean;
  /** The pointer is on the film. */
  onHand?(): void;
  /** Stands above the film. */
  children: ReactNode;
}

/** Milliseconds a picture may be on its way, with an older one on the stage, before that is said. */
const longRead = 1000;

/** The drawn film with its scale bar, time stamp, place and values under the pointer, and zoom. */
export function Stage({
  source,
  standIn,
  planeTimes,
  view,
  overlay,
  tool,
  change,
  select,
  stage,
  onStage,
  onMarkPoint,
  hasMiddle = false,
  onHand,
  children,
}: StageProps): JSX.Element {
  const text = useText();
  const holder = useRef<HTMLDivElement>(null);
  const sign = useRef<HTMLParagraphElement>(null);
  const before = useRef<HTMLImageElement>(null);
  const readsSince = useRef<number>(undefined);
  const [pointer, setPointer] = useState<{ x: number; y: number }>();
  // The stage is fitted anew when the drawer opens or the window changes, and nothing else tells of it.
  const [fitZoom, setFitZoom] = useState<number>();
  const [failure, setFailure] = useState<{ plane: string; error: Error }>();
  const plane = `${view.t} ${view.z}`;
  const [canDraw] = useState(hasWebgl2);
  const handNow = useRef({ select, onMarkPoint, onHand });
  const planeNow = useRef(plane);
  useEffect(() => {
    handNow.current = { select, onMarkPoint, onHand };
    planeNow.current = plane;
  });
  useEffect(() => {
    if (!holder.current || !canDraw) return;
    const made = new FilmStage(holder.current, source, {
      onCamera: (camera) => change({ camera }),
      onFit: setFitZoom,
      onSelect: (id) => handNow.current.select(id),
      onMarkPoint: (point, isLast) => handNow.current.onMarkPoint?.(point, isLast),
      onPointer: (at) => {
        setPointer(at);
        if (at) handNow.current.onHand?.();
      },
      onLine: (line) => change({ line }),
      onPlace: (sections) => change({ sections }),
      onError: (error) => setFailure({ plane: planeNow.current, error }),
      onPicture: () => {
        // From now on there is a picture that the sign must not cover.
        if (sign.current) sign.current.dataset['later'] = '';
      },
    });
    onStage(made);
    return () => {
      onStage(undefined);
      made.close();
    };
  }, [source, change, onStage, canDraw]);
  useEffect(() => stage?.setOverlay(overlay), [overlay, stage]);
  useEffect(() => {
    if (!stage) return;
    if (!stage.isReading) readsSince.current = undefined;
    stage.show(view);
    const since = (readsSince.current ??= performance.now());
    const late = setTimeout(
      () => {
        if (sign.current) sign.current.hidden &&= !stage.isReading;
      },
      since + longRead - performance.now(),
    );
    // Which time point the picture is of, for those who wait for it without eyes.
    const passed = new AbortController();
    stage.whenDrawn(passed.signal).then(
      () => {
        holder.current?.setAttribute('data-drawn', String(view.t));
        clearTimeout(late);
        if (sign.current) sign.current.hidden = true;
        if (before.current) before.current.hidden = true;
      },
      () => undefined,
    );
    return () => {
      clearTimeout(late);
      passed.abort();
    };
  }, [view, stage]);
  useEffect(() => stage?.setTool(tool), [tool, stage]);
  const zoom = view.camera?.zoom ?? fitZoom ?? stage?.zoom ?? 1;
  const pointed = hasMiddle ? stage && within(stage.cameraNow, source) : pointer;
  return (
    <div className="vstage">
      {standIn && !view.camera ? <img ref={before} className="vstandin" src={standIn} alt="" /> : null}
      <div ref={holder} className="vcanvas" role="application" aria-label={text('viewer.stage')} data-testid="stage" />
      {children}
      {hasMiddle ? <i className="vcross" /> : null}
      {pointed ? <Pointed source={source} view={view} stage={stage} at={pointed} /> : null}
      <Zoom source={source} stage={stage} zoom={zoom} />
      <Legend source={source} planeTimes={planeTimes} zoom={zoom} t={view.t} />
      {canDraw && failure?.plane !== plane ? (
        <p ref={sign} className="hud wait" role="status">
          {text('viewer.reading')}
        </p>
      ) : null}
      {failure?.plane === plane || !canDraw ? (
        <p className="hud mid" role="alert">
          {canDraw
            ? text('viewer.planeFailed', { message: failureWords(failure?.error ?? '', text) })
            : text('viewer.noWebgl')}
        </p>
      ) : null}
    </div>
  );
}

/** A place, where it lies in the image. */
function within(at: ImagePoint, { levels }: ImageSource): ImagePoint | undefined {
  const { width, height } = levels[0]!;
  return at.x >= -0.5 && at.y >= -0.5 && at.x < width - 0.5 && at.y < height - 0.5 ? at : undefined;
}

/** Can this browser draw with WebGL 2? */
export function hasWebgl2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}

/** Milliseconds a pointer rests before values are read. */
const restTime = 60;

/** Where the pointer is, in the unit of the image, and what every shown channel holds there. */
function Pointed({
  source,
  view,
  stage,
  at,
}: {
  source: ImageSource;
  view: ViewState;
  stage: FilmStage | undefined;
  at: { x: number; y: number };
}): JSX.Element {
  const text = useText();
  const [read, setRead] = useState<{ key: string; values: (number | undefined)[] }>();
  const [x, y] = [Math.round(at.x), Math.round(at.y)];
  const { t, z, projection, other, channels } = view;
  const key = JSON.stringify([x, y, t, projection ?? z, other]);
  const isPlaying = (view.playing?.length ?? 0) > 0;
  useEffect(() => {
    // Values are read at full size: while a film plays that would hold up the planes that are drawn.
    if (!stage || isPlaying) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void stage.valuesAt({ x, y }, stop.signal).then((values) => {
        if (!stop.signal.aborted) setRead({ key, values });
      });
    }, restTime);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [stage, key, x, y, isPlaying]);
  const { voxelSize, channels: described, sizes } = source.description;
  const physical = [
    ...(voxelSize?.x ? [`x ${writtenNumber(at.x * voxelSize.x.value, 5)} ${shortUnit(voxelSize.x.unit)}`] : []),
    ...(voxelSize?.y ? [`y ${writtenNumber(at.y * voxelSize.y.value, 5)} ${shortUnit(voxelSize.y.unit)}`] : []),
    ...(voxelSize?.z && sizes.z > 1 && !projection
      ? [`z ${writtenNumber(z * voxelSize.z.value, 5)} ${shortUnit(voxelSize.z.unit)}`]
      : []),
  ];
  const pixel = `${x}, ${y}${sizes.z > 1 && !projection ? `, ${z}` : ''} px`;
  const values = (read?.key === key ? read.values : []).flatMap((value, index) =>
    value === undefined || !channels[index]?.isVisible
      ? []
      : [`${described[index]?.name || text('viewer.channel', { number: index + 1 })} ${writtenNumber(value, 6)}`],
  );
  return (
    <span className="hud tr num">
      {[...(physical.length > 0 ? [physical.join(', ')] : []), pixel].join(' · ')}
      <br />
      <span data-testid="values">{values.join(' · ')}</span>
    </span>
  );
}

/** Steps of zoom by button and key. */
export const zoomStep = Math.SQRT2;

function Zoom({
  source,
  stage,
  zoom,
}: {
  source: ImageSource;
  stage: FilmStage | undefined;
  /** Screen pixels per image pixel. */
  zoom: number;
}): JSX.Element | null {
  const text = useText();
  if (!stage) return null;
  const { voxelSize } = source.description;
  const fit = () => {
    stage.goTo(stage.fitted());
    stage.zoomTo(stage.fitted().zoom);
  };
  return (
    <div className="hud bl vzoom" role="group" aria-label={text('viewer.zoom')}>
      <button type="button" title="−" aria-label={text('viewer.zoomOut')} onClick={() => stage.zoomTo(zoom / zoomStep)}>
        {'−'}
      </button>
      <button type="button" aria-label={text('viewer.zoomIn')} onClick={() => stage.zoomTo(zoom * zoomStep)}>
        {'+'}
      </button>
      <button type="button" onClick={() => stage.zoomTo(1)}>
        {text('viewer.fullSize')}
      </button>
      <button type="button" onClick={fit}>
        {text('viewer.fit')}
      </button>
      <span className="num">
        {`${writtenNumber(zoom * 100, 3)} %`}
        {voxelSize?.x ? (
          <span className="wide">{`, 1 px = ${writtenNumber(voxelSize.x.value, 4)} ${shortUnit(voxelSize.x.unit)}`}</span>
        ) : null}
      </span>
    </div>
  );
}

/** Time stamp and scale bar, as pictures and films have them. */
function Legend({
  source,
  planeTimes,
  zoom,
  t,
}: {
  source: ImageSource;
  planeTimes: number[] | undefined;
  /** Screen pixels per image pixel. */
  zoom: number;
  t: number;
}): JSX.Element | null {
  const bar = barOf(source, zoom);
  const stamp = stampOf(source, planeTimes, t);
  return (
    <div className="hud br legend">
      {stamp ? <span className="num">{stamp}</span> : null}
      {bar ? (
        <span className="sbar">
          {`${writtenNumber(bar.value)} ${shortUnit(bar.unit)}`}
          <i style={{ width: bar.width }} />
        </span>
      ) : null}
    </div>
  );
}

/** The scale bar at a zoom; where the file does not say how large a pixel is, the bar counts pixels. */
export function barOf({ description }: ImageSource, zoom: number): ReturnType<typeof scaleBar> {
  return scaleBar(description.voxelSize?.x ?? { value: 1, unit: 'pixel' }, zoom);
}

/** The time stamp of a frame, where the image is a film whose times are known. */
export function stampOf({ description }: ImageSource, planeTimes: number[] | undefined, t: number): string | undefined {
  if (description.sizes.t < 2) return undefined;
  const times = description.planeTimes ?? planeTimes;
  const time = timeOfFrame({ ...description, ...(times ? { planeTimes: times } : {}) }, t);
  return time && timeStamp(time, shortUnit);
}
