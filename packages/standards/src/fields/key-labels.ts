import { metadataFieldById, splitValueKey } from './tiers.ts';

/** What stands among the values of a study beside the fields of the table, as people call it. */
const besideFields: Readonly<Record<string, { en: string; ja: string }>> = {
  tier: { en: 'Tier', ja: '区分' },
  figures: { en: 'Figures', ja: '図' },
  relations: { en: 'Made of', ja: '元になったデータ' },
  kept: { en: 'Parts without a field', ja: '欄のない部分' },
  naming: { en: 'Names and folders', ja: '名前とフォルダー' },
  note: { en: 'What changed', ja: '変更点' },
  changeKinds: { en: 'Kind of change', ja: '変更の種類' },
  earlierResults: { en: 'Results of earlier versions', ja: '以前の版の結果' },
};

/** Name of a key in `StudyMetadata.values` for people, with the id of the data set it holds for; an unknown key as it is. */
export function labelOfKey(key: string): { en: string; ja: string } {
  const { field, dataset } = splitValueKey(key);
  const { en, ja } = metadataFieldById(field)?.label ?? besideFields[field] ?? { en: field, ja: field };
  return dataset === undefined ? { en, ja } : { en: `${en} (${dataset})`, ja: `${ja} (${dataset})` };
}
