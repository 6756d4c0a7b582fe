import { html } from 'hono/html';
import { filePath, type LandingData } from './landing-data.ts';

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

/** Films made for showing: what browsers usually play of each kind. */
const renderedFormats: Readonly<Record<string, 'played' | 'seldom played'>> = { mp4: 'played', avi: 'seldom played' };
/** Films shown on the page itself; each asks the server for its first pictures. */
const mostFilms = 20;

/** Films that were rendered for showing (MP4, QuickTime, AVI): played where they lie, and said to be no data. */
export function renderedSection({ version, text }: LandingData): Html {
  const films = version.items.filter((item) => renderedFormats[item.format] !== undefined).slice(0, mostFilms);
  if (films.length === 0) return html``;
  const one = ({ path, files, format }: (typeof films)[number]) => {
    const address = filePath(version, files[0] ?? path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    return html`<figure class="rendered"><video controls preload="metadata" playsinline src="${address}" aria-label="${text('study.renderedFilm', { name })}"></video><figcaption><a class="l" href="${address}">${name}</a>${
      renderedFormats[format] === 'played' ? '' : html` <span class="m3">${text('study.seldomPlayed')}</span>`
    }</figcaption></figure>`;
  };
  return html`<section class="sec" id="rendered"><div class="hd"><h2>${text('study.rendered')}</h2><span class="s m3 num">${films.length}</span></div>
<div class="prose"><p>${text('study.renderedText')}</p></div><div class="films">${films.map(one)}</div></section>`;
}
