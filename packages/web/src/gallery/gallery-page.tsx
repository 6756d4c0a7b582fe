import { keepPreviousData } from '@tanstack/react-query';
import { type JSX, type KeyboardEvent, useRef } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { PageAnswerFailed } from '../app/failures.tsx';
import { Icon } from '../app/icons.tsx';
import { Link, navigate, usePageLocation } from '../app/router.tsx';
import { useTitle } from '../app/title.ts';
import { useText } from '../messages/text.ts';
import { writtenBytes, writtenCount, writtenNumber } from '../messages/written.ts';
import '../styles/gallery.css';
import {
  addressOf,
  galleryOf,
  type GalleryState,
  mostPicked,
  pageSize,
  tileBeside,
  withPick,
} from './gallery-state.ts';
import { type GalleryImage, ImagePicture, ImageTile, writtenQuantity, writtenSizes } from './image-tile.tsx';

interface Place {
  accession: string;
  version: string;
}

const viewerOf = ({ accession, version }: Place, { item, image, isViewable }: GalleryImage) =>
  isViewable ? `/viewer/${accession}/${version}/${item}${image > 0 ? `?image=${image}` : ''}` : undefined;

/** `/gallery/$accession/$version`: all images of a version as a wall or a list, by data set and name, page by page. */
export function GalleryPage(): JSX.Element {
  const text = useText();
  const { params, search, path } = usePageLocation();
  const place = params as unknown as Place;
  const state = galleryOf(search);
  const query = {
    from: (state.page - 1) * pageSize,
    limit: pageSize,
    ...(state.dataset === '' ? {} : { dataset: state.dataset }),
    ...(state.q === '' ? {} : { q: state.q }),
  };
  const found = useAnswer({
    queryKey: ['images', place, query],
    queryFn: ({ signal }) =>
      api.call(routes.listImages, {
        params: { accession: place.accession, version: Number(place.version) },
        query,
        signal,
      }),
    placeholderData: keepPreviousData,
  });
  const { data } = found;
  useTitle(data ? `${text('gallery.title')}: ${data.title}` : text('gallery.title'));
  const go = (next: GalleryState, way: { replace?: boolean } = { replace: true }) =>
    void navigate(path, { search: addressOf(next), keepScroll: next.page === state.page, ...way });
  if (found.error) return <PageAnswerFailed error={found.error} again={() => void found.refetch()} />;
  if (!data) return <main className="wrap gallery" aria-busy="true" />;
  return (
    <main className="wrap gallery">
      <div className="dh">
        <h1>{text('gallery.title')}</h1>
        <a className="l s" href={`/studies/${place.accession}/v/${place.version}`}>
          {data.title}
        </a>
        <span className="end">
          {data.plates.map((plate) => (
            <Link key={plate.item} className="btn" to={`/plate/${place.accession}/${place.version}/${plate.item}`}>
              <Icon name="wall" />
              {text('gallery.plate', { name: plate.name })}
            </Link>
          ))}
        </span>
      </div>
      <Filters state={state} datasets={data.datasets} go={go} />
      <p className="s" role="status">
        <b>{writtenCount(data.total)}</b> <span className="m2">{text('count.images', { count: data.total })}</span>
      </p>
      {data.images.length === 0 ? <p className="m2 s">{text('gallery.nothing')}</p> : null}
      {state.view === 'wall' ? (
        <Wall place={place} images={data.images} state={state} go={go} />
      ) : (
        <List place={place} images={data.images} state={state} go={go} />
      )}
      <Pages state={state} path={path} total={data.total} />
      {state.picked.length > 0 ? <Picked place={place} state={state} go={go} /> : null}
    </main>
  );
}

interface Part {
  state: GalleryState;
  go: (next: GalleryState, way?: { replace?: boolean }) => void;
}

function Filters({
  state,
  datasets,
  go,
}: Part & { datasets: { id: string; title: string; images: number }[] }): JSX.Element {
  const text = useText();
  const box = useRef<HTMLInputElement>(null);
  const views = ['wall', 'list'] as const;
  return (
    <form
      className="gfilter"
      onSubmit={(event) => {
        event.preventDefault();
        go({ ...state, q: box.current?.value.trim() ?? '', page: 1 }, {});
      }}
    >
      <span className="field-in">
        <Icon name="search" />
        <input
          key={state.q}
          ref={box}
          type="text"
          autoComplete="off"
          defaultValue={state.q}
          aria-label={text('gallery.find')}
          placeholder={text('gallery.find')}
        />
      </span>
      {datasets.length > 1 ? (
        <select
          className="sel"
          aria-label={text('gallery.dataset')}
          value={state.dataset}
          onChange={(event) => go({ ...state, dataset: event.target.value, page: 1 }, {})}
        >
          <option value="">{text('gallery.allSets')}</option>
          {datasets.map(({ id, title, images }) => (
            <option key={id} value={id}>
              {`${title} (${writtenNumber(images)})`}
            </option>
          ))}
        </select>
      ) : null}
      <span className="seg" role="group" aria-label={text('gallery.view')}>
        {views.map((view) => (
          <button key={view} type="button" aria-pressed={state.view === view} onClick={() => go({ ...state, view })}>
            <Icon name={view} />
            {text(view === 'wall' ? 'gallery.wall' : 'gallery.list')}
          </button>
        ))}
      </span>
    </form>
  );
}

/** A box that chooses an image to be seen beside others. */
function PickBox({ image, state, go }: Part & { image: GalleryImage }): JSX.Element | null {
  const text = useText();
  if (!image.isViewable) return null;
  const id = `${image.item}.${image.image}`;
  const isPicked = state.picked.includes(id);
  return (
    <label className="gpick" title={text('gallery.pick')}>
      <input
        type="checkbox"
        checked={isPicked}
        disabled={!isPicked && state.picked.length >= mostPicked}
        aria-label={`${text('gallery.pick')}: ${image.name}`}
        onChange={() => go(withPick(state, id))}
      />
    </label>
  );
}

/** Arrow keys lead from tile to tile. */
function walk(event: KeyboardEvent<HTMLUListElement>): void {
  const tiles = [...event.currentTarget.querySelectorAll<HTMLElement>('a.gtile')];
  const at = tiles.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  const top = tiles[0]!.getBoundingClientRect().top;
  const columns = tiles.filter((tile) => tile.getBoundingClientRect().top === top).length;
  const to = tileBeside(at, event.key, columns, tiles.length);
  if (to === undefined) return;
  event.preventDefault();
  tiles[to]!.focus();
}

function Wall({ place, images, state, go }: Part & { place: Place; images: GalleryImage[] }): JSX.Element {
  const text = useText();
  return (
    <ul className="gwall" onKeyDown={walk}>
      {images.map((image) => (
        <li key={`${image.item} ${image.image}`}>
          <ImageTile image={image} to={viewerOf(place, image)} text={text} />
          <PickBox image={image} state={state} go={go} />
        </li>
      ))}
    </ul>
  );
}

function List({ place, images, state, go }: Part & { place: Place; images: GalleryImage[] }): JSX.Element {
  const text = useText();
  return (
    <div className="scrollx">
      <table className="t gal">
        <thead>
          <tr>
            <td className="pk" />
            <th scope="col">{text('gallery.name')}</th>
            <th scope="col">{text('gallery.sizes')}</th>
            <th scope="col">{text('gallery.pixel')}</th>
            <th scope="col">{text('gallery.interval')}</th>
            <th scope="col" className="r">
              {text('gallery.sets')}
            </th>
            <th scope="col" className="r">
              {text('gallery.bytes')}
            </th>
          </tr>
        </thead>
        <tbody>
          {images.map((image) => {
            const to = viewerOf(place, image);
            return (
              <tr key={`${image.item} ${image.image}`}>
                <td className="pk">
                  <PickBox image={image} state={state} go={go} />
                </td>
                <td>
                  <span className="gcell">
                    <ImagePicture image={image} isPlaying={false} />
                    <span>
                      {to ? <a href={to}>{image.name}</a> : image.name}
                      {image.path === image.name ? null : <span className="m3 xs block">{image.path}</span>}
                      {image.annotations?.slice(0, 6).map(({ part, key, label }) => (
                        <span key={`${part ?? ''} ${key} ${label}`} className="xs block">
                          <span className="m2">{part === undefined ? key : `${key} (${part})`}</span> {label}
                        </span>
                      ))}
                    </span>
                  </span>
                </td>
                <td className="num">{[image.well, writtenSizes(image.sizes, text)].filter(Boolean).join(' · ')}</td>
                <td className="num nw">{writtenQuantity(image.pixelSize)}</td>
                <td className="num nw">{writtenQuantity(image.timeStep)}</td>
                <td className="r num">{image.trackSets > 0 ? writtenNumber(image.trackSets) : ''}</td>
                <td className="r num nw">{image.bytes > 0 ? writtenBytes(image.bytes) : ''}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Pages({ state, path, total }: { state: GalleryState; path: string; total: number }): JSX.Element | null {
  const text = useText();
  const pages = Math.ceil(total / pageSize);
  if (pages < 2) return null;
  const to = (page: number) => ({ ...addressOf({ ...state, page }) });
  const address = path as `/gallery/${string}`;
  return (
    <nav className="pg" aria-label={text('gallery.pages')}>
      {state.page > 1 ? (
        <Link className="btn" to={address} search={to(state.page - 1)} rel="prev">
          {text('gallery.before')}
        </Link>
      ) : (
        <span />
      )}
      <span className="num">{text('gallery.pageOf', { page: state.page, pages })}</span>
      {state.page < pages ? (
        <Link className="btn" to={address} search={to(state.page + 1)} rel="next">
          {text('gallery.after')}
        </Link>
      ) : (
        <span />
      )}
    </nav>
  );
}

/** What was chosen, and the way to see it side by side. */
function Picked({ place, state, go }: Part & { place: Place }): JSX.Element {
  const text = useText();
  const image = state.picked.map((one) => `${place.accession}.${place.version}.${one}`);
  return (
    <div className="gpicked" role="status">
      <span>{text('gallery.picked', { count: state.picked.length })}</span>
      {state.picked.length > 1 ? (
        <Link className="btn primary" to="/compare" search={{ image }}>
          {text('gallery.compare')}
        </Link>
      ) : (
        <span className="m3">{text('gallery.pickMore')}</span>
      )}
      <button type="button" className="btn quiet" onClick={() => go({ ...state, picked: [] })}>
        {text('gallery.clear')}
      </button>
    </div>
  );
}
