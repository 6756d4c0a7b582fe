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
import { fieldInTier, givenFields, keysBesideFields, splitValueKey, tierOf, valueKey } from '../fields/tiers.ts';
import { isGroup } from '../graph/organisation-names.ts';
import { isEmail } from '../identifiers/identifiers.ts';
import { findLicence, knownLicence, licenceById, saysNoLicence } from '../licences/licences.ts';
import { checkTraining } from '../training/training-check.ts';
import { archiveFields } from './archive-fields.ts';
import { cutText, joinedValues } from './list-entries.ts';
import { isScale, isUnitless } from './scale-units.ts';

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
  'licence-unverified': {
    severity: 'warning',
    meaning:
      'The licence is not one that studies here are offered under: another that is known, or terms in words or at an address. It is kept as it was said, and nobody here has verified it.',
    hint: 'Ask whoever owns the data whether one of the list may be taken, or leave it.',
    example: 'A licence “CC-BY-3.0”, or “Terms of the Example Bank”, that an import said.',
  },
  'organism-abbreviated': {
    severity: 'warning',
    meaning: 'The organism looks abbreviated or is not capitalised; searches by organism will miss it.',
    hint: 'Write the full binomial name, such as “Caenorhabditis elegans”.',
  },
  'contributor-incomplete': {
    severity: 'error',
    meaning:
      'A contributor lacks a last name or organisation. A first name may be missing: groups and some people have one name.',
    hint: 'Complete the person or remove the row.',
  },
  'link-not-whole': {
    severity: 'warning',
    meaning: 'A link is no whole address: it lacks https://, or is an accession number or DOI alone.',
    hint: 'Write the whole address, or take the one that is offered.',
    example: 'A link “EMPIAR-10310” instead of https://www.ebi.ac.uk/empiar/EMPIAR-10310/.',
  },
  'values-joined': {
    severity: 'warning',
    meaning: 'One entry of a list holds several values, so that a search finds none of them.',
    hint: 'Make each value an entry of its own.',
    example: 'One keyword “wound healing, migration” instead of two.',
  },
  'value-cut': {
    severity: 'warning',
    meaning:
      'Several entries of a list look like one text that was cut at its commas: a bracket opens in one and closes in another.',
    hint: 'Put the pieces together again.',
    example: 'The entries “three doses (1”, “2” and “5 µM) of a drug”.',
  },
  'scale-without-unit': {
    severity: 'warning',
    meaning: 'A scale is a number without a unit: nobody can know what it means.',
    hint: 'Write the unit behind the number.',
    example: 'A scale of T “40” instead of “40 second for each time interval”.',
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
  // Terms of another kind are somebody's own: they are kept as they are said.
  licence: (text) => knownLicence(text) !== undefined || (findLicence(text) === undefined && !saysNoLicence(text)),
  'email-list': (text) => text.split(',').every(isEmail),
  doi: (text) => /^10\.\d{4,9}\/\S+$/.test(text),
  url: (text) => /^https?:\/\/[^\s/]+/.test(text),
  orcid: isOrcid,
};

function isEmpty(value: FieldValue | undefined): boolean {
  return value === undefined || value.length === 0 || (typeof value === 'string' && value.trim() === '');
}

/** Does any text of the value hold a character XML forbids? Without a list of the texts: it is asked of every value. */
function isForbidden(value: FieldValue): boolean {
  if (typeof value === 'string') return forbiddenInXml.test(value);
  for (const one of value) {
    if (typeof one === 'string') {
      if (forbiddenInXml.test(one)) return true;
    } else
      for (const part of Object.values(one as Term | Contributor))
        if (typeof part === 'string' && forbiddenInXml.test(part)) return true;
  }
  return false;
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
  const issues: Issue[] = [];
  gather(issues, field, value, field.id);
  return issues;
}

/** Adds the issues of a value. @param key names its place: the field's id, or the key of a value of one data set */
function gather(issues: Issue[], field: Field, value: FieldValue | undefined, key: string): void {
  if (value === undefined || isEmpty(value)) return;
  const found = (code: Parameters<typeof metadataIssue>[0], message: string, hint?: string) =>
    issues.push(metadataIssue(code, message, { where: { field: key }, ...(hint === undefined ? {} : { hint }) }));
  if (!hasShape(field, value)) {
    found('field-wrong-kind', `${field.label.en}: the value is not a ${field.type}`);
    return;
  }
  if (field.choices && !field.choices.includes(value as string))
    found(
      'field-malformed',
      `${field.label.en}: “${String(value).slice(0, 80)}” is not in the list`,
      `One of: ${field.choices.join(', ')}`,
    );
  if (isForbidden(value)) found('text-forbidden-character', `${field.label.en} holds a control character`);
  const isSpelled = spelling[field.type];
  if (isSpelled && typeof value === 'string' && !isSpelled(value.trim()))
    found(
      'field-malformed',
      `${field.label.en}: “${value.slice(0, 80)}” is not as expected`,
      `For example: ${field.example}`,
    );
  if (
    field.type === 'licence' &&
    typeof value === 'string' &&
    spelling.licence?.(value.trim()) &&
    !licenceById(value.trim())
  )
    found('licence-unverified', `${field.label.en}: “${value.trim()}” is not in the list and was not verified`);
  if (field.type === 'term-list' && splitValueKey(field.id).field === 'organism')
    for (const { label } of value as Term[])
      if (!/^(Unknown|NA|[A-Z][a-z-]{2,} .+|[A-Z][a-z]{3,})$/.test(label.trim()))
        found('organism-abbreviated', `Organism “${label.slice(0, 80)}” is not a full binomial name`);
  if (field.type === 'contributors') issues.push(...checkContributors(value as Contributor[], key));
  else if (typeof value !== 'string') gatherEntries(field, value as (string | Term)[], found);
  else if (isScale(field.id) && isUnitless(value))
    found(
      'scale-without-unit',
      `${field.label.en}: “${value.slice(0, 80)}” has no unit`,
      `For example: ${field.example}`,
    );
}

/** What is wrong with the entries of a list: links that lead nowhere, several values in one, one value in several. */
function gatherEntries(
  field: Field,
  entries: readonly (string | Term)[],
  found: (code: Parameters<typeof metadataIssue>[0], message: string) => void,
): void {
  const areLinks = splitValueKey(field.id).field === 'links';
  for (const entry of entries) {
    const text = typeof entry === 'string' ? entry : entry.id === undefined ? entry.label : '';
    const joined = joinedValues(field, text);
    if (joined)
      found('values-joined', `${field.label.en}: “${text.slice(0, 80)}” is ${joined.length} values in one entry`);
    else if (areLinks && !/^(https?:\/\/[^\s/]+\S*|NA)$/i.test(text.trim()))
      found('link-not-whole', `${field.label.en}: “${text.slice(0, 80)}” is no whole address`);
  }
  if (field.type !== 'text-list') return;
  const cut = cutText(entries as readonly string[]);
  if (cut)
    found(
      'value-cut',
      `${field.label.en}: ${cut.to - cut.from + 1} entries, from “${String(entries[cut.from]).slice(0, 40)}” to “${String(entries[cut.to]).slice(0, 40)}”, are pieces of one text`,
    );
}

function checkContributors(people: readonly Contributor[], key: string): Issue[] {
  return people.flatMap((person, index) => {
    const where = { field: key, row: index + 1 };
    const issues: Issue[] = [];
    // Groups have one name, and so do some people.
    const needed = isGroup(person) ? (['lastName'] as const) : (['lastName', 'organisation'] as const);
    const lacking = needed.filter((part) => person[part].trim() === '');
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

/** The fields as every check asks them, by id; made once, not for each of many thousand values. */
const checkedFields: ReadonlyMap<string, { field: Field; level: 'study' | 'dataset' }> = new Map(
  metadataFields.map((field) => [field.id, { field: fieldInTier(field, 'archive'), level: field.level }]),
);

/** Of each field, by the place of the data set in the list: 0 where it has no value of its own, else filled or empty. */
type OwnValues = Map<string, Uint8Array>;
const filled = 1;
const empty = 2;

function note(own: OwnValues, field: string, place: number, count: number, value: FieldValue): void {
  let ofField = own.get(field);
  if (!ofField) own.set(field, (ofField = new Uint8Array(count)));
  ofField[place] = isEmpty(value) ? empty : filled;
}

/**
 * Everything wrong with or missing from a study's metadata in the tier it names. Errors stand in the way of publication.
 * @param about data sets and what is given for them; only the database tier asks for them
 */
export function checkMetadata(metadata: StudyMetadata, about: CheckedStudy = { datasets: [], given: {} }): Issue[] {
  const { values } = metadata;
  const places = new Map(about.datasets.map(({ id }, place) => [id, place]));
  const own: OwnValues = new Map();
  const issues: Issue[] = [];
  // Keys alone: a list of entries of many thousand values takes longer than all that follows.
  for (const key of Object.keys(values)) {
    if (keysBesideFields.has(key)) continue;
    const value = values[key]!;
    const { field: id, dataset } = splitValueKey(key);
    const known = checkedFields.get(id);
    if (!known || (dataset !== undefined && known.level !== 'dataset'))
      issues.push(metadataIssue('field-unknown', `There is no field “${key.slice(0, 64)}”`, { where: { field: key } }));
    // Values of a data set whose files were taken out say nothing any more.
    else {
      const place = dataset === undefined ? undefined : places.get(dataset);
      if (place !== undefined) note(own, id, place, about.datasets.length, value);
      if (dataset === undefined || place !== undefined || places.size === 0) gather(issues, known.field, value, key);
    }
  }
  return [
    ...missingInArchive(values),
    ...(tierOf(values) === 'database' ? missingInDatabase(values, own, places, about) : []),
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

/**
 * What the database tier requires and neither anybody typed nor the archive or the files give. What each data set has is
 * gathered in one pass: asking by key would make a text for each field of each data set and look for it among all values.
 */
function missingInDatabase(
  values: StudyMetadata['values'],
  own: OwnValues,
  places: ReadonlyMap<string, number>,
  { datasets, given }: CheckedStudy,
): Issue[] {
  const givenOwn: OwnValues = new Map();
  for (const key of Object.keys(given)) {
    const { field, dataset } = splitValueKey(key);
    const place = dataset === undefined ? undefined : places.get(dataset);
    if (place !== undefined) note(givenOwn, field, place, datasets.length, given[key]!.value);
  }
  const issues: Issue[] = [];
  for (const { id: field, label, level, archive, database } of metadataFields) {
    if (database !== 'required' || (givenFields.has(field) && level === 'study')) continue;
    // The archive tier asks for it already.
    if (archive === 'required' && isEmpty(values[field])) continue;
    if (level === 'study') {
      if (isEmpty(heldValue(values, given, field)))
        issues.push(metadataIssue('field-missing', `${label.en} is required`, { where: { field } }));
      continue;
    }
    const forAll = values[field];
    const [ofField, givenOfField] = [own.get(field), givenOwn.get(field)];
    // The order of `heldValue`: of the data set, of the study, given of the data set, given of the study.
    const held = forAll === undefined ? !isEmpty(given[field]?.value) : !isEmpty(forAll);
    datasets.forEach(({ id, title }, place) => {
      const told = ofField?.[place] || (forAll === undefined && givenOfField?.[place]) || (held ? filled : empty);
      if (told === empty)
        issues.push(
          metadataIssue('field-missing', `${label.en} is required of the data set “${title}”`, {
            where: { field: valueKey(field, id) },
          }),
        );
    });
  }
  return issues;
}
