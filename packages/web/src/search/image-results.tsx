import { keepPreviousData } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';
import { ViewChoice } from './results.tsx';
import { type SearchState, pageSize } from './search-state.ts';

const load = (q: string, limit: number, signal?: AbortSignal) =>
  api.call(routes.searchImages, { query: { ...(q === '' ? {} : { q }), limit }, ...(signal ? { signal } : {}) });
type Found = Awaited<ReturnType<typeof load>>['images'][number];
/** Images the server gives at once. */
const mostImages = 200;
/** Annotations shown with an image. */
const shownAnnotations = 5;

/** The answer in images: those that what was asked for is said of, with what is said. */
export function ImageResults(props: {
  state: SearchState;
  go: (next: SearchState, replace?: boolean) => void;
}): JSX.Element {
  const text = useText();
  const { state, go } = props;
  const limit = Math.min(mostImages, state.shown * 3);
  const answer = useAnswer({
    queryKey: ['images', state.q, limit],
    queryFn: ({ signal }) => load(state.q, limit, signal),
    placeholderData: keepPreviousData,
  });
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  return (
    <section aria-label={text('search.imageResults')}>
      <div className="rh">
        <span role="status">
          {answer.data ? (
            <>
              <b>{writtenCount(answer.data.total)}</b>{' '}
              <span className="m2">{text('count.images', { count: answer.data.total })}</span>
            </>
          ) : null}
        </span>
        <span className="end">
          <ViewChoice state={state} go={go} />
        </span>
      </div>
      <p className="s m2 imagehelp">{text('search.imagesHelp')}</p>
      {answer.error ? <AnswerFailed error={answer.error} again={() => void answer.refetch()} /> : null}
      {answer.data?.images.length === 0 ? (
        <div className="empty">
          <h2>{text('search.noImages')}</h2>
        </div>
      ) : null}
      <ul className="imagev">
        {answer.data?.images.map((image) => (
          <li key={`${image.accession} ${image.item} ${image.image}`}>
            <ImageCard image={image} words={words} />
          </li>
        ))}
      </ul>
      {answer.data && answer.data.images.length < answer.data.total && limit < mostImages ? (
        <button type="button" className="btn sm" onClick={() => go({ ...state, shown: state.shown + pageSize }, true)}>
          {text('search.showMore')}
        </button>
      ) : null}
    </section>
  );
}

function ImageCard({ image, words }: { image: Found; words: readonly string[] }): JSX.Element {
  const text = useText();
  const { accession, version, item, name, well, title, thumbnail, isViewable } = image;
  const fits = ({ key, label, id = '' }: Found['annotations'][number]) => {
    const said = `${key} ${label} ${id}`.toLowerCase();
    return words.filter((word) => said.includes(word)).length;
  };
  const annotations = [...image.annotations].sort((a, b) => fits(b) - fits(a)).slice(0, shownAnnotations);
  const picture = thumbnail ? (
    <img className="pic" src={thumbnail} alt="" loading="lazy" />
  ) : (
    <span className="nopic">{name}</span>
  );
  return (
    <article>
      {isViewable ? (
        <Link
          to={`/viewer/${accession}/${version}/${item}`}
          search={image.image === 0 ? {} : { image: image.image }}
          aria-label={text('search.openImage', { name })}
        >
          {picture}
        </Link>
      ) : (
        picture
      )}
      <p className="ti">
        {name}
        {well === undefined ? '' : ` · ${well}`}
      </p>
      <p className="s">
        <a className="l" href={`/studies/${accession}`}>
          {title}
        </a>
      </p>
      <ul className="said">
        {annotations.map((one) => (
          <li key={`${one.on} ${one.part ?? ''} ${one.key} ${one.label}`} title={one.id}>
            <span className="m2">{one.part === undefined ? one.key : `${one.key} (${one.on} ${one.part})`}</span>{' '}
            {one.label}
          </li>
        ))}
      </ul>
    </article>
  );
}
