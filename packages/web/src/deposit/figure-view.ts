import { readShortLink } from '@micrarium/api';
import { type FigureLink, viewParameters } from '@micrarium/standards';
import type { DraftItem } from './draft.ts';

/** What an address of the viewer says of a figure. */
export type FigureView = Pick<FigureLink, 'image' | 'imageIndex' | 'view'>;

/**
 * Reads an address of the viewer, or its short link, as somebody copied it.
 * @param accession the study's: images of others are not its figures
 * @returns `undefined` where it shows no image of these items
 */
export function figureView(
  address: string,
  accession: string,
  items: readonly Pick<DraftItem, 'id' | 'path' | 'images'>[],
): FigureView | undefined {
  const trimmed = address.trim();
  const home = 'https://site.invalid';
  if (trimmed === '' || !URL.canParse(trimmed, home)) return undefined;
  const { pathname, search } = new URL(trimmed, home);
  const [, page, ...rest] = pathname.split('/');
  const short = page === 's' && rest.length === 1 ? readShortLink(rest[0]!, search) : undefined;
  const [study, , id] = short ? [short.accession, '', short.item] : page === 'viewer' ? rest : [];
  if (study !== accession || !id) return undefined;
  const found = items.filter((item) => (short ? item.id.startsWith(id) : item.id === id));
  const index = short ? short.image : Number(new URLSearchParams(search).get('image') ?? 0);
  const [item] = found;
  if (!item || found.length !== 1 || !Number.isInteger(index) || index < 0 || index >= item.images.length)
    return undefined;
  const view = viewParameters(short ? short.view : search);
  return { image: item.path, ...(index > 0 ? { imageIndex: index } : {}), ...(view === '' ? {} : { view }) };
}
