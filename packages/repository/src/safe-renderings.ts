import type { StudyItem } from '@micrarium/model';
import { placeOfContent } from './forms.ts';

/**
 * What is made of an item and shown in place of it. `pictures`: its small pictures. `image`: the stored form that the viewer reads, which holds
 * every pixel. `tables`: tables of objects, features and measures, as stored and as rows.
 */
export const renderingKinds = ['pictures', 'image', 'tables'] as const;
/** One of `renderingKinds`. */
export type RenderingKind = (typeof renderingKinds)[number];

/** A rendering of a study whose files are not open, which a curator declared safe for everybody (repository-practice 5.1). */
export interface SafeRendering {
  /** Id of the item it is made of. */
  item: string;
  kind: RenderingKind;
  /** Why it is safe, in the curator's words. */
  reason: string;
  /** ISO 8601. */
  at: string;
}

/** Addresses below an item, after its id, and which rendering each is of; what is not here is of none. */
const ofKind: Readonly<Record<RenderingKind, RegExp>> = {
  pictures: /^\/content\/image-\d{1,6}\.(?:thumbnail|preview)\.png$/,
  image: /^\/content\/image-\d{1,6}\.(?:ozx|zarr\/.+)$/,
  tables: /^\/(?:losses|objects|measures|rows\/.+|content\/(?:tracks|motion|by-time|table)-\d+[/.].+)$/,
};

/**
 * Does an address below a version lead to a rendering that was declared safe, and to nothing else? What an item is told to be (its document)
 * is told with any rendering of it. A stored form that is the deposited file itself is no rendering.
 * @param below as the server takes it apart: `/items/ID/content/image-0.thumbnail.png`
 * @param items of the version
 */
export function leadsToSafeRendering(
  below: string,
  items: readonly StudyItem[],
  safe: readonly SafeRendering[],
): boolean {
  const [, id, rest = ''] = /^\/items\/([a-z2-7]{12})(\/.+)?$/.exec(below) ?? [];
  const item = items.find((one) => one.id === id);
  const kinds = safe.filter((one) => one.item === id).map(({ kind }) => kind);
  if (!item || kinds.length === 0) return false;
  if (rest === '') return true;
  // Escaped letters could make another path of it than is looked at here: none of these addresses needs any.
  if (rest.includes('%')) return false;
  const kind = kinds.find((one) => ofKind[one].test(rest));
  if (kind === undefined) return false;
  if (!rest.startsWith('/content/')) return true;
  const place = placeOfContent(item, rest.slice('/content/'.length));
  return place !== undefined && (place.kind === 'form' || (place.kind === 'entry' && place.archive.kind === 'form'));
}
