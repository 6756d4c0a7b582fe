import type { ImageDescription, Pair, TrackSet } from '@micrarium/model';
import { type ImageSource, layOver, type TrackOverlay } from '@micrarium/viewer';
import { type JSX, useMemo, useState } from 'react';
import { api, routes } from '../app/api.ts';
import { useAnswer } from '../app/answers.ts';
import { PageAnswerFailed } from '../app/failures.tsx';
import { Link, usePageLocation } from '../app/router.tsx';
import { ShareButton } from '../embed/share-dialog.tsx';
import { useText } from '../messages/text.ts';
import '../styles/viewer.css';
import { shownTitle } from '@micrarium/standards';
import { whileBeingMade } from './being-made.ts';
import { Downloads } from './downloads.tsx';
import { channelWindows } from './channel-windows.ts';
import { FilmViewer } from './film-viewer.tsx';
import { MetadataPanel } from './metadata-panel.tsx';
import { keyOfSet } from './pointed-cell.ts';
import { emptyStage, type FilmPlace, openImage, openTrackSet, pairsOfImage, thumbnailUrl } from './open-film.ts';

type Version = Awaited<ReturnType<typeof getVersion>>;
const getVersion = (accession: string, version: number, signal: AbortSignal) =>
  api.call(routes.getVersion, { params: { accession, version }, signal });

/** A track set that can be laid over the shown film. */
interface OverlayChoice {
  place: FilmPlace;
  part: number;
  name: string;
  /** Left out for objects without a film. */
  pair?: Pair;
}

/** Tries again while a form is being made. */
const whileMaking = {
  ...whileBeingMade,
  staleTime: Number.POSITIVE_INFINITY,
} as const;

/** `/viewer/$accession/$version/$item`: a film of a published version with its tracks, or objects without a film. */
export function ViewerPage({ isEmbedded = false }: { isEmbedded?: boolean }): JSX.Element {
  const text = useText();
  const { accession, version, item } = usePageLocation().params as Record<'accession' | 'version' | 'item', string>;
  const study = useAnswer({
    queryKey: ['version', accession, version],
    queryFn: ({ signal }) => getVersion(accession, Number(version), signal),
  });
  if (study.error) return <PageAnswerFailed error={study.error} again={() => void study.refetch()} />;
  if (!study.data) return <p className="viewer opening">{text('viewer.opening')}</p>;
  return (
    <Film key={item} study={study.data} place={{ accession, version: Number(version), item }} isEmbedded={isEmbedded} />
  );
}

function choicesFor(study: Version, place: FilmPlace, image: number): OverlayChoice[] {
  const pairs = pairsOfImage(study.pairs as Pair[], place.item, image).map((pair) => {
    const item = study.items.find((one) => one.id === pair.trackItem);
    return {
      place: { ...place, item: pair.trackItem },
      part: pair.part,
      name: item?.trackSets[pair.part]?.name ?? item?.path ?? '',
      pair,
    };
  });
  const own = study.items.find((one) => one.id === place.item);
  const alone =
    own && own.images.length === 0 ? own.trackSets.map((set) => ({ place, part: set.part, name: set.name })) : [];
  return [...pairs, ...alone];
}

interface FilmProps {
  study: Version;
  place: FilmPlace;
  /** In a frame of another site: no ways to other images, and one out to the full viewer. */
  isEmbedded: boolean;
}

function Film({ study, place, isEmbedded }: FilmProps): JSX.Element {
  const text = useText();
  const params = new URLSearchParams(location.search);
  const image = Number(params.get('image') ?? 0) || 0;
  const [set, setSet] = useState(Number(params.get('set') ?? 0) || 0);
  const chooseSet = (wanted: number) => {
    setSet(wanted);
    // The view keeps this part of the address as it finds it.
    const address = new URLSearchParams(location.search);
    address.set('set', String(wanted));
    history.replaceState(history.state, '', `${location.pathname}?${address}`);
  };
  const item = study.items.find((one) => one.id === place.item);
  const hasFilm = (item?.images.length ?? 0) > image;
  const choices = useMemo(() => choicesFor(study, place, image), [study, place, image]);
  const choice = choices[set] ?? choices[0];
  const film = useAnswer({
    queryKey: ['film', place, image],
    queryFn: ({ signal }) => openWithWindows(place, image, signal),
    enabled: hasFilm,
    ...whileMaking,
  });
  const tracks = useAnswer({
    queryKey: ['tracks', choice?.place, choice?.part],
    queryFn: ({ signal }) => openTrackSet(choice!.place, choice!.part, signal),
    enabled: choice !== undefined,
    ...whileMaking,
  });
  const measures = useAnswer({
    queryKey: ['measures', choice?.place, choice?.part],
    queryFn: ({ signal }) =>
      api.call(routes.getMeasures, { params: choice!.place, query: { part: choice!.part }, signal }),
    enabled: choice !== undefined,
  });
  const said = useAnswer({
    queryKey: ['annotations', place, image],
    queryFn: ({ signal }) => api.call(routes.getImageAnnotations, { params: { ...place, image }, signal }),
    enabled: hasFilm,
  });
  const shown = useMemo(() => assemble(film.data, tracks.data, choice), [film.data, tracks.data, choice]);
  const failed = film.error ?? (hasFilm ? undefined : tracks.error);
  if (failed)
    return <PageAnswerFailed error={failed} again={() => void (hasFilm ? film.refetch() : tracks.refetch())} />;
  // Neither a film nor objects were made of the item: there is nothing to wait for.
  const standIn = hasFilm ? thumbnailUrl(place, image) : undefined;
  if (!shown)
    return (
      <div className="viewer opening">
        {standIn ? <img className="vstandin" src={standIn} alt="" /> : null}
        <p role="status">{text(hasFilm || choice ? 'viewer.opening' : 'viewer.unreadable')}</p>
      </div>
    );
  return (
    <FilmViewer
      {...shown}
      hasFilm={hasFilm}
      standIn={standIn}
      planeTimes={(item?.images[image] as ImageDescription | undefined)?.planeTimes}
      metadata={(raw) =>
        item && hasFilm ? (
          <MetadataPanel
            raw={raw}
            image={item.images[image] as ImageDescription}
            index={image}
            source={{ place, path: item.path, format: item.format, conversions: item.conversions }}
          />
        ) : null
      }
      annotated={said.data}
      isOpeningTracks={choice !== undefined && tracks.isPending}
      tracksFailure={tracks.error ?? undefined}
      setKey={choice && keyOfSet(choice.place, choice.part)}
      measures={measures.data}
      measuresPath={
        choice && (measures.data?.tracks.length ?? 0) > 0
          ? `/measures/${choice.place.accession}/${choice.place.version}/${choice.place.item}?part=${choice.part}`
          : undefined
      }
      downloads={choice ? <Downloads place={choice.place} part={choice.part} /> : null}
      head={
        isEmbedded ? (
          <EmbeddedHead study={study} place={place} />
        ) : (
          <Head study={study} place={place} image={image} hasFilm={hasFilm} choice={choice} />
        )
      }
      films={isEmbedded ? null : <Films study={study} place={place} image={image} />}
      setChoice={
        choices.length > 1 ? (
          <label className="row">
            <span>{text('viewer.trackSet')}</span>
            <select value={set} onChange={(event) => chooseSet(Number(event.target.value))}>
              {choices.map((one, index) => (
                <option key={`${one.place.item} ${one.part}`} value={index}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
        ) : null
      }
    />
  );
}

interface OpenedFilm {
  source: ImageSource;
  windows: [number, number][];
}

/** Opens a film and the window of every channel: the file's own, else from the middle plane. */
async function openWithWindows(place: FilmPlace, image: number, signal: AbortSignal): Promise<OpenedFilm> {
  const source = await openImage(place, image, signal);
  return { source, windows: await channelWindows(source, signal) };
}

function assemble(
  film: OpenedFilm | undefined,
  tracks: TrackSet | undefined,
  choice: OverlayChoice | undefined,
): { source: ImageSource; windows: [number, number][]; overlay: TrackOverlay | undefined } | undefined {
  if (film) return { ...film, overlay: tracks && choice?.pair ? layOver(tracks, choice.pair.mapping) : undefined };
  if (!tracks || choice?.pair) return undefined;
  const { source, mapping } = emptyStage(tracks);
  return { source, windows: [[0, 255]], overlay: layOver(tracks, mapping) };
}

interface HeadProps {
  study: Version;
  place: FilmPlace;
}

/** In a frame: what is seen, and a way to the full viewer with the same view, beside the page that holds the frame. */
function EmbeddedHead({ study, place }: HeadProps): JSX.Element {
  const text = useText();
  const title = shownTitle(study.metadata.values.title, place.accession);
  return (
    <h1 className="crumbs">
      <a
        href={`/viewer/${place.accession}/${place.version}/${place.item}`}
        target="_blank"
        rel="noopener"
        title={text('embed.full')}
        onClick={(event) => {
          event.currentTarget.href = location.href.replace('/embed/', '/viewer/');
        }}
      >
        {title}
      </a>
    </h1>
  );
}

interface FullHeadProps extends HeadProps {
  image: number;
  hasFilm: boolean;
  choice: OverlayChoice | undefined;
}

function Head({ study, place, image, hasFilm, choice }: FullHeadProps): JSX.Element {
  const text = useText();
  const item = study.items.find((one) => one.id === place.item);
  const title = shownTitle(study.metadata.values.title, place.accession);
  return (
    <>
      <h1 className="crumbs">
        <a href={`/studies/${place.accession}/v/${place.version}`} title={text('viewer.study')}>
          {title}
        </a>
        {' / '}
        <span>{item?.path}</span>
      </h1>
      {choice ? (
        <Link
          className="btn quiet sm"
          to={`/space/${place.accession}/${place.version}/${choice.place.item}`}
          search={{ set: choice.part }}
        >
          {text('viewer.space')}
        </Link>
      ) : null}
      <ShareButton
        {...place}
        image={image}
        title={title}
        items={study.items.map(({ id }) => id)}
        hasImage={hasFilm}
        dataset={
          study.datasets.find(({ imageItems, quantitativeItems }) =>
            [...imageItems, ...quantitativeItems].includes(place.item),
          )?.id
        }
      />
    </>
  );
}

function Films({ study, place, image }: { study: Version; place: FilmPlace; image: number }): JSX.Element | null {
  const text = useText();
  const films = study.items.flatMap((item) =>
    item.images.map((one, index) => ({ item: item.id, index, name: one.name || item.path })),
  );
  if (films.length < 2) return null;
  return (
    <nav className="vfilms" aria-label={text('viewer.images')}>
      {films.map((film) => (
        <a
          key={`${film.item} ${film.index}`}
          href={`/viewer/${place.accession}/${place.version}/${film.item}?image=${film.index}`}
          aria-current={film.item === place.item && film.index === image ? 'page' : undefined}
        >
          <img src={thumbnailUrl({ ...place, item: film.item }, film.index)} alt="" loading="lazy" />
          <span>{film.name}</span>
        </a>
      ))}
    </nav>
  );
}
