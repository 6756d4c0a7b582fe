import type { FieldValue, Issue, Term } from '@micrarium/model';
import { termOfText } from '../exchange/terms.ts';
import { type MetadataField } from '../fields/metadata-fields.ts';
import { fieldInTier } from '../fields/tiers.ts';
import { readDoi, readOrcid } from '../identifiers/identifiers.ts';
import { findLicence } from '../licences/licences.ts';
import { checkField } from '../ssbd/check.ts';
import type { ReadCell } from './sheet-shapes.ts';
import { sheetIssue } from './sheet-issues.ts';

/** Days from 1899-12-30, where the dates of Excel count from, to 1970-01-01. */
const excelEpoch = 25_569;

/** Cuts a cell into entries: at semicolons and line ends, else at commas outside of brackets. */
export function entriesOf(text: string): string[] {
  const cut = /[;\n；、]/.test(text) ? text.split(/[;\n；、]/) : text.split(/,(?![^()]*\))/);
  return cut.map((one) => one.trim()).filter((one) => one !== '');
}

/** Place of a cell, for issues. */
export interface CellPlace {
  /** File and sheet. */
  file: string;
  row: number;
  /** Letters. */
  column: string;
}

/** The value that a cell gives a field, and what was wrong or unusual with it. An empty cell gives none. */
export function cellValue(
  field: MetadataField,
  cell: ReadCell,
  place: CellPlace,
): { value?: FieldValue; issues: Issue[] } {
  const raw = cell === undefined ? '' : String(cell).trim();
  if (raw === '') return { issues: [] };
  const where = { ...place, field: field.id };
  const issues: Issue[] = [];
  const changed = (to: string) => {
    if (to !== raw)
      issues.push(
        sheetIssue('sheet-cell-changed', `${field.label.en}: “${raw.slice(0, 60)}” was read as “${to.slice(0, 60)}”`, {
          where,
        }),
      );
    return to;
  };
  let value: FieldValue = raw;
  if (field.type === 'text-list') value = entriesOf(raw);
  else if (field.type === 'term-list')
    value = entriesOf(raw).map((one): Term => {
      const { label, id } = termOfText(one);
      return { label, ...(id === undefined ? {} : { id }) };
    });
  else if (field.type === 'date') value = changed(dateOf(cell, raw));
  else if (field.type === 'licence') value = changed(findLicence(raw)?.spdx ?? raw);
  else if (field.type === 'orcid') value = changed(readOrcid(raw) ?? raw);
  else if (field.type === 'doi') {
    const read = readDoi(raw);
    value = changed('doi' in read ? read.doi : raw);
  } else if (field.choices) value = changed(field.choices.find((one) => folded(one) === folded(raw)) ?? raw);
  const wrong = checkField(fieldInTier(field, 'archive'), value);
  const refused = wrong.filter(({ severity }) => severity === 'error');
  issues.push(
    ...wrong
      .filter(({ severity }) => severity !== 'error')
      .map((issue) => ({ ...issue, where: { ...issue.where, ...place } })),
    ...refused.map(({ message, hint }) =>
      sheetIssue('sheet-cell-refused', message, { where, ...(hint ? { hint } : {}) }),
    ),
  );
  return refused.length > 0 ? { issues } : { value, issues };
}

const folded = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Dates as people and Excel write them: a serial number, `2026/11/20`, `20.11.2026`, with or without a time. */
function dateOf(cell: ReadCell, raw: string): string {
  const serial = typeof cell === 'number' ? cell : /^\d{5}(\.\d+)?$/.test(raw) ? Number(raw) : undefined;
  if (serial !== undefined && serial > 10_000 && serial < 100_000)
    return new Date((Math.floor(serial) - excelEpoch) * 86_400_000).toISOString().slice(0, 10);
  const iso = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})/.exec(raw);
  const european = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(raw);
  const parts = iso ? [iso[1]!, iso[2]!, iso[3]!] : european ? [european[3]!, european[2]!, european[1]!] : undefined;
  return parts ? `${parts[0]}-${parts[1]!.padStart(2, '0')}-${parts[2]!.padStart(2, '0')}` : raw;
}
