import { defineIssues, type Issue } from '@micrarium/model';
import { isDoiField } from '../identifiers/identifiers.ts';
import { isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../json/json.ts';
import { dataCiteLists } from './lists.ts';

/** Issues of a DataCite record. */
export const dataCiteIssue = defineIssues({
  'datacite-missing': {
    severity: 'error',
    meaning: 'A DataCite record lacks a property the kernel requires; no DOI can be registered with it.',
    hint: 'Fill the property.',
  },
  'datacite-not-listed': {
    severity: 'error',
    meaning: 'A value of a DataCite record is not in the closed list of the kernel (4.5 to 4.7).',
    hint: 'Choose a value of the list; mind upper and lower case.',
  },
  'datacite-malformed': {
    severity: 'error',
    meaning: 'A value of a DataCite record is not spelled as the kernel wants it: a DOI, a year, a date.',
  },
});

const listed = [
  ['types', 'resourceTypeGeneral', 'resourceTypeGeneral', true],
  ['titles', 'titleType', 'titleType', false],
  ['creators', 'nameType', 'nameType', false],
  ['contributors', 'contributorType', 'contributorType', true],
  ['dates', 'dateType', 'dateType', true],
  ['descriptions', 'descriptionType', 'descriptionType', true],
  ['relatedIdentifiers', 'relationType', 'relationType', true],
  ['relatedIdentifiers', 'relatedIdentifierType', 'relatedIdentifierType', true],
  ['relatedItems', 'relationType', 'relationType', true],
  ['relatedItems', 'relatedItemType', 'resourceTypeGeneral', true],
  ['fundingReferences', 'funderIdentifierType', 'funderIdentifierType', false],
] as const;

const date = String.raw`-?\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?`;
// RKMS-ISO8601: one date, or two with a slash of which one may be left out.
const dateForm = new RegExp(`^(${date}(/(${date})?)?|/${date})$`);

/** What the kernel's appendix gives for values that are not known, not given or to come. */
const standardValue = /^:(unac|unal|unap|unas|unav|unkn|none|null|tba|etal)$/;

/** Checks DataCite JSON by the rules of the kernel 4.5 to 4.7 (section 10.1 of the standards note). */
export function checkDataCite(document: Json): Issue[] {
  if (!isRecord(document)) return [dataCiteIssue('datacite-missing', 'This is not a JSON object')];
  const issues: Issue[] = [];
  const lacks = (field: string) =>
    issues.push(dataCiteIssue('datacite-missing', `There is no ${field}`, { where: { field } }));
  const doi = textOf(document.doi) ?? textOf(recordsOf(document.identifiers)[0]?.identifier);
  if (doi === undefined) lacks('doi');
  else if (textOf(document.doi) !== undefined && !isDoiField(doi))
    issues.push(dataCiteIssue('datacite-malformed', `“${doi.slice(0, 80)}” is not a DOI`, { where: { field: 'doi' } }));
  if (recordsOf(document.creators).length === 0) lacks('creators');
  if (!recordsOf(document.titles).some((one) => textOf(one.title) !== undefined)) lacks('titles');
  const publisher = document.publisher;
  if (textOf(isRecord(publisher) ? publisher.name : publisher) === undefined) lacks('publisher');
  const year = textOf(document.publicationYear);
  if (year === undefined) lacks('publicationYear');
  else if (!/^\d{4}$/.test(year))
    issues.push(
      dataCiteIssue('datacite-malformed', `The publication year “${year.slice(0, 20)}” is not four digits`, {
        where: { field: 'publicationYear' },
      }),
    );
  if (!isRecord(document.types)) lacks('types');
  for (const one of [...recordsOf(document.creators), ...recordsOf(document.contributors)])
    if (textOf(one.name) === undefined && textOf(one.familyName) === undefined) lacks('creators.name');
  for (const rule of listed) issues.push(...checkListed(document, rule));
  recordsOf(document.dates).forEach((one, index) => {
    const text = textOf(one.date);
    // Words for “unknown” are the kernel's own; a date of coverage may be any text by its schema.
    if (text !== undefined && !dateForm.test(text) && !standardValue.test(text))
      issues.push(
        dataCiteIssue('datacite-malformed', `“${text.slice(0, 40)}” is not a date or range of the kernel`, {
          where: { field: `dates[${index}]` },
          ...(one.dateType === 'Coverage' || one.dateType === 'Other' ? { severity: 'warning' as const } : {}),
          hint: 'Write 2024-01-31, or 2024-01-01/2024-01-31.',
        }),
      );
  });
  recordsOf(document.fundingReferences).forEach((one, index) => {
    if (textOf(one.funderName) === undefined) lacks(`fundingReferences[${index}].funderName`);
  });
  return issues;
}

function checkListed(document: JsonRecord, [member, name, list, isRequired]: (typeof listed)[number]): Issue[] {
  return recordsOf(document[member]).flatMap((one, index) => {
    const value = textOf(one[name]);
    const where = { where: { field: `${member}[${index}].${name}` } };
    if (value === undefined)
      return isRequired ? [dataCiteIssue('datacite-missing', `${member} ${index + 1} has no ${name}`, where)] : [];
    return dataCiteLists[list].includes(value)
      ? []
      : [
          dataCiteIssue(
            'datacite-not-listed',
            `${member} ${index + 1}: “${value.slice(0, 60)}” is no ${name} of the kernel`,
            where,
          ),
        ];
  });
}
