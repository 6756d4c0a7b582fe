import type { StudyItem } from '@micrarium/model';
import type { AccessDeclaration, PartOfStudy } from './access-declaration.ts';
import { placeOfContent } from './forms.ts';

/** What is read of one item alone. A route that is not here stays closed with the rest of the study. */
const ofItem = /^\/items\/([a-z2-7]{12})(?:\/(?:losses|objects|measures|(?:export|rows)\/.+|content\/(.+)))?$/;
const ofFile = /^\/files\/(.+)$/;

/**
 * Items of a version that everybody may read although the files of the study are given on request: those its depositor declared open, without
 * such as share a file with one that is not. Ids are made of content, so that an item of another version with the same id is the same bytes.
 */
export function openItems(
  declaration: Pick<AccessDeclaration, 'access' | 'openItems' | 'parts'> | undefined,
  items: readonly StudyItem[],
): StudyItem[] {
  return itemsUpTo(declaration, items, 'open');
}

/**
 * Items of a version that are open to all whom a level lets read, because their depositor gave them that level or a wider one. What shares a
 * file with an item of a narrower level is as narrow as that one.
 */
export function itemsUpTo(
  declaration: Pick<AccessDeclaration, 'access' | 'openItems' | 'parts'> | undefined,
  items: readonly StudyItem[],
  level: 'open' | PartOfStudy['level'],
): StudyItem[] {
  const { access, openItems: opened = [], parts = [] } = declaration ?? {};
  const within = level === 'open' ? [] : level === 'registered' ? ['registered'] : ['registered', 'controlled'];
  const ofLevel = parts.filter((part) => within.includes(part.level)).map(({ item }) => item);
  const declared = new Set(access === 'controlled' ? [...opened, ...ofLevel] : []);
  let open = items.filter(({ id }) => declared.has(id));
  for (let before = -1; before !== open.length; ) {
    before = open.length;
    const isOpen = new Set(open.map(({ id }) => id));
    const closed = new Set(items.flatMap(({ id, files }) => (isOpen.has(id) ? [] : files)));
    open = open.filter(({ files }) => files.every((path) => !closed.has(path)));
  }
  return open;
}

/**
 * Does an address below a version lead to bytes of open items and to nothing else?
 * @param below as the server takes it apart: `/items/ID/content/a%20b`, `/files/a/b.csv`
 * @param open what `openItems` gives
 * @param isFile is there a file of the version at a path? Asked only of paths that are none of the item's own
 */
export async function leadsToOpenPart(
  below: string,
  open: readonly StudyItem[],
  isFile: (path: string) => Promise<boolean>,
): Promise<boolean> {
  const [, id, content] = ofItem.exec(below) ?? [];
  if (id !== undefined) {
    const item = open.find((one) => one.id === id);
    return item !== undefined && (content === undefined || (await isOwnContent(item, decoded(content), isFile)));
  }
  const path = decoded(ofFile.exec(below)?.[1]);
  return path !== undefined && open.some(({ files }) => files.includes(path));
}

/** A deposited Zarr is read by paths in its folder, where files of other items may lie too. What is not there at all may be said not to be. */
async function isOwnContent(
  item: StudyItem,
  path: string | undefined,
  isFile: (path: string) => Promise<boolean>,
): Promise<boolean> {
  if (path === undefined) return false;
  const place = placeOfContent(item, path);
  const from = place?.kind === 'entry' ? place.archive : place;
  return from?.kind !== 'deposited' || item.files.includes(from.path) || !(await isFile(from.path));
}

function decoded(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
