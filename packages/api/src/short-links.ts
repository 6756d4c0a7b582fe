/** What a short link names: an image of a version, and how it is looked at. */
export interface ShortLink {
  accession: string;
  version: number;
  /** Id of the item, or its first letters: a version never changes, so what is unique in it stays so. */
  item: string;
  /** Index of the image in its item. */
  image: number;
  /** Parameters of the view, without a leading `?`. */
  view: string;
}

/** Letters of an item's id that a short link has at least. */
const fewestLetters = 4;
const usual = /^MIC-0*([1-9]\d*)$/;
const digits = 6;

/** Parameters at their usual values, which a link need not say. */
const usualView: readonly (readonly [name: string, value: string])[] = [
  ['v', '1'],
  ['t', '0'],
  ['tracks', '1,12,0'],
  ['by', 'track'],
];

/** Marks that need no escaping in a query and stand in it often. */
const plainMarks = /%2C|%3B|%3A|%2F/gi;

/**
 * Path of a short link to a view: `/s/1.1.k3j4?z=5`. It holds all it needs itself, so it opens as long as the study is
 * there, and nobody has to keep a list of links.
 * @param items ids of all items of the version, of which the link says as many letters as tell its own apart
 * @param search the query of the viewer's address
 */
export function shortLink(
  { accession, version, item }: Pick<ShortLink, 'accession' | 'version' | 'item'>,
  items: readonly string[],
  search: string,
): string {
  const others = items.filter((one) => one !== item);
  let letters = fewestLetters;
  while (letters < item.length && others.some((one) => one.startsWith(item.slice(0, letters)))) letters++;
  const params = new URLSearchParams(search);
  const image = params.get('image') ?? '0';
  params.delete('image');
  for (const [name, value] of usualView) if (params.get(name) === value) params.delete(name);
  const study = usual.exec(accession)?.[1] ?? accession;
  const code = [study, version, item.slice(0, letters), ...(image === '0' ? [] : [image])].join('.');
  const view = params.toString().replace(plainMarks, decodeURIComponent);
  return `/s/${code}${view === '' ? '' : `?${view}`}`;
}

/** Reads a short link. @param code what stands after `/s/`. @returns `undefined` for what is none */
export function readShortLink(code: string, search: string): ShortLink | undefined {
  const match = /^([A-Za-z0-9-]{1,40})\.([1-9]\d{0,8})\.([a-z0-9]{4,40})(?:\.(\d{1,6}))?$/.exec(code);
  if (!match) return undefined;
  const [, study = '', version, item = '', image = '0'] = match;
  const accession = /^\d+$/.test(study) ? `MIC-${study.padStart(digits, '0')}` : study;
  return { accession, version: Number(version), item, image: Number(image), view: search.replace(/^\?/, '') };
}
