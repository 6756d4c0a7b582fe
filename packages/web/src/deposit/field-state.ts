import { type StudyMetadata, type Issue } from '@micrarium/model';
import { type Field, archiveFields, checkMetadata, contributorsField } from '@micrarium/standards';
import { type Slots, editableOf } from './slots.ts';

/** Parts of the form, in order. */
export const groups = ['study', 'contact', 'method', 'data', 'people'] as const;

/** A part of the form. */
export type Group = (typeof groups)[number];

/** Fields of a part. */
export function fieldsOf(group: Group): readonly Field[] {
  return group === 'people' ? [contributorsField] : archiveFields.filter((field) => field.group === group);
}

/** Everything wrong with or missing in the metadata, as the server will see it. */
export function metadataIssues(slots: Slots): Issue[] {
  return checkMetadata(editableOf(slots).metadata as StudyMetadata);
}

/** How many of the required fields are there, of how many; of all fields where none is required. */
export function filled(slots: Slots, fields: readonly Field[]): { done: number; of: number } {
  const required = fields.filter((field) => field.archive === 'required');
  const counted = required.length > 0 ? required : fields;
  return { done: counted.filter((field) => slots[`value:${field.id}`] !== undefined).length, of: counted.length };
}
