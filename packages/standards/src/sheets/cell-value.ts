import type { FieldValue, Issue, Term } from '@micrarium/model';
import { termOfText } from '../exchange/terms.ts';
import { type MetadataField } from '../fields/metadata-fields.ts';
import { fieldInTier } from '../fields/tiers.ts';
import { readDoi, readOrcid } from '../identifiers/identifiers.ts';
import { findLicence } from '../licences/licences.ts';
import { checkField } from '../ssbd/check.ts';
import { isScale } from '../ssbd/scale-units.ts';
import { vocabularyTerms } from '../vocabulary/starter-terms.ts';
import type { ReadCell } from './sheet-shapes.ts';
import { sheetIssue } from './sheet-issues.ts';

/** Days from 1899-12-30, where the dates of Excel count from, to 1970-01-01. */
const excelEpoch = 25_569;

/** An entry in quotes, with the separator before it; quotes within are doubled. */
const quotedEntry = /(^|[;,\n；、])\s*"((?:[^"]|"")*)"(?=\s*(?:[;,\n；、]|$))/g;
/** Stands for a quoted entry while the others are cut; no text has it. */
const mark = '\ue000';
/** Commas that separate: outside of brackets, and not within a name such as “2,4-dinitrophenol”. */
const separating = /,(?![^()]*\))(?!(?<=\d,)\d)/;

/**
 * Cuts a cell into entries: at semicolons and line ends, else at commas outside of brackets. An entry in quotes is one,
 * whatever stands in it.
 */
export function entriesOf(text: string): string[] {
  const quoted: string[] = [];
  const bare = text.replaceAll(mark, ' ').replace(quotedEntry, (_, before: string, inner: string) => {
    quoted.push(inner.replaceAll('""', '"'));
    return before + mark;
  });
  const cut = bare.split(/[;\n；、]/.test(bare) ? /[;\n；、]/ : separating).map((one) => one.trim());
  return cut.map((one) => (one === mark ? quoted.shift()!.trim() : one)).filter((one) => one !== '');
}

/** Entries of a list of a field: papers are told one in a line, addresses hold commas, terms too. */
export function entriesOfField(field: Pick<MetadataField, 'id' | 'type' | 'vocabulary'>, text: string): string[] {
  if (field.id === 'papers') return tidied(text.split('\n'));
  if (field.id === 'links') return tidied(text.split(/[\n；、]|[;,](?=\s|https?:|$)|\s+(?=https?:)/));
  const said = text.trim();
  const isOneTerm =
    field.type === 'term-list' &&
    vocabularyTerms(field.vocabulary ?? '').some(({ id, label }) => said === label || said === `${label} (${id})`);
  return isOneTerm ? [said] : entriesOf(text);
}
const tidied = (entries: readonly string[]) => entries.map((one) => one.trim()).filter((one) => one !== '');

/** A list in one cell, read back entry by entry with `entriesOfField`. */
export function cellOfEntries(field: Pick<MetadataField, 'id'>, entries: readonly string[]): string {
  if (field.id === 'papers') return entries.map((one) => one.replaceAll('\n', ' ')).join('\n');
  if (field.id === 'links') return entries.join('; ');
  const hasComma = entries.length === 1 && separating.test(entries[0]!);
  return entries
    .map((one) => (/[;\n；、]|^\s*"/.test(one) || hasComma ? `"${one.replaceAll('"', '""')}"` : one))
    .join('; ');
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
  if (field.type === 'text-list') value = entriesOfField(field, raw);
  else if (field.type === 'term-list')
    value = entriesOfField(field, raw).map((one): Term => {
      const { label, id } = termOfText(one);
      return { label, ...(id === undefined ? {} : { id }) };
    });
  else if (field.type === 'date') value = changed(dateOf(cell, raw));
  else if (field.type === 'licence') value = changed(findLicence(raw)?.spdx ?? raw);
  else if (field.type === 'orcid') value = changed(readOrcid(raw) ?? raw);
  else if (field.type === 'doi') {
    const read = readDoi(raw);
    value = changed('doi' in read ? read.doi : raw);
  } else if (isScale(field.id)) value = changed(withPoints(raw));
  else if (field.choices) value = changed(field.choices.find((one) => folded(one) === folded(raw)) ?? raw);
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

/**
 * A scale with points for decimal commas, as “0,105 µm” of many languages. Groups of three digits may be thousands: they
 * stay, unless nothing stands before them but a zero.
 */
function withPoints(scale: string): string {
  return scale.replace(/(?<![\d.,])(\d+),(\d+)(?![\d.,]*\d)/g, (whole, before: string, after: string) =>
    after.length !== 3 || /^0+$/.test(before) ? `${before}.${after}` : whole,
  );
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * Dates as people and Excel write them: a serial number, `2026/11/20`, `20.11.2026`, `20 Nov 2026`, 令和8年11月20日, with or
 * without a time. `11/20/2026` only where one number cannot be a month; else it stays as it is, and is refused.
 */
function dateOf(cell: ReadCell, written: string): string {
  const raw = written.normalize('NFKC');
  const serial = typeof cell === 'number' ? cell : /^\d{5}(\.\d+)?$/.test(raw) ? Number(raw) : undefined;
  if (serial !== undefined && serial > 10_000 && serial < 100_000)
    return new Date((Math.floor(serial) - excelEpoch) * 86_400_000).toISOString().slice(0, 10);
  const parts = datePartsOf(raw);
  return parts ? [parts[0], ...parts.slice(1).map((part) => part.padStart(2, '0'))].join('-') : written;
}

/** Year, month and day of a written date. */
function datePartsOf(raw: string): [year: string, month: string, day: string] | undefined {
  const iso =
    /^(\d{4})(?:[-/.]|年 ?)(\d{1,2})(?:[-/.]|月 ?)(\d{1,2})(?!\d)/.exec(raw) ?? /^(20\d{2})(\d{2})(\d{2})$/.exec(raw);
  if (iso) return [iso[1]!, iso[2]!, iso[3]!];
  const reiwa = /^令和 ?(\d{1,2}|元)年 ?(\d{1,2})月 ?(\d{1,2})日/.exec(raw);
  if (reiwa) return [String(2018 + (reiwa[1] === '元' ? 1 : Number(reiwa[1]))), reiwa[2]!, reiwa[3]!];
  const points = /^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})$/.exec(raw);
  if (points) return [points[3]!, points[2]!, points[1]!];
  const slashes = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})$/.exec(raw);
  if (slashes) {
    const [, first, second, year] = slashes as unknown as [string, string, string, string];
    if (Number(first) > 12 || first === second) return [year, second, first];
    return Number(second) > 12 ? [year, first, second] : undefined;
  }
  const named =
    /^(?<day>\d{1,2})(?:st|nd|rd|th|\.)?[ -](?<month>[a-z]{3})[a-z]*\.?,?[ -](?<year>\d{4})$/i.exec(raw) ??
    /^(?<month>[a-z]{3})[a-z]*\.? (?<day>\d{1,2})(?:st|nd|rd|th)?,? (?<year>\d{4})$/i.exec(raw);
  const { day, month, year } = named?.groups ?? {};
  const at = monthNames.indexOf(month?.toLowerCase() ?? '');
  return at < 0 ? undefined : [year!, String(at + 1), day!];
}
