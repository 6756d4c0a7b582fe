import type {
  FilmStage,
  ImageSource,
  StageTool,
  TrackOverlay,
  ViewLayout,
  ViewState,
  Volume,
  VolumeStage,
} from '@micrarium/viewer';
import { nowPlaying, usualPlay, volumeSpace } from '@micrarium/viewer';
import { type JSX, type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { LanguageSwitch } from '../app/shell.tsx';
import { useText } from '../messages/text.ts';
import type { PagePath } from '../app/location.ts';
import { type Annotated, AnnotationsPanel } from './annotations-panel.tsx';
import { Axes } from './axes.tsx';
import { ChannelPanel } from './channel-panel.tsx';
import { Drawer } from './drawer.tsx';
import { FilmSaver } from './film-saver.tsx';
import { LabelsPanel, useLabels } from './labels-panel.tsx';
import { LinePanel } from './line-panel.tsx';
import { MarksPanel } from './marks-panel.tsx';
import type { RawFold } from './metadata-panel.tsx';
import type { Measures } from './plots.tsx';
import { useSelecting } from './use-selecting.ts';
import { saveUrl } from './save.ts';
import { SectionsView } from './sections-view.tsx';
import { usePlaying } from './sliders.tsx';
import { paintPicture, pngOf } from './snapshot.ts';
import { StageTools } from './stage-tools.tsx';
import { Stage, stampOf } from './stage.tsx';
import { SelectedObject, TracksPanel } from './tracks-panel.tsx';
import { useHistograms } from './use-histograms.ts';
import { useLitFromElsewhere } from './use-lit.ts';
import { useMarks } from './use-marks.ts';
import { firstLayout, firstView, useView } from './use-view.ts';
import { useViewerKeys } from './use-viewer-keys.ts';
import { ViewerBar } from './viewer-bar.tsx';
import { Keys } from './viewer-head.tsx';
import { VolumePanel } from './volume-panel.tsx';
import { VolumeView, withVolume } from './volume-view.tsx';

interface FilmViewerProps {
  source: ImageSource;
  /** Does the stage show a film, or only objects on black? */
  hasFilm: boolean;
  /** Small picture of the film, until its pixels are there. */
  standIn?: string | undefined;
  /** Seconds of each frame as the deposited file has them. */
  planeTimes: number[] | undefined;
  /** What is known of the image. */
  metadata(raw: RawFold): ReactNode;
  /** What is said of the image and its parts; left out for images of no study. */
  annotated?: Annotated | undefined;
  /** Are there tracks that are still being read? */
  isOpeningTracks: boolean;
  /** Why the tracks could not be read. */
  tracksFailure: Error | undefined;
  windows: readonly (readonly [number, number])[];
  overlay: TrackOverlay | undefined;
  /** The set of the overlay, as other windows know it. */
  setKey?: string | undefined;
  measures: Measures | undefined;
  /** The page with all measures of the tracks. */
  measuresPath: PagePath | undefined;
  /** What the tracks can be taken away as. */
  downloads: ReactNode;
  head: ReactNode;
  films: ReactNode;
  setChoice: ReactNode;
}

/** The viewer of one film: stage, sliders, panel and drawer, all showing one state that the address keeps. */
export function FilmViewer(props: FilmViewerProps): JSX.Element {
  const { source, hasFilm, windows, overlay, measures, downloads, annotated, metadata } = props;
  const text = useText();
  const image = source.description;
  const initial = useMemo(() => firstView(image, windows), [image, windows]);
  const [view, change] = useView(image, initial);
  const [usualLayout] = useState(firstLayout);
  const layout = view.layout ?? usualLayout;
  const { hasPanel, hasDrawer, tab } = layout;
  const lay = useCallback(
    (part: Partial<ViewLayout>) => change((now) => ({ layout: { ...(now.layout ?? usualLayout), ...part } })),
    [change, usualLayout],
  );
  const [stage, setStage] = useState<FilmStage>();
  const [volumeStage, setVolumeStage] = useState<VolumeStage>();
  const [volume, setVolume] = useState<Volume>();
  const drawn = view.volume ? volumeStage : stage;
  const isTimePlaying = view.playing?.includes('t') ?? false;
  const playTime = useCallback(
    (isPlaying: boolean) => change((now) => ({ playing: nowPlaying(now.playing, 't', isPlaying) })),
    [change],
  );
  usePlaying({
    stage: drawn,
    play: view.play ?? usualPlay,
    index: view.t,
    count: image.sizes.t,
    isPlaying: isTimePlaying,
    stop: () => playTime(false),
    go: (t) => change({ t }),
    readAhead: (times) => (view.volume ? undefined : stage?.readAhead(...times.map((t) => ({ ...view, t })))),
  });
  const histograms = useHistograms(drawn, view);
  const labels = useLabels(source, stage);
  useEffect(() => stage?.setRegions(annotated?.regions ?? []), [stage, annotated]);
  useLitFromElsewhere(props.setKey, overlay, stage);
  const tool = view.tool ?? 'move';
  const marking = useMarks(tool, change, stage);
  const [hasMiddle, setMiddle] = useState(false);
  const toMiddle = useCallback(() => setMiddle(true), []);
  const onHand = useCallback(() => setMiddle(false), []);
  const [isSavingFilm, setSavingFilm] = useState(false);
  const { stop: stopMarking } = marking;
  const chooseTool = useCallback(
    (wanted: StageTool) => {
      stopMarking();
      // The sections stand where one looks, until a click says where else.
      change((now) => ({
        tool: wanted,
        ...(wanted === 'place'
          ? {
              sections: now.sections ?? {
                x: Math.round(now.camera?.x ?? image.sizes.x / 2),
                y: Math.round(now.camera?.y ?? image.sizes.y / 2),
              },
            }
          : {}),
      }));
    },
    [change, image, stopMarking],
  );
  const isHelpOpen = useViewerKeys({
    tool,
    chooseTool,
    marking,
    toMiddle,
    image,
    change,
    histograms,
    stage,
    volume: volumeStage,
    initial,
    isTimePlaying,
    playTime,
  });
  const legendOf = (shown: ViewState) => ({
    source,
    // Of a volume: screen pixels per unit of its space.
    zoom: volumeStage ? volumeStage.zoom * volumeSpace(image).spacing.x : (shown.camera?.zoom ?? stage?.zoom ?? 1),
    stamp: stampOf(source, props.planeTimes, shown.t),
  });
  const savePicture = async () => {
    if (!drawn) return;
    const png = await pngOf(paintPicture(drawn, legendOf(view)));
    saveUrl(`${image.name || 'view'}.png`, URL.createObjectURL(png));
  };
  // Parts that do not change from plane to plane are made once: a film that plays changes the view many times a second.
  const channelPanel = useMemo(
    () =>
      hasFilm ? (
        <ChannelPanel
          image={image}
          channels={view.channels}
          histograms={histograms}
          onChange={(channels) => change({ channels })}
          onReset={() => change({ channels: initial.channels })}
        />
      ) : null,
    [hasFilm, image, view.channels, histograms, change, initial],
  );
  const metadataPanel = useMemo(
    () =>
      metadata({
        isOpen: layout.raw === true,
        onToggle: (isOpen) => lay({ raw: isOpen || undefined } as Partial<ViewLayout>),
      }),
    [metadata, layout.raw, lay],
  );
  const [select, reveal] = useSelecting({ overlay, image, stage, change });
  return (
    <div className="viewer" data-theme="dark">
      <header className="vtop">
        {props.head}
        <span className="end">
          <ViewerBar
            image={image}
            view={view}
            change={change}
            hasFilm={hasFilm}
            hasObjects={overlay !== undefined}
            layout={{ hasPanel, hasDrawer, tab }}
            lay={lay}
            onPicture={() => void savePicture()}
            isSavingFilm={isSavingFilm}
            onFilm={() => setSavingFilm(!isSavingFilm)}
          />
          <LanguageSwitch />
        </span>
      </header>
      {props.films}
      <main className="vmain" id="stage">
        <div className="vview">
          {view.volume ? (
            <VolumeView
              source={source}
              planeTimes={props.planeTimes}
              view={view}
              change={change}
              stage={volumeStage}
              onStage={setVolumeStage}
              onVolume={setVolume}
            />
          ) : (
            <Stage
              source={source}
              standIn={props.standIn}
              planeTimes={props.planeTimes}
              view={view}
              overlay={overlay}
              tool={tool}
              change={change}
              select={select}
              stage={stage}
              onStage={setStage}
              onMarkPoint={marking.addPoint}
              hasMiddle={hasMiddle}
              onHand={onHand}
            >
              {hasFilm ? <StageTools tool={tool} hasSections={image.sizes.z > 1} onChange={chooseTool} /> : null}
            </Stage>
          )}
          {view.sections && !view.volume ? (
            <SectionsView
              source={source}
              view={view}
              change={change}
              onClose={() => {
                change({ sections: undefined, tool: 'move' } as unknown as Partial<ViewState>);
              }}
            />
          ) : null}
        </div>
        <Axes image={image} stage={drawn} view={view} change={change} />
        {hasDrawer && overlay ? (
          <Drawer
            overlay={overlay}
            measures={measures}
            downloads={downloads}
            measuresPath={props.measuresPath}
            view={view}
            tab={tab}
            onTab={(wanted) => lay({ tab: wanted })}
            change={change}
            select={reveal}
          />
        ) : null}
      </main>
      {hasPanel ? (
        <aside className="vpanel" aria-label={text('viewer.panel')}>
          {channelPanel}
          {view.volume ? (
            <VolumePanel
              image={image}
              levels={source.levels.length}
              state={view.volume}
              volume={volume}
              onChange={(part) => change(withVolume(part))}
            />
          ) : null}
          <LabelsPanel
            labels={view.volume ? [] : labels}
            state={view.labels}
            onChange={(shown) => change({ labels: shown } as unknown as Partial<ViewState>)}
          />
          {view.line && !view.volume ? (
            <LinePanel
              source={source}
              view={view}
              onChange={(line) => change({ line } as unknown as Partial<ViewState>)}
            />
          ) : null}
          {view.volume ? null : <MarksPanel image={image} view={view} onChange={(marks) => change({ marks })} />}
          {hasFilm ? null : <p className="s">{text('viewer.noFilm')}</p>}
          {props.setChoice}
          {view.volume ? (
            <p className="s">{text('volume.noObjects')}</p>
          ) : overlay ? (
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
          {overlay && !view.volume ? (
            <SelectedObject
              overlay={overlay}
              id={view.selected}
              said={annotated?.annotations}
              onClear={() => select(undefined)}
            />
          ) : null}
          {annotated ? (
            <AnnotationsPanel
              annotated={annotated}
              view={view}
              change={change}
              isAll={layout.said === true}
              onAll={() => lay({ said: true })}
            />
          ) : null}
          {metadataPanel}
        </aside>
      ) : null}
      {isSavingFilm && drawn ? (
        <FilmSaver image={image} stage={drawn} view={view} legendOf={legendOf} onClose={() => setSavingFilm(false)} />
      ) : null}
      {isHelpOpen ? <Keys isVolume={view.volume !== undefined} /> : null}
    </div>
  );
}
