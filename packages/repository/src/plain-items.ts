import type { StudyItem } from '@micrarium/model';
import { manyItems } from './drafts.ts';
import { publicItem } from './item-privacy.ts';
import type { StudyStore, VersionWithoutFiles } from './ports/study-store.ts';

/** Items read at once. */
const itemsAtOnce = 1000;

/**
 * Is nothing more to be said of an item than that its format is not known? Of very many files most are often that, and what is shown, searched,
 * measured and exported of a study needs none of them.
 */
export const isPlainItem = ({ kind, images, trackSets, tables, conversions, issues, privacy }: StudyItem): boolean =>
  kind === 'unknown' &&
  privacy === undefined &&
  tables === undefined &&
  images.length + trackSets.length + conversions.length === 0 &&
  issues.every(({ code }) => code === 'not-recognised');

/** Items of a version as its document in the catalogue holds them: of more than `manyItems` the plain ones are counted, and asked for page by page. */
export function keptItems(items: readonly StudyItem[]): { items: StudyItem[]; plainItems: number } {
  if (items.length <= manyItems) return { items: [...items], plainItems: 0 };
  const telling = items.filter((item) => !isPlainItem(item));
  return { items: telling, plainItems: items.length - telling.length };
}

/** Every item of a version in the order of its document in the archive, plain ones too. */
export async function* everyItem(
  studies: Pick<StudyStore, 'listVersionItems'>,
  version: Pick<VersionWithoutFiles, 'accession' | 'version' | 'items' | 'plainItems'>,
): AsyncGenerator<StudyItem> {
  if (version.plainItems === undefined) return yield* version.items;
  for (let from = 0; ; from += itemsAtOnce) {
    const page = await studies.listVersionItems(version.accession, version.version, { from, limit: itemsAtOnce });
    yield* page;
    if (page.length < itemsAtOnce) return;
  }
}

/** Every item of a draft as its version will tell it, in the order of the version, read page by page. */
export async function* everyDraftItem(
  studies: Pick<StudyStore, 'itemsPage'>,
  draftId: string,
): AsyncGenerator<StudyItem> {
  for (let after: string | undefined; ; ) {
    const page = await studies.itemsPage(draftId, { limit: itemsAtOnce, ...(after === undefined ? {} : { after }) });
    for (const { row } of page) yield publicItem(row.item);
    if (page.length < itemsAtOnce) return;
    after = page.at(-1)!.place;
  }
}
