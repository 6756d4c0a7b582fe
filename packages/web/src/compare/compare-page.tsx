import {
  type FilmStage,
  type Histogram,
  type ImageSource,
  nowPlaying,
  usualPlay,
  viewStateFromParams,
  viewStateToParams,
  type ViewState,
} from '@micrarium/viewer';
import { type JSX, useCallback, useEffect, useRef, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { PageAnswerFailed } from '../app/failures.tsx';
import { usePageLocation } from '../app/router.tsx';
import { LanguageSwitch } from '../app/shell.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import '../styles/viewer.css';
import '../styles/compare.css';
import { Axes } from '../viewer/axes.tsx';
import { autoWindow, ChannelPanel } from '../viewer/channel-panel.tsx';
import { channelWindows } from '../viewer/channel-windows.ts';
import { whileBeingMade } from '../viewer/being-made.ts';
import { openImage } from '../viewer/open-film.ts';
import { usePlaying } from '../viewer/sliders.tsx';
import { withProjection } from '../viewer/projection-change.ts';
import { nextProjection } from '../viewer/projection-choice.tsx';
import { Stage, zoomStep } from '../viewer/stage.tsx';
import { useHistograms } from '../viewer/use-histograms.ts';
import { firstView, useAddress } from '../viewer/use-view.ts';
import { CopyLink } from '../viewer/viewer-head.tsx';
import {
  afterChange,
  chosenOf,
  type ComparedImage,
  imagesOf,
  type Links,
  linksOf,
  withPlayingOn,
  writeLinks,
} from './linked-views.ts';

interface Opened {
  place: ComparedImage;
  source: ImageSource;
  initial: ViewState;
}

async function openAll(places: readonly ComparedImage[], signal: AbortSignal): Promise<Opened[]> {
  return Promise.all(
    places.map(async (place) => {
      const source = await openImage(place, place.image, signal);
      return { place, source, initial: firstView(source.description, await channelWindows(source, signal)) };
    }),
  );
}

const addressOf = ({ accession, version, item, image }: ComparedImage) =>
  `/viewer/${accession}/${version}/${item}${image > 0 ? `?image=${image}` : ''}`;

/** `/compare?image=…&image=…`: two to four images side by side, with linked axes, position and contrast. */
export function ComparePage(): JSX.Element {
  const text = useText();
  const { search } = usePageLocation();
  const listed = search['image'];
  const places = imagesOf(listed === undefined ? [] : Array.isArray(listed) ? listed : [listed]);
  useTitle(text('compare.title'));
  const opened = useAnswer({
    queryKey: ['compared', places],
    queryFn: ({ signal }) => openAll(places, signal),
    enabled: places.length > 0,
    ...whileBeingMade,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (places.length === 0)
    return (
      <main className="wrap plain">
        <h1>{text('compare.title')}</h1>
        <p className="prose">{text('compare.none')}</p>
      </main>
    );
  if (opened.error) return <PageAnswerFailed error={opened.error} again={() => void opened.refetch()} />;
  if (!opened.data) return <p className="viewer opening">{text('viewer.opening')}</p>;
  return <Compared key={JSON.stringify(places)} images={opened.data} />;
}

/** Views and links as state, with the address following them. */
function useLinkedViews(images: readonly Opened[]) {
  const [links, setLinks] = useState(() => linksOf(new URLSearchParams(location.search).get('link')));
  const [views, setViews] = useState(() => {
    const kept = new URLSearchParams(location.search).getAll('view');
    return images.map(({ source, initial }, at) =>
      viewStateFromParams(new URLSearchParams(kept[at] ?? ''), initial, source.description.sizes),
    );
  });
  const linksNow = useRef(links);
  useEffect(() => {
    linksNow.current = links;
  }, [links]);
  const change = useCallback(
    (at: number, wanted: Partial<ViewState> | ((now: ViewState) => Partial<ViewState>)) =>
      setViews((now) => {
        const part = typeof wanted === 'function' ? wanted(now[at]!) : wanted;
        const shown = images.map(({ source }) => source.description);
        return afterChange(now, shown, at, part, linksNow.current);
      }),
    [images],
  );
  const [chosen, setChosen] = useState(() =>
    chosenOf(new URLSearchParams(location.search).get('chosen'), images.length),
  );
  useAddress(
    useCallback(() => {
      const params = new URLSearchParams();
      for (const { place } of images)
        params.append('image', [place.accession, place.version, place.item, place.image].join('.'));
      const link = writeLinks(links);
      if (link !== undefined) params.set('link', link);
      if (chosen > 0) params.set('chosen', String(chosen + 1));
      for (const view of views) params.append('view', viewStateToParams(view).toString());
      return params.toString();
    }, [images, links, views, chosen]),
  );
  // What is played is played on the chosen image.
  const choose = useCallback((at: number) => {
    setViews((now) => withPlayingOn(now, at));
    setChosen(at);
  }, []);
  return { views, change, links, setLinks, chosen, choose };
}

interface CompareKeys {
  count: number;
  sizes: { t: number; z: number };
  stage: FilmStage | undefined;
  histograms: (Histogram | undefined)[];
  change(wanted: (now: ViewState) => Partial<ViewState>): void;
  choose(at: number): void;
  isTimePlaying: boolean;
  playTime(isPlaying: boolean): void;
}

/** Screen pixels the film moves by a key. */
const moveStep = 60;

/** Keys do with the chosen image what they do in the viewer; 1 to 4 choose one. */
function useCompareKeys({
  count,
  sizes,
  stage,
  histograms,
  change,
  choose,
  isTimePlaying,
  playTime,
}: CompareKeys): void {
  useEffect(() => {
    const step = (key: 't' | 'z', by: number) =>
      change((now) => ({ [key]: Math.min(sizes[key] - 1, Math.max(0, now[key] + by)) }));
    const actions: Readonly<Record<string, () => void>> = {
      ArrowRight: () => step('t', 1),
      ArrowLeft: () => step('t', -1),
      ArrowUp: () => step('z', 1),
      ArrowDown: () => step('z', -1),
      'shift ArrowRight': () => stage?.moveBy(moveStep, 0),
      'shift ArrowLeft': () => stage?.moveBy(-moveStep, 0),
      'shift ArrowUp': () => stage?.moveBy(0, -moveStep),
      'shift ArrowDown': () => stage?.moveBy(0, moveStep),
      ' ': () => playTime(!isTimePlaying),
      '+': () => stage?.zoomTo(stage.zoom * zoomStep),
      '=': () => stage?.zoomTo(stage.zoom * zoomStep),
      '-': () => stage?.zoomTo(stage.zoom / zoomStep),
      '0': () => stage?.zoomTo(1),
      r: () => {
        const camera = stage?.fitted();
        if (camera) change(() => ({ camera }));
      },
      p: () => {
        if (sizes.z > 1) change((now) => withProjection(now, nextProjection(now.projection, sizes.z)));
      },
      a: () =>
        change((now) => ({
          channels: now.channels.map((one, at) => {
            const histogram = histograms[at];
            return histogram ? { ...one, window: autoWindow(histogram) } : one;
          }),
        })),
    };
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target.closest('input:not([type=checkbox]), select, textarea')
      )
        return;
      if (event.key === ' ' && target.closest('button, input, a')) return;
      const chosen = Number(event.key) - 1;
      const isMove = event.shiftKey && event.key.startsWith('Arrow');
      const action =
        actions[isMove ? `shift ${event.key}` : event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (chosen >= 0 && chosen < count) choose(chosen);
      else if (action) action();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [count, sizes, stage, histograms, change, choose, isTimePlaying, playTime]);
}

function Compared({ images }: { images: Opened[] }): JSX.Element {
  const text = useText();
  const { views, change, links, setLinks, chosen, choose } = useLinkedViews(images);
  const [stages, setStages] = useState<readonly (FilmStage | undefined)[]>([]);
  const keepStage = useCallback(
    (at: number, stage: FilmStage | undefined) =>
      setStages((now) => images.map((_, index) => (index === at ? stage : now[index]))),
    [images],
  );
  const { source, initial } = images[chosen]!;
  const view = views[chosen]!;
  const { sizes } = source.description;
  const histograms = useHistograms(stages[chosen], view);
  const changeChosen = useCallback(
    (wanted: Partial<ViewState> | ((now: ViewState) => Partial<ViewState>)) => change(chosen, wanted),
    [change, chosen],
  );
  const play = view.play ?? usualPlay;
  const stage = stages[chosen];
  const isTimePlaying = view.playing?.includes('t') ?? false;
  const playTime = useCallback(
    (isPlaying: boolean) => changeChosen((now) => ({ playing: nowPlaying(now.playing, 't', isPlaying) })),
    [changeChosen],
  );
  usePlaying({
    stage,
    play,
    index: view.t,
    count: sizes.t,
    isPlaying: isTimePlaying,
    stop: () => playTime(false),
    go: (t) => changeChosen({ t }),
    readAhead: (times) => stage?.readAhead(...times.map((t) => ({ ...view, t }))),
  });
  useCompareKeys({
    count: images.length,
    sizes,
    stage,
    histograms,
    change: changeChosen,
    choose,
    isTimePlaying,
    playTime,
  });
  return (
    <div className="viewer compare" data-theme="dark">
      <header className="vtop">
        <h1 className="crumbs">{text('compare.title')}</h1>
        <LinkSwitches links={links} onChange={setLinks} />
        <span className="end">
          <CopyLink />
          <LanguageSwitch />
        </span>
      </header>
      <main className="vmain" id="stage">
        <div className={`cgrid n${images.length}`}>
          {images.map((one, at) => (
            <Pane
              key={JSON.stringify(one.place)}
              opened={one}
              at={at}
              view={views[at]!}
              isChosen={at === chosen}
              stage={stages[at]}
              change={change}
              onStage={keepStage}
              onChoose={choose}
            />
          ))}
        </div>
        <Axes image={source.description} stage={stage} view={view} change={changeChosen} />
      </main>
      <aside className="vpanel" aria-label={text('viewer.panel')}>
        <p className="m2 xs">{text('compare.chosen', { name: source.description.name })}</p>
        <ChannelPanel
          image={source.description}
          channels={view.channels}
          histograms={histograms}
          onChange={(channels) => changeChosen({ channels })}
          onReset={() => changeChosen({ channels: initial.channels })}
        />
        <p className="m3 xs">{text('compare.keys')}</p>
      </aside>
    </div>
  );
}

function LinkSwitches({ links, onChange }: { links: Links; onChange(links: Links): void }): JSX.Element {
  const text = useText();
  const switches = [
    ['axes', text('compare.axes')],
    ['position', text('compare.position')],
    ['contrast', text('compare.contrast')],
  ] as const;
  return (
    <fieldset className="clinks">
      <legend className="hid">{text('compare.links')}</legend>
      <span className="m2" aria-hidden="true">
        {text('compare.links')}
      </span>
      {switches.map(([name, words]) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={links[name]}
            onChange={(event) => onChange({ ...links, [name]: event.target.checked })}
          />
          {words}
        </label>
      ))}
    </fieldset>
  );
}

interface PaneProps {
  opened: Opened;
  at: number;
  view: ViewState;
  isChosen: boolean;
  stage: FilmStage | undefined;
  change(at: number, wanted: Partial<ViewState> | ((now: ViewState) => Partial<ViewState>)): void;
  onStage(at: number, stage: FilmStage | undefined): void;
  onChoose(at: number): void;
}

/** One of the images. */
function Pane({ opened, at, view, isChosen, stage, change, onStage, onChoose }: PaneProps): JSX.Element {
  const text = useText();
  const { source, place } = opened;
  const changeOwn = useCallback(
    (wanted: Partial<ViewState> | ((now: ViewState) => Partial<ViewState>)) => change(at, wanted),
    [change, at],
  );
  const keepOwn = useCallback((made: FilmStage | undefined) => onStage(at, made), [onStage, at]);
  const { name } = source.description;
  return (
    <section className={isChosen ? 'cpane on' : 'cpane'} onPointerDown={() => onChoose(at)} aria-label={name}>
      <h2>
        <button type="button" className="plainlink" aria-pressed={isChosen} onClick={() => onChoose(at)}>
          {`${at + 1} · ${name}`}
        </button>
        <a className="l xs" href={addressOf(place)}>
          {text('compare.open')}
        </a>
      </h2>
      <Stage
        source={source}
        planeTimes={source.description.planeTimes}
        view={view}
        overlay={undefined}
        tool="move"
        change={changeOwn}
        select={() => {}}
        stage={stage}
        onStage={keepOwn}
      >
        {null}
      </Stage>
    </section>
  );
}
