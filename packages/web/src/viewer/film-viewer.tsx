import type { PixelBlock } from '@micrarium/model';
import {
  FilmStage,
  type Histogram,
  histogramOf,
  type ImageSource,
  scaleBar,
  type TrackOverlay,
  type ViewState,
} from '@micrarium/viewer';
import { type JSX, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Icon, type IconName } from '../app/icons.tsx';
import { LanguageSwitch } from '../app/shell.tsx';
import { useText } from '../messages/text.ts';
import { writtenNumber } from '../messages/written.ts';
import { ChannelPanel } from './channel-panel.tsx';
import { Drawer } from './drawer.tsx';
import type { Measures } from './plots.tsx';
import { saveUrl } from './save.ts';
import { AxisSlider, usePlaying } from './sliders.tsx';
import { SelectedObject, shortUnit, TracksPanel } from './tracks-panel.tsx';
import { firstView, useView } from './use-view.ts';
import { useViewerKeys } from './use-viewer-keys.ts';

interface FilmViewerProps {
  source: ImageSource;
  /** Does the stage show a film, or only objects on black? */
  hasFilm: boolean;
  /** What is known of the image. */
  metadata: ReactNode;
  /** Are there tracks that are still being read? */
  isOpeningTracks: boolean;
  /** Why the tracks could not be read. */
  tracksFailure: Error | undefined;
  windows: readonly (readonly [number, number])[];
  overlay: TrackOverlay | undefined;
  measures: Measures | undefined;
  /** What the tracks can be taken away as. */
  downloads: ReactNode;
  head: ReactNode;
  films: ReactNode;
  setChoice: ReactNode;
}

/** The viewer of one film: stage, sliders, panel and drawer, all showing one state that the address keeps. */
export function FilmViewer(props: FilmViewerProps): JSX.Element {
  const { source, hasFilm, windows, overlay, measures, downloads } = props;
  const text = useText();
  const image = source.description;
  const initial = useMemo(() => firstView(image, windows), [image, windows]);
  const [view, change] = useView(image, initial);
  const [hasPanel, setPanel] = useState(() => innerWidth > 800);
  const [hasDrawer, setDrawer] = useState(() => innerWidth > 800);
  const [isTimePlaying, playTime] = usePlaying(
    useCallback(() => change((now) => ({ t: (now.t + 1) % image.sizes.t })), [change, image]),
  );
  const [isFocusPlaying, playFocus] = usePlaying(
    useCallback(() => change((now) => ({ z: (now.z + 1) % image.sizes.z })), [change, image]),
  );
  const histograms = useHistograms(source, view);
  const [stage, setStage] = useState<FilmStage>();
  const isHelpOpen = useViewerKeys({ image, change, histograms, stage, initial, isTimePlaying, playTime });
  const select = useCallback(
    (id: number | undefined) =>
      change(() => {
        const row = id === undefined || !overlay ? -1 : overlay.set.objects.id.indexOf(id);
        return {
          selected: id,
          ...(row >= 0 ? { t: Math.min(image.sizes.t - 1, Math.max(0, overlay!.frame[row]!)) } : {}),
        } as Partial<ViewState>;
      }),
    [change, overlay, image],
  );
  return (
    <div className="viewer" data-theme="dark">
      <header className="vtop">
        {props.head}
        <span className="end">
          <CopyLink />
          <button type="button" className="btn quiet sm" onClick={() => stage && saveUrl('view.png', stage.picture())}>
            <HeadLabel icon="down" words={text('viewer.picture')} />
          </button>
          <button type="button" className="btn quiet sm" aria-pressed={hasDrawer} onClick={() => setDrawer(!hasDrawer)}>
            <HeadLabel icon="table" words={text('viewer.drawer')} />
          </button>
          <button type="button" className="btn quiet sm" aria-pressed={hasPanel} onClick={() => setPanel(!hasPanel)}>
            <HeadLabel icon="list" words={text('viewer.panel')} />
          </button>
          <LanguageSwitch />
        </span>
      </header>
      {props.films}
      <main className="vmain" id="stage">
        <Stage
          source={source}
          view={view}
          overlay={overlay}
          change={change}
          select={select}
          stage={stage}
          onStage={setStage}
        />
        <div className="axes">
          <AxisSlider
            name={text('viewer.time')}
            value={view.t}
            count={image.sizes.t}
            step={image.timeStep}
            onChange={(t) => change({ t })}
            isPlaying={isTimePlaying}
            onPlay={playTime}
          />
          <AxisSlider
            name={text('viewer.focus')}
            value={view.z}
            count={image.sizes.z}
            step={image.voxelSize?.z}
            onChange={(z) => change({ z })}
            isPlaying={isFocusPlaying}
            onPlay={playFocus}
          />
        </div>
        {hasDrawer && overlay ? (
          <Drawer
            overlay={overlay}
            measures={measures}
            downloads={downloads}
            view={view}
            change={change}
            select={select}
          />
        ) : null}
      </main>
      {hasPanel ? (
        <aside className="vpanel" aria-label={text('viewer.panel')}>
          {hasFilm ? (
            <ChannelPanel
              image={image}
              channels={view.channels}
              histograms={histograms}
              onChange={(channels) => change({ channels })}
              onReset={() => change({ channels: initial.channels })}
            />
          ) : null}
          {hasFilm ? null : <p className="s">{text('viewer.noFilm')}</p>}
          {props.setChoice}
          {overlay ? (
            <TracksPanel
              overlay={overlay}
              state={view.overlay}
              onChange={(part) => change((now) => ({ overlay: { ...now.overlay, ...part } }))}
            />
          ) : (
            <p className={props.tracksFailure ? 'problem' : 's'} role="status">
              {props.tracksFailure
                ? text('viewer.tracksFailed', { message: props.tracksFailure.message })
                : text(props.isOpeningTracks ? 'viewer.openingTracks' : 'viewer.noTracks')}
            </p>
          )}
          {overlay ? <SelectedObject overlay={overlay} id={view.selected} onClear={() => select(undefined)} /> : null}
          {props.metadata}
        </aside>
      ) : null}
      {isHelpOpen ? <Keys /> : null}
    </div>
  );
}

interface StageProps {
  source: ImageSource;
  view: ViewState;
  overlay: TrackOverlay | undefined;
  change: ReturnType<typeof useView>[1];
  select(id: number | undefined): void;
  stage: FilmStage | undefined;
  onStage(stage: FilmStage | undefined): void;
}

function Stage({ source, view, overlay, change, select, stage, onStage }: StageProps): JSX.Element {
  const text = useText();
  const holder = useRef<HTMLDivElement>(null);
  const [pointer, setPointer] = useState<{ x: number; y: number }>();
  const [failure, setFailure] = useState<{ plane: string; message: string }>();
  const plane = `${view.t} ${view.z}`;
  const [canDraw] = useState(hasWebgl2);
  const selectNow = useRef(select);
  const planeNow = useRef(plane);
  useEffect(() => {
    selectNow.current = select;
    planeNow.current = plane;
  }, [select, plane]);
  useEffect(() => {
    if (!holder.current || !canDraw) return;
    const made = new FilmStage(holder.current, source, {
      onCamera: (camera) => change({ camera }),
      onSelect: (id) => selectNow.current(id),
      onPointer: setPointer,
      onError: (error) => setFailure({ plane: planeNow.current, message: error.message }),
    });
    onStage(made);
    return () => {
      onStage(undefined);
      made.close();
    };
  }, [source, change, onStage, canDraw]);
  useEffect(() => stage?.setOverlay(overlay), [overlay, stage]);
  useEffect(() => stage?.show(view), [view, stage]);
  const { voxelSize, timeStep } = source.description;
  // Where the file does not say how large a pixel is, the bar counts pixels.
  const bar = scaleBar(voxelSize?.x ?? { value: 1, unit: 'pixel' }, view.camera?.zoom ?? stage?.fitted().zoom ?? 1);
  const place = pointer
    ? voxelSize?.x && voxelSize.y
      ? `x ${writtenNumber(pointer.x * voxelSize.x.value, 5)} ${shortUnit(voxelSize.x.unit)}, y ${writtenNumber(pointer.y * voxelSize.y.value, 5)} ${shortUnit(voxelSize.y.unit)}`
      : `x ${Math.round(pointer.x)}, y ${Math.round(pointer.y)} px`
    : '';
  return (
    <div className="vstage">
      <div ref={holder} className="vcanvas" role="application" aria-label={text('viewer.stage')} data-testid="stage" />
      {timeStep ? (
        <span className="hud tl num">{`${writtenNumber(view.t * timeStep.value, 6)} ${shortUnit(timeStep.unit)}`}</span>
      ) : null}
      <span className="hud tr num">{place}</span>
      {bar ? (
        <span className="hud br sbar">
          {`${bar.value} ${shortUnit(bar.unit)}`}
          <i style={{ width: bar.width }} />
        </span>
      ) : null}
      {failure?.plane === plane || !canDraw ? (
        <p className="hud mid" role="alert">
          {canDraw ? text('viewer.planeFailed', { message: failure?.message ?? '' }) : text('viewer.noWebgl')}
        </p>
      ) : null}
    </div>
  );
}

function hasWebgl2(): boolean {
  return document.createElement('canvas').getContext('webgl2') !== null;
}

/** Histograms of the shown planes, from the coarsest level with enough pixels, drawn a moment after the slider rests. */
function useHistograms(source: ImageSource, view: ViewState): (Histogram | undefined)[] {
  const [histograms, setHistograms] = useState<(Histogram | undefined)[]>([]);
  const { t, z } = view;
  const count = view.channels.length;
  useEffect(() => {
    const stop = new AbortController();
    const level = Math.max(
      0,
      source.levels.findLastIndex((one) => Math.max(one.width, one.height) >= 256),
    );
    const timer = setTimeout(() => {
      const planes = Array.from({ length: count }, (_, c) =>
        source.readRegion({ t, c, z }, undefined, level, stop.signal),
      );
      Promise.all(
        planes.map((plane) =>
          plane.then((block: PixelBlock) => histogramOf(block.data as ArrayLike<number>)).catch(() => undefined),
        ),
      ).then((made) => {
        if (!stop.signal.aborted) setHistograms(made);
      });
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [source, t, z, count]);
  return histograms;
}

/** Words of a button in the head; on small screens its drawing, with the words for those who listen. */
function HeadLabel({ icon, words }: { icon: IconName; words: string }): JSX.Element {
  return (
    <>
      <Icon name={icon} />
      <span className="words">{words}</span>
    </>
  );
}

function CopyLink(): JSX.Element {
  const text = useText();
  const [isCopied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="btn quiet sm"
      title={text('viewer.kept')}
      onClick={() => {
        void navigator.clipboard.writeText(location.href).then(() => setCopied(true));
        setTimeout(() => setCopied(false), 2000);
      }}
    >
      <HeadLabel
        icon={isCopied ? 'check' : 'link'}
        words={isCopied ? text('viewer.copied') : text('viewer.copyView')}
      />
    </button>
  );
}

function Keys(): JSX.Element {
  const text = useText();
  const lines = [
    'viewer.keyTime',
    'viewer.keyFocus',
    'viewer.keyPlay',
    'viewer.keyChannels',
    'viewer.keyAuto',
    'viewer.keyTracks',
    'viewer.keyFit',
    'viewer.keyEscape',
  ] as const;
  return (
    <div className="keys" role="dialog" aria-label={text('viewer.keys')}>
      <h2>{text('viewer.keys')}</h2>
      <ul>
        {lines.map((key) => (
          <li key={key}>{text(key)}</li>
        ))}
      </ul>
    </div>
  );
}
