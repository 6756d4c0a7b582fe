import type { Pair, StudyItem } from '@micrarium/model';
import { type SpaceLayout, type SpaceStage, type SpaceState, usualPlay } from '@micrarium/viewer';
import { type JSX, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { LanguageSwitch } from '../app/shell.tsx';
import { useText } from '../messages/text.ts';
import { FilmSaver } from '../viewer/film-saver.tsx';
import type { DrawnStage } from '../viewer/record-film.ts';
import { AxisSlider, PlaySpeed, usePlaying } from '../viewer/sliders.tsx';
import { CopyLink, HeadLabel } from '../viewer/viewer-head.tsx';
import { DetailsPanel } from './details.tsx';
import { ImagePanel } from './image-panel.tsx';
import { LineagePanel } from './lineage-panel.tsx';
import type { SpaceSet } from './open-set.ts';
import { SecondPane } from './second-pane.tsx';
import { filmedSpace, filmOfSet, filmView, legendOfSpace, saveSpacePicture, type ShownSpace } from './save-space.ts';
import { SpacePane } from './space-pane.tsx';
import { LimitsPanel, LookPanel } from './space-panel.tsx';
import { SpaceTable } from './space-table.tsx';
import { useTellPointed } from './tell-pointed.ts';
import { type Pane, usePane } from './use-pane.ts';
import { useSpaceImage } from './use-image.ts';
import { useSpaceKeys } from './use-space-keys.ts';
import { useSpaceView } from './use-space-view.ts';

interface SpaceViewerProps {
  set: SpaceSet;
  /** Title of the study, and path of the file the set is of. */
  title: string;
  path: string;
  /** The confirmed pair with an image, where there is one. */
  pair: Pair | undefined;
  /** All that the study holds. */
  items: readonly StudyItem[];
  /** The set that is seen beside it, and why it is not. */
  other: SpaceSet | undefined;
  otherFailed: Error | undefined;
  /** Chooses the other set. */
  beside: ReactNode;
  setChoice: ReactNode;
}

/** The 4D viewer of one set: space, time, panel and table, all showing one state that the address keeps. */
export function SpaceViewer(props: SpaceViewerProps): JSX.Element {
  const { set, title, path, pair, items, other } = props;
  const text = useText();
  const usual = useMemo(() => usualView(set), [set]);
  const [view, change] = useSpaceView(set.frames, usual);
  const [stage, setStage] = useState<SpaceStage>();
  const [hovered, setHovered] = useState(-1);
  const [usualLayout] = useState(() => ({ hasPanel: innerWidth > 800, hasTable: false }));
  const { hasPanel, hasTable } = view.layout ?? usualLayout;
  const lay = (part: Partial<SpaceLayout>) =>
    change((now) => ({ layout: { ...(now.layout ?? usualLayout), ...part } }));
  const [hoveredLife, setHoveredLife] = useState<number>();
  const image = useSpaceImage(set, pair, view, Math.min(set.frames[1], Math.max(set.frames[0], view.t)));
  const slices = pair ? (items.find(({ id }) => id === pair.imageItem)?.images[pair.image]?.sizes.z ?? 1) : 1;
  const pane = usePane(set, view, hovered, hoveredLife, image.layers, other && { set: other });
  const pointedLife = hovered >= 0 && pane.frame ? lifeOfRow(pane, pane.frame.rows[hovered]) : undefined;
  useTellPointed(pane, hoveredLife ?? pointedLife);
  const [isOtherReady, setOtherReady] = useState(true);
  const isReady = pane.isReady && (other === undefined || isOtherReady);
  const count = set.frames[1] - set.frames[0] + 1;
  const go = useCallback((index: number) => change({ t: index + set.frames[0] }), [change, set]);
  const settled = useMemo(() => ({ isSettled: isReady }), [isReady]);
  const isPlaying = view.isPlaying === true;
  const play = useCallback(
    (wanted: boolean) => (wanted ? change({ isPlaying: true }) : change({}, ['isPlaying'])),
    [change],
  );
  usePlaying({
    stage: settled,
    play: view.play ?? usualPlay,
    index: view.t - set.frames[0],
    count,
    isPlaying,
    go,
    stop: () => play(false),
  });
  const hasEdges = set.summary.counts.edges > 0;
  const shown = useRef<ShownSpace>({ pane, view, stage });
  useEffect(() => {
    shown.current = { pane, view, stage };
  });
  /** What the film saver drives, while a film is being saved. */
  const [filmed, setFilmed] = useState<DrawnStage>();
  const isHelpOpen = useSpaceKeys({ frames: set.frames, change, stage, hasEdges, isPlaying, play });
  const pick = useCallback(
    (id: number | undefined, isSecond: boolean) => {
      if (id === undefined) return change({}, ['selected', 'measured']);
      if (isSecond) return change((now) => (now.selected === undefined ? { selected: id } : { measured: id }));
      change({ selected: id }, ['measured']);
    },
    [change],
  );
  const { accession, version, item } = set.place;
  return (
    <div className="viewer space" data-theme="dark">
      <header className="vtop">
        <h1 className="crumbs">
          <a href={`/studies/${accession}/v/${version}`} title={text('viewer.study')}>
            {title}
          </a>
          {' / '}
          <span>{path}</span>
        </h1>
        <span className="end">
          <a
            className="btn quiet sm"
            href={`/viewer/${accession}/${version}/${pair ? `${pair.imageItem}?image=${pair.image}&t=${view.t + pair.mapping.firstFrame}${view.selected === undefined ? '' : `&object=${view.selected}`}` : item}`}
          >
            <HeadLabel icon="film" words={text('space.film')} />
          </a>
          {hasEdges ? (
            <button
              type="button"
              className="btn quiet sm"
              aria-pressed={view.hasLineage}
              onClick={() => change({ hasLineage: !view.hasLineage })}
            >
              <HeadLabel icon="tracks" words={text('space.lineage')} />
            </button>
          ) : null}
          <CopyLink />
          <button type="button" className="btn quiet sm" onClick={() => void saveSpacePicture({ pane, view, stage })}>
            <HeadLabel icon="down" words={text('viewer.picture')} />
          </button>
          {count > 1 ? (
            <button
              type="button"
              className="btn quiet sm later"
              aria-expanded={filmed !== undefined}
              onClick={() => setFilmed(filmed ? undefined : filmedSpace(shown, change))}
            >
              <HeadLabel icon="film" words={text('viewer.saveFilm')} />
            </button>
          ) : null}
          <button
            type="button"
            className="btn quiet sm"
            aria-pressed={hasTable}
            onClick={() => lay({ hasTable: !hasTable })}
          >
            <HeadLabel icon="table" words={text('space.table')} />
          </button>
          <button
            type="button"
            className="btn quiet sm"
            aria-pressed={hasPanel}
            onClick={() => lay({ hasPanel: !hasPanel })}
          >
            <HeadLabel icon="list" words={text('viewer.panel')} />
          </button>
          <LanguageSwitch />
        </span>
      </header>
      <main className="vmain" id="stage">
        <div className="vview">
          <SpacePane
            pane={pane}
            view={view}
            camera={view.camera}
            title={other ? set.name || path : undefined}
            onCamera={(camera) => change({ camera })}
            onPick={pick}
            onHover={setHovered}
            onStage={setStage}
          />
          {other ? (
            <SecondPane
              key={`${other.place.accession} ${other.place.item} ${other.part}`}
              set={other}
              lead={pane}
              view={view}
              change={change}
              onReady={setOtherReady}
            />
          ) : null}
          {view.hasLineage ? (
            <LineagePanel
              pane={pane}
              view={view}
              change={change}
              hovered={hoveredLife ?? pointedLife}
              onHover={setHoveredLife}
            />
          ) : null}
        </div>
        <div className="axes">
          <AxisSlider
            name={text('viewer.time')}
            value={view.t - set.frames[0]}
            count={count}
            step={stepOf(set)}
            start={startOf(pane)}
            onChange={go}
            isPlaying={isPlaying}
            onPlay={play}
          />
          <div className="axistools">
            <button type="button" className="btn quiet sm" onClick={() => change({}, ['camera'])}>
              {text('viewer.fit')}
            </button>
            {count > 1 ? (
              <PlaySpeed play={view.play ?? usualPlay} onChange={(settings) => change({ play: settings })} />
            ) : null}
          </div>
        </div>
        {hasTable ? (
          <div className="vdrawer">
            <div className="vtab">
              <SpaceTable pane={pane} onSelect={(id) => pick(id, false)} />
            </div>
          </div>
        ) : null}
      </main>
      {hasPanel ? (
        <aside className="vpanel" aria-label={text('viewer.panel')}>
          {props.setChoice}
          {props.beside}
          {props.otherFailed ? (
            <p className="problem">{text('space.failed', { message: props.otherFailed.message })}</p>
          ) : null}
          <LookPanel pane={pane} view={view} change={change} beside={other} />
          {pair ? <ImagePanel set={set} shown={image} view={view} slices={slices} change={change} /> : null}
          <DetailsPanel pane={pane} view={view} change={change} />
          <LimitsPanel pane={pane} view={view} change={change} />
          <Traffic set={set} />
        </aside>
      ) : null}
      {filmed && stage ? (
        <FilmSaver
          image={filmOfSet(set)}
          stage={filmed}
          view={filmView(view, set)}
          legendOf={() => legendOfSpace(shown.current)}
          onClose={() => setFilmed(undefined)}
        />
      ) : null}
      {isHelpOpen ? <SpaceHelp /> : null}
    </div>
  );
}

/** How a set is shown first: sets that divide by lineage, planar sets as circles and points. */
function usualView({ summary }: SpaceSet): Partial<SpaceState> {
  return { colourBy: summary.counts.splits > 0 ? 'lineage' : 'track' };
}

function lifeOfRow({ graph }: Pane, row: number | undefined): number | undefined {
  const life = row === undefined ? undefined : graph?.lives.lifeOfObject[row];
  return life === undefined || life < 0 ? undefined : life;
}

/** Length of a frame, where known. */
function stepOf({ summary }: SpaceSet): { value: number; unit: string } | undefined {
  const { frameInterval, timeUnit } = summary;
  return frameInterval === undefined || timeUnit === undefined ? undefined : { value: frameInterval, unit: timeUnit };
}

/** Time of the first frame: the slider says the same as the stage, also where a file does not count from 0. */
function startOf({ set, frame }: Pane): number {
  const { value } = stepOf(set) ?? { value: 0 };
  if (!frame) return set.frames[0] * value;
  return (frame.time ?? frame.frame * value) - (frame.frame - set.frames[0]) * value;
}

/** What was read for what is seen. */
function Traffic({ set }: { set: SpaceSet }): JSX.Element | null {
  const text = useText();
  return set.slabs.isStoredByTime ? null : <p className="s">{text('space.notByTime')}</p>;
}

function SpaceHelp(): JSX.Element {
  const text = useText();
  const lines = [
    'space.keyTime',
    'viewer.keyPlay',
    'viewer.keySpeed',
    'space.keyTurn',
    'space.keyMouse',
    'space.keyZoom',
    'space.keyView',
    'space.keyMeasure',
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
