import type { FieldValue } from '@micrarium/model';
import { keptKey } from '../exchange/kept-parts.ts';
import type { Field } from '../field.ts';
import { figuresKey } from '../figures/figures.ts';
import { relationsKey } from '../relations/relations.ts';
import { type MetadataField, metadataFields } from './metadata-fields.ts';

/** The two tiers a study is described for. */
export type MetadataTier = 'archive' | 'database';

/** Key in `StudyMetadata.values` that names the tier; the archive tier where it is not there. */
export const tierKey = 'tier';

/** Keys in `StudyMetadata.values` that are no fields: the tier, rules for names, figures, relations to other studies, what imports said beyond the form. */
export const keysBesideFields: ReadonlySet<string> = new Set([tierKey, 'naming', figuresKey, relationsKey, keptKey]);

type Values = Readonly<Record<string, FieldValue>>;

/** The tier a person chose for the study. */
export function tierOf(values: Values): MetadataTier {
  return values[tierKey] === 'database' ? 'database' : 'archive';
}

/** Key of a value that holds for one data set: `organism@d-abc`; without a data set the field's own id. */
export function valueKey(field: string, dataset?: string): string {
  return dataset === undefined ? field : `${field}@${dataset}`;
}

/** Field and data set of a key in `StudyMetadata.values`. */
export function splitValueKey(key: string): { field: string; dataset?: string } {
  const at = key.indexOf('@');
  return at < 0 ? { field: key } : { field: key.slice(0, at), dataset: key.slice(at + 1) };
}

/** What holds for a data set: its own value, else that of the whole study. */
export function valueFor(values: Values, field: string, dataset?: string): FieldValue | undefined {
  return (dataset === undefined ? undefined : values[valueKey(field, dataset)]) ?? values[field];
}

const byId = new Map(metadataFields.map((field) => [field.id, field]));

/** A field of the whole table by its id, or by the key of a value for one data set. */
export function metadataFieldById(key: string): MetadataField | undefined {
  return byId.get(splitValueKey(key).field);
}

/** The field as a form of the tier asks for it. */
export function fieldInTier(field: MetadataField, tier: MetadataTier): Field {
  return { ...field, archive: field[tier] ?? 'optional' };
}

/** Only ever said of one data set: they have no value for the whole study. */
const ownOnly: ReadonlySet<string> = new Set(['file', 'kind', 'datasetTitle', 'datasetDescription', 'localId']);

/** Given by the archive, never typed. */
export const givenFields: ReadonlySet<string> = new Set([
  'projectName',
  'projectUrl',
  'version',
  'updateDate',
  'file',
  'kind',
  'datasetTitle',
]);

/** Fields of the form of a tier that hold for the whole study; those of data sets among them hold for all that have no value of their own. */
export function studyFields(tier: MetadataTier): MetadataField[] {
  return metadataFields.filter(
    (field) =>
      (tier === 'archive'
        ? field.archive !== undefined || field.id === 'contributors'
        : field[tier] || field.archive) &&
      !givenFields.has(field.id) &&
      !ownOnly.has(field.id) &&
      // The contact is asked for in two parts; one line is made of them.
      field.id !== 'contactName',
  );
}

/** Fields of the database tier that are said of each data set. */
export function datasetFields(): MetadataField[] {
  return metadataFields.filter(({ level, database }) => level === 'dataset' && database !== undefined);
}

/** Fields of neither tier. */
export function furtherMetadataFields(): MetadataField[] {
  return metadataFields.filter(
    ({ archive, database, id }) => archive === undefined && database === undefined && id !== 'contributors',
  );
}

/** May a value be given for one data set? */
export function isPerDataset(field: MetadataField): boolean {
  return field.level === 'dataset' && !givenFields.has(field.id);
}
