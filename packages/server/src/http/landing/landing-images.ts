import { html } from 'hono/html';
import type { LandingData } from './landing-data.ts';

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
