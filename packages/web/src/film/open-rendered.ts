import { type AviFilm, type ByteSource, httpSource, openAvi } from '@micrarium/formats';
import { shownTitle } from '@micrarium/standards';
import { api, routes } from '../app/api.ts';

/** Where the film lies: an item of a published version. */
export interface RenderedPlace {
  accession: string;
  version: number;
  item: string;
}

/** A film made for showing, and how it is played. */
export interface RenderedFilm {
  title: string;
  path: string;
  /** Address of the file. */
  url: string;
  bytes: number;
  /** Of an AVI: browsers do not play it, so its frames are drawn here. Left out for films that the browser plays. */
  avi?: { film: AviFilm | undefined; source: ByteSource };
}

const playedFormats = new Set(['avi', 'mp4', 'webm']);

/** Opens a film: of an AVI its headers and index. `undefined` where the item is no film. @throws ApiError */
export async function openRendered(place: RenderedPlace, signal: AbortSignal): Promise<RenderedFilm | undefined> {
  const { accession, version } = place;
  const study = await api.call(routes.getVersion, { params: { accession, version }, signal });
  const item = study.items.find(({ id }) => id === place.item);
  if (!item || !playedFormats.has(item.format)) return undefined;
  const path = item.files[0] ?? item.path;
  const url = api.url(routes.getFile, { params: { accession, version, path } });
  const answer = await fetch(url, { method: 'HEAD', signal });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}: ${path}`);
  const bytes = Number(answer.headers.get('content-length') ?? 0);
  const about = { title: shownTitle(study.metadata.values['title'], accession), path, url, bytes };
  if (item.format !== 'avi') return about;
  const source = httpSource(path, url, bytes);
  return { ...about, avi: { film: (await openAvi(source, signal)).film, source } };
}
