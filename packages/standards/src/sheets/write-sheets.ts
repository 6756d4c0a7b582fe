import type { Contributor, Dataset, FieldValue, Term } from '@micrarium/model';
import { type GivenValue } from '../fields/given-values.ts';
import type { MetadataField } from '../fields/metadata-fields.ts';
import {
  datasetFields,
  furtherMetadataFields,
  givenFields,
  isPerDataset,
  type MetadataTier,
  studyFields,
  valueKey,
} from '../fields/tiers.ts';
import { licences } from '../licences/licences.ts';
import { vocabularyTerms } from '../vocabulary/starter-terms.ts';
import { cellOfEntries } from './cell-value.ts';
import type { StudySheet, StudySheetColumn } from './sheet-shapes.ts';

/** Names of the sheets of our template. */
export const sheetNames = {
  study: 'Study',
  datasets: 'Data sets',
  contributors: 'Contributors',
  help: 'Help',
} as const;

/** Columns of the sheet of contributors. */
export const contributorColumns: readonly { part: keyof Contributor; header: string; example: string }[] = [
  { part: 'firstName', header: 'First name', example: 'Hanako' },
  { part: 'lastName', header: 'Last name', example: 'Yamada' },
  { part: 'organisation', header: 'Organisation', example: 'Example University' },
  { part: 'role', header: 'Made which data', example: 'image and quantitative' },
  { part: 'email', header: 'E-mail', example: 'h.yamada@example.org' },
  { part: 'laboratory', header: 'Laboratory', example: 'Laboratory for Cell Motility' },
  { part: 'department', header: 'Department', example: 'Department of Biology' },
  { part: 'orcid', header: 'ORCID', example: '0000-0002-1825-0097' },
];

/** What a template is filled with; an empty template has none. */
export interface SheetContent {
  values: Readonly<Record<string, FieldValue>>;
  datasets: readonly Pick<Dataset, 'id' | 'title'>[];
  given: Readonly<Record<string, GivenValue>>;
}

/** A value in one cell: entries of lists separated by semicolons, terms with their identifier in brackets. */
export function cellText(field: Pick<MetadataField, 'id'>, value: FieldValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  return cellOfEntries(
    field,
    (value as (string | Term)[]).map((one) =>
      typeof one === 'string' ? one : one.id === undefined ? one.label : `${one.label} (${one.id})`,
    ),
  );
}

/** Values of a field that its column offers. */
function choicesOf(field: MetadataField): Pick<StudySheetColumn, 'choices' | 'strict'> {
  if (field.choices) return { choices: field.choices, strict: true };
  if (field.type === 'licence') return { choices: licences.map(({ spdx }) => spdx), strict: true };
  const terms = field.vocabulary === undefined ? [] : vocabularyTerms(field.vocabulary);
  // Only offered: several may be written into one cell, and terms we do not ship are as good.
  return terms.length === 0 ? {} : { choices: terms.map(({ id, label }) => `${label} (${id})`) };
}

function columnOf(field: MetadataField, tier: MetadataTier): StudySheetColumn {
  const obligation = field[tier] ?? 'optional';
  const several =
    field.id === 'papers' || !/^(text|term)-list$/.test(field.type) ? '' : ' Several: separate by semicolons.';
  const help = `${field.help.en}${several}`;
  return {
    header: field.label.en,
    width: field.type === 'long-text' ? 40 : Math.max(14, Math.min(30, field.label.en.length + 4)),
    required: obligation === 'required',
    comment: `${obligation === 'required' ? 'Required. ' : obligation === 'recommended' ? 'Recommended. ' : ''}${help}\nExample: ${field.example}`,
    prompt: `${help} Example: ${field.example}`.slice(0, 255),
    // As text, so that a date or an identifier stays as it is typed.
    format: field.type === 'date' ? 'yyyy-mm-dd' : '@',
    ...choicesOf(field),
  };
}

const ofSheet = (field: MetadataField) => field.id !== 'contributors';

/** Fields of the sheet of the study in a tier's template. */
export function studySheetFields(tier: MetadataTier): MetadataField[] {
  const further = furtherMetadataFields().filter(({ level }) => level === 'study');
  const all = studyFields(tier).filter(ofSheet);
  return tier === 'archive' ? all : [...all.filter(({ level }) => level === 'study'), ...further];
}

/** Fields of the sheet of data sets: those of the database tier, then those other standards ask for. */
export function datasetSheetFields(): MetadataField[] {
  const typed = datasetFields().filter(({ id }) => id === 'datasetTitle' || id === 'file' || !givenFields.has(id));
  return [...typed, ...furtherMetadataFields().filter(isPerDataset)];
}

/**
 * The Excel template of a tier, empty or filled: one row for the study, in the database tier one row for each data set, one
 * for each contributor, and a sheet of help. Headers carry help and examples, closed lists are drop-downs.
 */
export function studySheets(tier: MetadataTier, content?: SheetContent): StudySheet[] {
  const study = studySheetFields(tier);
  const held = (key: string) => content?.values[key] ?? content?.given[key]?.value;
  const people = (Array.isArray(content?.values.contributors) ? content.values.contributors : []) as Contributor[];
  const sheets: StudySheet[] = [
    {
      name: sheetNames.study,
      columns: study.map((field) => columnOf(field, tier)),
      rows: content ? [study.map((field) => cellText(field, held(field.id)))] : [],
    },
  ];
  if (tier === 'database') {
    const fields = datasetSheetFields();
    sheets.push({
      name: sheetNames.datasets,
      columns: fields.map((field) => columnOf(field, tier)),
      rows: (content?.datasets ?? []).map((dataset) =>
        fields.map((field) => {
          const { id } = field;
          const own = valueKey(id, dataset.id);
          return id === 'datasetTitle'
            ? dataset.title
            : cellText(field, content?.values[own] ?? content?.values[id] ?? held(own));
        }),
      ),
    });
  }
  sheets.push({
    name: sheetNames.contributors,
    columns: contributorColumns.map(({ part, header, example }) => ({
      header,
      width: 22,
      required: part === 'firstName' || part === 'lastName' || part === 'organisation',
      comment: `Example: ${example}`,
      format: '@',
      ...(part === 'role' ? { choices: ['image', 'quantitative', 'image and quantitative'], strict: true } : {}),
    })),
    rows: people.map((person) => contributorColumns.map(({ part }) => person[part] ?? '')),
  });
  const named = tier === 'database' ? [...study, ...datasetSheetFields()] : study;
  sheets.push({
    name: sheetNames.help,
    columns: [
      { header: 'Field', width: 28 },
      { header: 'Asked', width: 14 },
      { header: 'Help', width: 70 },
      { header: 'Example', width: 46 },
      { header: '日本語', width: 24 },
      { header: '説明', width: 60 },
    ],
    rows: named.map((field) => [
      field.label.en,
      field[tier] ?? 'optional',
      field.help.en,
      field.example,
      field.label.ja,
      field.help.ja,
    ]),
  });
  return sheets;
}
