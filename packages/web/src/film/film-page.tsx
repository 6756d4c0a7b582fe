import { filmAddress, filmShown, type ShownFilm } from '@micrarium/viewer';
import { type JSX, useCallback } from 'react';
import { useAnswer } from '../app/answers.ts';
import { NotFound, PageAnswerFailed } from '../app/failures.tsx';
import { Icon } from '../app/icons.tsx';
import { navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenNumber } from '../messages/written.ts';
import '../styles/film.css';
import '../styles/viewer.css';
import { AviPlayer, recordedSpeed } from './avi-player.tsx';
import { openRendered, type RenderedFilm } from './open-rendered.ts';

/** `/film/$accession/$version/$item`: a film made for showing. AVI is drawn here, frame by frame; others the browser plays. */
export function FilmPage(): JSX.Element {
  const text = useText();
  const { accession, version, item } = usePageLocation().params as Record<'accession' | 'version' | 'item', string>;
  const opened = useAnswer({
    queryKey: ['rendered', accession, version, item],
    queryFn: async ({ signal }) =>
      (await openRendered({ accession, version: Number(version), item }, signal)) ?? ('no film' as const),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data } = opened;
  const name = data && data !== 'no film' ? data.path.slice(data.path.lastIndexOf('/') + 1) : '';
  useTitle(name);
  if (opened.error) return <PageAnswerFailed error={opened.error} again={() => void opened.refetch()} />;
  if (!data) return <main className="wrap filmpage" aria-busy="true" />;
  if (data === 'no film') return <NotFound />;
  return (
    <main className="wrap filmpage">
      <div className="dh">
        <h1>{name}</h1>
        <a className="l s" href={`/studies/${accession}/v/${version}`}>
          {data.title}
        </a>
        <span className="end">
          <a className="btn" href={data.url} download={name}>
            <Icon name="down" />
            {text('film.download', { size: writtenBytes(data.bytes) })}
          </a>
        </span>
      </div>
      <p className="prose m2">{text('film.rendered')}</p>
      <Player data={data} name={name} />
    </main>
  );
}

function Player({ data, name }: { data: RenderedFilm; name: string }): JSX.Element {
  const text = useText();
  const { path, search } = usePageLocation();
  const begin = filmShown(search);
  const avi = data.avi?.film;
  const shown = useCallback(
    (now: ShownFilm) =>
      void navigate(path, {
        search: filmAddress(now, avi && recordedSpeed(avi)),
        replace: true,
        keepScroll: true,
      }),
    [path, avi],
  );
  if (!data.avi)
    return <video className="filmvideo" controls preload="metadata" playsInline src={data.url} aria-label={name} />;
  const { film, source } = data.avi;
  if (!film || film.frames.offsets.length === 0) return <Unplayable words={text('film.damaged')} />;
  const { width, height, framesPerSecond, codec, frames } = film;
  return (
    <>
      {codec.packing ? (
        <AviPlayer film={film} source={source} name={name} begin={begin} onShown={shown} />
      ) : (
        <Unplayable words={text('film.codecUnknown', { codec: `${codec.name} (${codec.code})` })} />
      )}
      <p className="s m2">
        {text('film.facts', {
          width: writtenNumber(width),
          height: writtenNumber(height),
          count: writtenNumber(frames.offsets.length),
          speed: writtenNumber(framesPerSecond, 4),
          codec: codec.name,
        })}
      </p>
    </>
  );
}

function Unplayable({ words }: { words: string }): JSX.Element {
  return (
    <p className="finding warning" role="status">
      <Icon name="warn" />
      <span>{words}</span>
    </p>
  );
}
