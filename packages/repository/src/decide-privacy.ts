import type { ItemPrivacy } from '@micrarium/model';
import { editableDraft } from './drafts.ts';
import type { DraftItemRow, StudyStore } from './ports/study-store.ts';
import { NotThere } from './refusals.ts';

/** What the depositor decided: raw text accepted or withheld, originals accepted. Parts left out stay as they were. */
export type PrivacyDecision = Pick<ItemPrivacy, 'rawText' | 'originals'>;

/**
 * Notes what the depositor decided of an item.
 * @throws NotThere, DraftNotEditable
 */
export async function decidePrivacy(
  ports: { studies: StudyStore },
  draftId: string,
  itemId: string,
  decision: PrivacyDecision,
): Promise<DraftItemRow> {
  await editableDraft(ports, draftId);
  const row = await ports.studies.getItem(draftId, itemId);
  if (!row?.item.privacy) throw new NotThere(`item ${itemId} with private details in draft ${draftId}`);
  const { rawText, originals } = decision;
  const privacy = { ...row.item.privacy, ...(rawText ? { rawText } : {}), ...(originals ? { originals } : {}) };
  const item = { ...row.item, privacy };
  await ports.studies.updateItem(draftId, itemId, { item });
  return { ...row, item };
}
