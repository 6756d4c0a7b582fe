import { openRemoteZarr, type RemoteChoice, RemoteZarrError } from '@micrarium/formats';
import { type JSX, useEffect } from 'react';
import { useAnswer } from '../app/answers.ts';
import { usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import '../styles/embed.css';
import '../styles/viewer.css';
import { channelWindows } from '../viewer/channel-windows.ts';
import { failureWords } from '../viewer/failure-words.ts';
import { FilmViewer } from '../viewer/film-viewer.tsx';
import { MetadataPanel } from '../viewer/metadata-panel.tsx';
import { unpackInWorkers } from '../workers/chunk-pool.ts';

/** Which image of the address is shown: of a series or a plate, and which field of its well. */
interface Place {
  image: number;
  field: number;
}

/** Opens an address and what its first view needs. @throws RemoteZarrError */
async function open(address: string, place: Place, signal: AbortSignal) {
  unpackInWorkers();
  const { image: source, choices, issues } = await openRemoteZarr(address, { ...place, signal });
  if (!source) throw new NoImage(issues.map(({ message }) => message).join(' '));
  return { source, choices, windows: await channelWindows(source, signal) };
}

/** An OME-Zarr in which no image can be shown; the message says why. */
class NoImage extends Error {
  override readonly name = 'NoImage';
}

/** What an address looks like. */
const example = 'https://example.org/data/image.ome.zarr';

/** `/open?url=…`: the viewer on an OME-Zarr that lies elsewhere. The page itself fetches it; our server never does. */
export function OpenPage(): JSX.Element {
  const text = useText();
  const { search } = usePageLocation();
  const url = typeof search['url'] === 'string' ? search['url'].trim() : '';
  const indexOf = (name: string) => Math.max(0, Math.trunc(Number(search[name]) || 0));
  const place = { image: indexOf('image'), field: indexOf('field') };
  const opened = useAnswer({
    queryKey: ['remote', url, place.image, place.field],
    queryFn: ({ signal }) => open(url, place, signal),
    enabled: url !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useTitle(text('open.title'));
  if (opened.data)
    return <Opened {...opened.data} url={url} place={place} key={`${url} ${place.image} ${place.field}`} />;
  return (
    <main className="wrap plain openpage">
      <h1>{text('open.title')}</h1>
      <p className="prose">{text('open.about')}</p>
      {/* A form of the browser's own: the page that comes may fetch from the server in its address, and no other may. */}
      <form action="/open" method="get" className="openform">
        <label className="field-in">
          <span className="hid">{text('open.address')}</span>
          <input
            name="url"
            type="text"
            inputMode="url"
            required
            spellCheck={false}
            autoComplete="off"
            defaultValue={url}
            placeholder={example}
          />
        </label>
        <button type="submit" className="btn primary">
          {text('open.open')}
        </button>
      </form>
      {opened.isFetching ? (
        <p className="m2" role="status">
          {text('open.opening')}
        </p>
      ) : null}
      {opened.error ? <Failed error={opened.error} url={url} /> : null}
      <p className="s m2">{text('open.privacy')}</p>
    </main>
  );
}

const faultKeys: Readonly<Record<RemoteZarrError['fault'], MessageKey>> = {
  'no-address': 'open.noAddress',
  'no-answer': 'open.noAnswer',
  refused: 'open.refused',
  'no-zarr': 'open.noZarr',
};

function Failed({ error, url }: { error: Error; url: string }): JSX.Element {
  const text = useText();
  const host = URL.canParse(url) ? new URL(url).host : url;
  return (
    <div className="problem" role="alert">
      {error instanceof NoImage ? (
        <p>{text('open.noImage', { message: error.message })}</p>
      ) : error instanceof RemoteZarrError ? (
        <p>{text(faultKeys[error.fault], { host, status: String(error.status ?? '') })}</p>
      ) : (
        <p>{text('open.failed', { message: failureWords(error, text) })}</p>
      )}
    </div>
  );
}

interface OpenedProps extends Awaited<ReturnType<typeof open>> {
  url: string;
  place: Place;
}

const choiceKeys: Readonly<Record<RemoteChoice['kind'], MessageKey>> = {
  well: 'open.well',
  field: 'open.field',
  series: 'open.series',
};

/** The wells, fields or images that lie at the address, to be chosen from. Each is a page of its own. */
function Choices({ choices, url, place }: Pick<OpenedProps, 'choices' | 'url' | 'place'>): JSX.Element {
  const text = useText();
  const go = (kind: RemoteChoice['kind'], index: number) => {
    // The fields of a well are counted beside it; those of an address that is a well stand for its images.
    const isField = kind === 'field' && choices.some((one) => one.kind === 'well');
    const [image, field] = isField ? [place.image, index] : [index, 0];
    const shown = { url, image: String(image), ...(field > 0 ? { field: String(field) } : {}) };
    location.assign(`/open?${new URLSearchParams(shown)}`);
  };
  return (
    <>
      {choices
        .filter(({ names }) => names.length > 1)
        .map(({ kind, names, chosen }) => (
          <label key={kind} className="row vchoice">
            <span>{text(choiceKeys[kind])}</span>
            <select value={chosen} onChange={({ target }) => go(kind, Number(target.value))}>
              {names.map((name, index) => (
                <option key={`${index} ${name}`} value={index}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        ))}
    </>
  );
}

/** The viewer lies over the page around it: nothing there is to be reached by keyboard or read aloud meanwhile. */
function useWholeWindow(): void {
  useEffect(() => {
    const around = [...document.querySelectorAll<HTMLElement>('.skip, .top, .foot')];
    for (const element of around) element.inert = true;
    return () => {
      for (const element of around) element.inert = false;
    };
  }, []);
}

function Opened({ source, choices, windows, url, place }: OpenedProps): JSX.Element {
  const text = useText();
  useWholeWindow();
  return (
    <FilmViewer
      source={source}
      windows={windows}
      hasFilm
      planeTimes={source.description.planeTimes}
      metadata={(raw) => <MetadataPanel image={source.description} index={place.image} raw={raw} />}
      isOpeningTracks={false}
      tracksFailure={undefined}
      overlay={undefined}
      measures={undefined}
      measuresPath={undefined}
      downloads={null}
      setChoice={null}
      head={
        <>
          <h1 className="crumbs">
            <a href="/open" title={text('open.another')}>
              {new URL(url).host}
            </a>
            {' / '}
            <span>{source.description.name}</span>
          </h1>
          <Choices choices={choices} url={url} place={place} />
        </>
      }
      films={null}
    />
  );
}
