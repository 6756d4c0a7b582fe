import type { FieldValue } from '@micrarium/model';
import { isPerDataset, keysBesideFields, metadataFieldById, splitValueKey, valueKey } from '@micrarium/standards';

/** Kinds of descriptions that are kept, with the fields each holds. */
export const descriptionFields = {
  microscope: ['microscope', 'imagingMethods', 'acquisitionMode', 'contrastMethod', 'acquisitionParameters'],
  protocol: ['methodSummary', 'samplePreparation', 'growthProtocol', 'imageAnalysis'],
  sample: [
    'organism',
    'strain',
    'cellLine',
    'cellType',
    'tissue',
    'biologicalEntity',
    'sampleDescription',
    'genesProteinsReagents',
    'geneticChange',
    'treatment',
  ],
} as const;

/** A kind of description that is kept from a form. */
export type DescriptionKind = keyof typeof descriptionFields;

type Values = Readonly<Record<string, FieldValue>>;

/**
 * What the form says for a kind, of the study or of one data set, by field id; what nobody typed is taken from the files.
 * @param given by key of the form: what the files say of each data set
 */
export function describedBy(
  kind: DescriptionKind,
  values: Values,
  dataset?: string,
  given: Values = {},
): Record<string, FieldValue> {
  const ofFiles = (id: string) =>
    given[valueKey(id, dataset)] ??
    (dataset === undefined ? Object.entries(given).find(([key]) => splitValueKey(key).field === id)?.[1] : undefined);
  return Object.fromEntries(
    descriptionFields[kind].flatMap((id) => {
      const value = values[valueKey(id, dataset)] ?? values[id] ?? ofFiles(id);
      return value === undefined || value.length === 0 ? [] : [[id, value]];
    }),
  );
}

/** Fields that belong to one study alone and are not copied to another. */
const ofOneStudy: ReadonlySet<string> = new Set([
  // Figures, relations and kept parts name files and documents of that study.
  ...keysBesideFields,
  'title',
  'description',
  'releaseDate',
  'doi',
  'dataSize',
  'dataFormats',
  'projectName',
  'projectUrl',
  'version',
  'updateDate',
]);

/** What another study gives a new one: all it says but what is of that study or of its data sets alone. */
export function copiedFromStudy(values: Values): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(values).filter(([key]) => splitValueKey(key).dataset === undefined && !ofOneStudy.has(key)),
  );
}

/** Fields that no two data sets share. */
const ofOneDataset: ReadonlySet<string> = new Set(['localId', 'datasetTitle']);

/**
 * What one data set of another study gives a data set here, or the whole study: what is said of it, or of all.
 * @param to left out, the whole study
 */
export function copiedFromDataset(values: Values, from: string, to?: string): Record<string, FieldValue> {
  const copied: Record<string, FieldValue> = {};
  for (const [key, value] of Object.entries(values)) {
    const { field, dataset } = splitValueKey(key);
    const isOfAll = dataset === undefined && values[valueKey(field, from)] === undefined;
    const known = metadataFieldById(field);
    if ((dataset !== from && !isOfAll) || !known || !isPerDataset(known) || ofOneDataset.has(field)) continue;
    // What a data set is cannot be said of a whole study.
    if (!ofOneStudy.has(field) && (to !== undefined || field !== 'datasetDescription'))
      copied[valueKey(field, to)] = value;
  }
  return copied;
}

/** Changes that make one data set say what another does, but for what is of a data set alone. */
export function copiedDataset(values: Values, from: string, to: string): Record<string, FieldValue | undefined> {
  const changes: Record<string, FieldValue | undefined> = {};
  for (const key of Object.keys(values)) {
    const { field, dataset } = splitValueKey(key);
    if (ofOneDataset.has(field)) continue;
    if (dataset === from) changes[valueKey(field, to)] = values[key];
    else if (dataset === to && values[valueKey(field, from)] === undefined) changes[key] = undefined;
  }
  return changes;
}
