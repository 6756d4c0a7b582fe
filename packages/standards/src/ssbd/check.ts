import {
  type Contributor,
  type Dataset,
  defineIssues,
  type FieldValue,
  type Issue,
  type StudyMetadata,
  type Term,
} from '@micrarium/model';
import type { Field } from '../field.ts';
import { type GivenValue, heldValue } from '../fields/given-values.ts';
import { metadataFields } from '../fields/metadata-fields.ts';
import {
  fieldInTier,
  givenFields,
  metadataFieldById,
  splitValueKey,
  tierKey,
  tierOf,
  valueKey,
} from '../fields/tiers.ts';
import { licenceById } from '../licences/licences.ts';
import { checkTraining } from '../training/training-check.ts';
import { archiveFields } from './archive-fields.ts';

/** Issues of a study's metadata. `where.field` is the field's id. */
export const metadataIssue = defineIssues({
  'field-missing': {
    severity: 'error',
    meaning: 'A field the tier of the study requires is empty. The study cannot be published without it.',
    hint: 'Fill the field.',
  },
  'field-recommended': {
    severity: 'info',
    meaning: 'A field the archive tier recommends is empty. The study can be published without it.',
  },
  'field-wrong-kind': {
    severity: 'error',
    meaning: 'The value of a field has the wrong shape (a list where a text belongs, or the reverse).',
    hint: 'Enter the value again.',
  },
  'field-unknown': {
    severity: 'error',
    meaning: 'The metadata name a field that there is not.',
    hint: 'Check the spelling of the field, or put the text into the notes.',
  },
  'field-malformed': {
    severity: 'error',
    meaning: 'The value of a field is not spelled as it must be: a date, an address, a DOI, an ORCID, a licence.',
    hint: 'Follow the example beside the field.',
  },
  'text-forbidden-character': {
    severity: 'error',
    meaning: 'A text holds a character that XML 1.0 forbids, which would break exports for ever.',
    hint: 'Remove the control character; it often comes along when text is pasted.',
  },
  'organism-abbreviated': {
    severity: 'warning',
    meaning: 'The organism looks abbreviated or is not capitalised; searches by organism will miss it.',
    hint: 'Write the full binomial name, such as “Caenorhabditis elegans”.',
  },
  'contributor-incomplete': {
    severity: 'error',
    meaning: 'A contributor lacks a first name, last name or organisation.',
    hint: 'Complete the person or remove the row.',
  },
});

// XML 1.0, section 2.2: characters a document may hold; the complement is refused.
// oxlint-disable-next-line no-control-regex
const forbiddenInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Is an ORCID well formed, check digit included (ISO 7064, MOD 11-2)? */
export function isOrcid(text: string): boolean {
  const match = /^(\d{4})-(\d{4})-(\d{4})-(\d{3}[\dX])$/.exec(text);
  if (!match) return false;
  const digits = match.slice(1).join('');
  let total = 0;
  for (const digit of digits.slice(0, 15)) total = (total + Number(digit)) * 2;
  const check = (12 - (total % 11)) % 11;
  return digits[15] === (check === 10 ? 'X' : String(check));
}

/** Is the text a date of the calendar in the form YYYY-MM-DD? */
export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const spelling: Partial<Record<Field['type'], (text: string) => boolean>> = {
  date: isCalendarDate,
  licence: (text) => licenceById(text) !== undefined,
  'email-list': (text) => text.split(',').every((one) => /^[^\s@,]+@[^\s@,]+\.[^\s@,.]+$/.test(one.trim())),
  doi: (text) => /^10\.\d{4,9}\/\S+$/.test(text),
  url: (text) => /^https?:\/\/[^\s/]+/.test(text),
  orcid: isOrcid,
};

function isEmpty(value: FieldValue | undefined): boolean {
  return value === undefined || value.length === 0 || (typeof value === 'string' && value.trim() === '');
}

function textsOf(value: FieldValue): string[] {
  if (typeof value === 'string') return [value];
  return value.flatMap((one): string[] =>
    typeof one === 'string'
      ? [one]
      : Object.values(one as Term | Contributor).filter((part) => typeof part === 'string'),
  );
}

function hasShape(field: Field, value: FieldValue): boolean {
  if (field.type === 'text-list') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (field.type === 'term-list')
    return Array.isArray(value) && value.every((one) => typeof one === 'object' && 'label' in one);
  if (field.type === 'contributors')
    return Array.isArray(value) && value.every((one) => typeof one === 'object' && 'lastName' in one);
  return typeof value === 'string';
}

/** Issues of one field's value; an empty value has none here. Pure: runs as one types, and again on the server. */
export function checkField(field: Field, value: FieldValue | undefined): Issue[] {
  if (value === undefined || isEmpty(value)) return [];
  const where = { field: field.id };
  if (!hasShape(field, value))
    return [metadataIssue('field-wrong-kind', `${field.label.en}: the value is not a ${field.type}`, { where })];
  const issues: Issue[] = [];
  if (field.choices && !field.choices.includes(value as string))
    issues.push(
      metadataIssue('field-malformed', `${field.label.en}: “${String(value).slice(0, 80)}” is not in the list`, {
        where,
        hint: `One of: ${field.choices.join(', ')}`,
      }),
    );
  if (textsOf(value).some((text) => forbiddenInXml.test(text)))
    issues.push(metadataIssue('text-forbidden-character', `${field.label.en} holds a control character`, { where }));
  const isSpelled = spelling[field.type];
  if (isSpelled && typeof value === 'string' && !isSpelled(value.trim()))
    issues.push(
      metadataIssue('field-malformed', `${field.label.en}: “${value.slice(0, 80)}” is not as expected`, {
        where,
        hint: `For example: ${field.example}`,
      }),
    );
  if (field.id === 'organism')
    for (const { label } of value as Term[])
      if (!/^(Unknown|NA|[A-Z][a-z-]{2,} .+|[A-Z][a-z]{3,})$/.test(label.trim()))
        issues.push(
          metadataIssue('organism-abbreviated', `Organism “${label.slice(0, 80)}” is not a full binomial name`, {
            where,
          }),
        );
  if (field.type === 'contributors') issues.push(...checkContributors(value as Contributor[]));
  return issues;
}

function checkContributors(people: readonly Contributor[]): Issue[] {
  return people.flatMap((person, index) => {
    const where = { field: 'contributors', row: index + 1 };
    const issues: Issue[] = [];
    const lacking = (['firstName', 'lastName', 'organisation'] as const).filter((part) => person[part].trim() === '');
    if (lacking.length > 0)
      issues.push(
        metadataIssue('contributor-incomplete', `Contributor ${index + 1} lacks ${lacking.join(', ')}`, { where }),
      );
    if (person.orcid && !isOrcid(person.orcid))
      issues.push(
        metadataIssue('field-malformed', `Contributor ${index + 1}: “${person.orcid}” is not an ORCID`, {
          where,
          hint: 'For example: 0000-0002-1825-0097',
        }),
      );
    return issues;
  });
}

/** What the check of a study in the database tier looks at beside its values. */
export interface CheckedStudy {
  datasets: readonly (Pick<Dataset, 'id' | 'title'> & Partial<Pick<Dataset, 'imageItems' | 'quantitativeItems'>>)[];
  given: Readonly<Record<string, GivenValue>>;
}

/**
 * Everything wrong with or missing from a study's metadata in the tier it names. Errors stand in the way of publication.
 * @param about data sets and what is given for them; only the database tier asks for them
 */
export function checkMetadata(metadata: StudyMetadata, about: CheckedStudy = { datasets: [], given: {} }): Issue[] {
  const { values } = metadata;
  const ids = new Set(about.datasets.map(({ id }) => id));
  const issues: Issue[] = [];
  for (const [key, value] of Object.entries(values)) {
    if (key === tierKey) continue;
    const field = metadataFieldById(key);
    const { dataset } = splitValueKey(key);
    if (!field || (dataset !== undefined && field.level !== 'dataset'))
      issues.push(metadataIssue('field-unknown', `There is no field “${key.slice(0, 64)}”`, { where: { field: key } }));
    // Values of a data set whose files were taken out say nothing any more.
    else if (dataset === undefined || ids.has(dataset) || ids.size === 0)
      for (const issue of checkField(fieldInTier(field, 'archive'), value))
        issues.push({ ...issue, where: { ...issue.where, field: key } });
  }
  return [
    ...missingInArchive(values),
    ...(tierOf(values) === 'database' ? missingInDatabase(values, about) : []),
    ...checkTraining(values, about.datasets),
    ...issues,
  ];
}

function missingInArchive(values: StudyMetadata['values']): Issue[] {
  return archiveFields
    .filter(({ id }) => isEmpty(values[id]))
    .flatMap((field) => {
      const where = { field: field.id };
      if (field.archive === 'required')
        return [metadataIssue('field-missing', `${field.label.en} is required`, { where })];
      return field.archive === 'recommended'
        ? [metadataIssue('field-recommended', `${field.label.en} is recommended`, { where })]
        : [];
    });
}

/** What the database tier requires and neither anybody typed nor the archive or the files give. */
function missingInDatabase(values: StudyMetadata['values'], { datasets, given }: CheckedStudy): Issue[] {
  const issues: Issue[] = [];
  for (const field of metadataFields) {
    if (field.database !== 'required' || (givenFields.has(field.id) && field.level === 'study')) continue;
    const isArchiveRequired = field.archive === 'required' && isEmpty(values[field.id]);
    if (field.level === 'study') {
      if (isEmpty(heldValue(values, given, field.id)) && !isArchiveRequired)
        issues.push(metadataIssue('field-missing', `${field.label.en} is required`, { where: { field: field.id } }));
      continue;
    }
    for (const { id, title } of datasets)
      if (isEmpty(heldValue(values, given, field.id, id)) && !isArchiveRequired)
        issues.push(
          metadataIssue('field-missing', `${field.label.en} is required of the data set “${title}”`, {
            where: { field: valueKey(field.id, id) },
          }),
        );
  }
  return issues;
}
