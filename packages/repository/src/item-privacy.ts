import { findPrivateDetails, findPrivateInFile, type Item } from '@micrarium/formats';
import {
  type ConversionRecord,
  defineIssues,
  type Issue,
  type ItemPrivacy,
  type PrivateDetail,
  type StudyItem,
} from '@micrarium/model';
import { formKeys, recipes, tool } from './forms.ts';
import { HashingSink, type WrittenOutput } from './hashing-sink.ts';
import type { DerivedStore } from './ports/derived-store.ts';
import { buildForm } from './stored-form.ts';

/** Files of one item that are looked through: the planes of a series are written by one program. */
const mostFiles = 50;
/** Details of one item that are kept. */
const mostDetails = 300;

/** What stands between a draft and its publication because of persons named in its files. */
export const privacyIssue = defineIssues({
  'private-details-undecided': {
    severity: 'error',
    meaning:
      'Details of persons (names, paths, addresses, phone or national numbers, dates of birth, patients, a place, a label of a slide) were found in the files or their metadata, and nobody has decided yet whether they may be published.',
    hint: 'Look through the list under “Private details” on the deposit page, and accept or withhold; or put cleaned files in place of these.',
  },
});

/**
 * Finds what the files of an item and its raw metadata text tell of persons.
 * @param rawText as a reader took it out
 */
export async function findPrivacy(
  item: Item,
  rawText: string | undefined,
  signal?: AbortSignal,
): Promise<ItemPrivacy | undefined> {
  const details: PrivateDetail[] = rawText ? findPrivateDetails(rawText, { place: 'raw text' }) : [];
  for (const entry of item.files.slice(0, mostFiles)) {
    if (details.length >= mostDetails) break;
    details.push(...(await findPrivateInFile(await entry.open(), entry.path, signal)));
    if (item.files.length > 1) await entry.close?.();
  }
  const hasRawText = rawText !== undefined && rawText.trim() !== '';
  return details.length > 0 || hasRawText ? { details: details.slice(0, mostDetails), hasRawText } : undefined;
}

/** Keeps the raw metadata text of an item as a form of its own, so that it can be published or left out. */
export async function storeRawText(
  ports: { derived: DerivedStore; now: () => Date },
  itemId: string,
  { mediaType, text }: { mediaType: string; text: string },
): Promise<ConversionRecord> {
  const form = await buildForm(ports.derived, formKeys(itemId).rawText, async (sink) => {
    const hashing = new HashingSink(sink, (path) => path);
    const file = await hashing.create('raw-metadata.txt');
    await file.write(new TextEncoder().encode(text));
    await file.close();
    const outputs: WrittenOutput[] = hashing.outputs;
    return { outputs, madeAt: ports.now().toISOString() };
  });
  const parameters = { mediaType, recipeVersion: recipes['raw-metadata'] };
  return { recipe: 'raw-metadata', ...tool, parameters, madeAt: form.madeAt, outputs: form.outputs };
}

/** Decisions made before stay where the same was found again. */
export function withDecisions(
  found: ItemPrivacy | undefined,
  before: ItemPrivacy | undefined,
): ItemPrivacy | undefined {
  if (!found || !before || JSON.stringify(found.details) !== JSON.stringify(before.details)) return found;
  const { rawText, originals } = before;
  return { ...found, ...(rawText ? { rawText } : {}), ...(originals ? { originals } : {}) };
}

/**
 * Numbers of details that await a decision: raw text neither accepted nor withheld, originals not accepted. Serial numbers of devices are listed
 * and ask for none: nearly every vendor's file has them, and they tell of a person only beside other records.
 */
export function undecided({ privacy }: Pick<StudyItem, 'privacy'>): { rawText: number; originals: number } {
  const count = (place: PrivateDetail['place']): number =>
    (privacy?.details ?? []).filter((detail) => detail.place === place && detail.kind !== 'serial number').length;
  return {
    rawText: privacy?.rawText ? 0 : count('raw text'),
    originals: privacy?.originals ? 0 : count('original'),
  };
}

/** One issue for each item that awaits a decision. */
export function checkPrivacy(items: readonly StudyItem[]): Issue[] {
  return items.flatMap((item) => {
    const { rawText, originals } = undecided(item);
    if (rawText + originals === 0) return [];
    const parts = [
      ...(originals > 0 ? [`${originals} in its files`] : []),
      ...(rawText > 0 ? [`${rawText} in its metadata text`] : []),
    ];
    const message = `${item.path}: private details were found, ${parts.join(' and ')}.`;
    return [privacyIssue('private-details-undecided', message, { where: { file: item.path, field: 'privacy' } })];
  });
}

/** An item as it is published: without what was found, and without raw text that was not accepted. */
export function publicItem(found: StudyItem): StudyItem {
  // A copy of each of a hundred thousand would be kept beside the first ones, in objects of several times the size.
  if (found.privacy === undefined && found.conversions.length === 0) return found;
  const { privacy, ...item } = found;
  if (privacy?.rawText === 'accepted') return item;
  return { ...item, conversions: item.conversions.filter(({ recipe }) => recipe !== 'raw-metadata') };
}
