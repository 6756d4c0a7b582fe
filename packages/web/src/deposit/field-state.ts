import { type StudyMetadata, type Issue } from '@micrarium/model';
import {
  type Field,
  type MetadataTier,
  checkMetadata,
  contributorsField,
  fieldInTier,
  furtherMetadataFields,
  givenFields,
  metadataFields,
  studyFields,
} from '@micrarium/standards';
import type { StudyAbout } from '../metadata/study-state.ts';
import { type Slots, editableOf } from './slots.ts';

/** Parts of the form, in order. */
export const groups = ['study', 'contact', 'method', 'data', 'people'] as const;

/** A part of the form. */
export type Group = (typeof groups)[number];

const isFurther = new Set(furtherMetadataFields().map(({ id }) => id));

/** Fields of a part as the tier asks them; those of the other tier stay where something was filled in. */
export function fieldsOf(group: Group, tier: MetadataTier = 'archive', slots: Slots = {}): readonly Field[] {
  if (group === 'people') return [contributorsField];
  const asked = new Set(studyFields(tier).map(({ id }) => id));
  return metadataFields
    .filter(
      ({ id, group: own }) =>
        own === group &&
        !isFurther.has(id) &&
        !givenFields.has(id) &&
        (asked.has(id) || slots[`value:${id}`] !== undefined),
    )
    .map((field) => fieldInTier(field, tier));
}

type Checked = Pick<StudyAbout, 'datasets' | 'given'>;

/** The last check: three parts of the page ask for the same one at every change. */
let last: { slots: Slots; about: Checked; issues: readonly Issue[] } | undefined;

/** Everything wrong with or missing in the metadata, as the server will see it. */
export function metadataIssues(slots: Slots, about: Checked): readonly Issue[] {
  if (last?.slots !== slots || last.about !== about)
    last = { slots, about, issues: checkMetadata(editableOf(slots).metadata as StudyMetadata, about) };
  return last.issues;
}

/** How many of the required fields are there, of how many; of all fields where none is required. */
export function filled(slots: Slots, fields: readonly Field[]): { done: number; of: number } {
  const required = fields.filter((field) => field.archive === 'required');
  const counted = required.length > 0 ? required : fields;
  return { done: counted.filter((field) => slots[`value:${field.id}`] !== undefined).length, of: counted.length };
}
