import { html } from 'hono/html';
import { filePath, isClosedItem, type LandingData } from './landing-data.ts';

type Html = ReturnType<typeof html>;

/** Ways to all images of the study, and to its plates; nothing where there is one image only. */
export function imagesLinks({ version, text }: LandingData): Html {
  const { accession, version: number, items } = version;
  const count = items.reduce((sum, item) => sum + item.images.length, 0);
  const plates = items.filter((item) => item.plate);
  if (count < 2) return html``;
  return html`<span class="end"><a class="btn sm" href="/gallery/${accession}/${number}">${text('study.allImages', { count })}</a>${plates.map(
    (item) =>
      html` <a class="btn sm" href="/plate/${accession}/${number}/${item.id}">${text('study.plateView')}${plates.length > 1 ? ` ${item.plate!.name || item.path}` : ''}</a>`,
  )}</span>`;
}

/** Films made for showing: who plays each kind, the browser by itself or our page of films. */
const renderedFormats: Readonly<Record<string, 'browser' | 'page'>> = { mp4: 'browser', webm: 'browser', avi: 'page' };
/** Films shown on the page itself; each asks the server for its first pictures. */
const mostFilms = 20;

/** Films that were rendered for showing (MP4, QuickTime, WebM, AVI): played where they lie, and said to be no data. */
export function renderedSection(data: LandingData): Html {
  const { version, text } = data;
  const films = version.items
    .filter((item) => renderedFormats[item.format] !== undefined && !isClosedItem(data, item))
    .slice(0, mostFilms);
  if (films.length === 0) return html``;
  const one = ({ id, path, files, format }: (typeof films)[number]) => {
    const address = filePath(version, files[0] ?? path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const about = text('study.renderedFilm', { name });
    const screen =
      renderedFormats[format] === 'browser'
        ? html`<video controls preload="metadata" playsinline src="${address}" aria-label="${about}"></video>`
        : html`<a class="playfilm" href="/film/${version.accession}/${version.version}/${id}" aria-label="${text('study.playFilm', { name })}"><span aria-hidden="true">▶</span></a>`;
    return html`<figure class="rendered">${screen}<figcaption><a class="l" href="${address}">${name}</a>${
      renderedFormats[format] === 'browser' ? '' : html` <span class="m3">${text('study.playedFrames')}</span>`
    }</figcaption></figure>`;
  };
  return html`<section class="sec" id="rendered"><div class="hd"><h2>${text('study.rendered')}</h2><span class="s m3 num">${films.length}</span></div>
<div class="prose"><p>${text('study.renderedText')}</p></div><div class="films">${films.map(one)}</div></section>`;
}
