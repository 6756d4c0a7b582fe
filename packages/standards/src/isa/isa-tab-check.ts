import type { Issue } from '@micrarium/model';
import { isDoiField } from '../identifiers/identifiers.ts';
import { splitTable, type TextRow } from '../tables/delimited.ts';
import { configurationFault } from './assay-configurations.ts';
import { isaIssue } from './isa-json-check.ts';

/** Checks the files of an ISA-Tab folder by name: files that are named are there, rows fit, protocols and sources are declared. */
export function checkIsaTab(files: ReadonlyMap<string, string>): Issue[] {
  const name = [...files.keys()].find((one) => /(^|\/)i_[^/]*\.txt$/i.test(one));
  if (name === undefined) return [isaIssue('isa-missing', 'There is no investigation file (i_*.txt)')];
  const base = name.slice(0, name.length - name.split('/').at(-1)!.length);
  const rows = splitTable(files.get(name)!, '\t').filter(
    ({ cells }) => cells[0]!.trim() !== '' && !cells[0]!.startsWith('#'),
  );
  const valuesOf = (key: RegExp) =>
    rows
      .filter(({ cells }) => key.test(cells[0]!.trim()))
      .flatMap(({ cells, line }) =>
        cells.slice(1).map((value, index) => ({ value: value.trim(), line, column: index + 2 })),
      );
  const protocols = new Set(valuesOf(/^Study Protocol Name$/).map(({ value }) => value));
  const sources = new Set(valuesOf(/^Term Source Name$/).map(({ value }) => value));
  const issues: Issue[] = [];
  if (!rows.some(({ cells }) => cells[0]!.trim() === 'STUDY'))
    issues.push(isaIssue('isa-missing', 'The investigation has no STUDY section', { where: { file: name } }));
  for (const { value, line } of valuesOf(/^Study (Assay )?File Name$/))
    if (value !== '' && !files.has(base + value))
      issues.push(
        isaIssue('isa-missing', `The file ${value.slice(0, 100)} is named and not there`, {
          where: { file: name, line },
        }),
      );
  for (const { value, line } of valuesOf(/(Submission|Public Release) Date$/))
    if (value !== '' && !/^\d{4}-\d{2}-\d{2}/.test(value))
      issues.push(
        isaIssue('isa-malformed', `“${value.slice(0, 40)}” is not a date in the form YYYY-MM-DD [3001]`, {
          where: { file: name, line },
        }),
      );
  for (const { value, line } of valuesOf(/Publication DOI$/))
    if (value !== '' && !isDoiField(value))
      issues.push(
        isaIssue('isa-malformed', `“${value.slice(0, 60)}” is not a DOI [3002]`, { where: { file: name, line } }),
      );
  for (const { value, line } of valuesOf(/Term Source REF$/))
    for (const one of value.split(';'))
      if (one.trim() !== '' && !sources.has(one.trim()))
        issues.push(
          isaIssue('isa-term-source', `The term source ${one.trim().slice(0, 60)} is used and not declared [3009]`, {
            where: { file: name, line },
          }),
        );
  const tables = new Map(
    [...files]
      .filter(([file]) => /(^|\/)[sa]_[^/]*\.txt$/i.test(file))
      .map(([file, text]) => [file, splitTable(text, '\t')] as const),
  );
  for (const [file, table] of tables) issues.push(...checkTable(file, table, protocols));
  issues.push(
    ...checkConfigurations(rows, base, tables).map((one) => ({ ...one, where: { file: name, ...one.where } })),
  );
  return issues.slice(0, 500);
}

/** Rows of an assay whose protocols are looked at. */
const mostRows = 2000;

/** Assays held to the configuration of their measurement and technology, study by study. */
function checkConfigurations(
  rows: readonly TextRow[],
  base: string,
  tables: ReadonlyMap<string, readonly TextRow[]>,
): Issue[] {
  const issues: Issue[] = [];
  const starts = rows.flatMap(({ cells }, index) => (cells[0]!.trim() === 'STUDY' ? [index] : []));
  starts.forEach((start, index) => {
    const study = rows.slice(start, starts[index + 1]);
    const at = (key: string) => study.find(({ cells }) => cells[0]!.trim() === key);
    const valuesAt = (key: string) => (at(key)?.cells ?? []).slice(1).map((value) => value.trim());
    const types = valuesAt('Study Protocol Type');
    const typeOf = new Map(valuesAt('Study Protocol Name').map((protocol, column) => [protocol, types[column] ?? '']));
    const technologies = valuesAt('Study Assay Technology Type');
    const fileNames = valuesAt('Study Assay File Name');
    valuesAt('Study Assay Measurement Type').forEach((measurement, column) => {
      const technology = technologies[column] ?? '';
      if (measurement === '' && technology === '') return;
      const table = tables.get(base + (fileNames[column] ?? '')) ?? [];
      const fault = configurationFault(measurement, technology, tableChains(table, typeOf));
      if (!fault) return;
      const line = at('Study Assay Measurement Type')?.line;
      issues.push(isaIssue('isa-configuration', fault.message, { where: line === undefined ? {} : { line } }));
    });
  });
  return issues;
}

/** Types of the protocols of each row of an assay, from left to right. */
function* tableChains(table: readonly TextRow[], typeOf: ReadonlyMap<string, string>): Generator<string[]> {
  const [header, ...rows] = table;
  const columns = (header?.cells ?? []).flatMap((name, column) => (name.trim() === 'Protocol REF' ? [column] : []));
  for (const { cells } of columns.length === 0 ? [] : rows.slice(0, mostRows)) {
    const chain = columns.flatMap((column) => typeOf.get(cells[column]?.trim() ?? '') ?? []);
    if (chain.length > 0) yield chain;
  }
}

function checkTable(file: string, table: readonly TextRow[], protocols: ReadonlySet<string>): Issue[] {
  const [header, ...rows] = table.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const names = header?.cells.map((cell) => cell.trim()) ?? [];
  const issues: Issue[] = [];
  const first = /(^|\/)s_/i.test(file) ? 'Source Name' : 'Sample Name';
  if (names[0] !== first)
    issues.push(
      isaIssue('isa-missing', `The first column is “${(names[0] ?? '').slice(0, 40)}”, not ${first}`, {
        where: { file, line: 1 },
      }),
    );
  const unknown = new Set<string>();
  rows.forEach(({ cells, line }, index) => {
    const where = { file, line, row: index + 1 };
    // A row that ends early lacks values only; one that is too long has them in wrong columns.
    if (cells.length !== names.length && cells.slice(names.length).some((cell) => cell.trim() !== ''))
      issues.push(
        isaIssue('isa-malformed', `Row ${index + 1} has ${cells.length} cells, the header ${names.length}`, { where }),
      );
    else if (cells.length < names.length)
      issues.push(
        isaIssue('isa-malformed', `Row ${index + 1} has ${cells.length} cells, the header ${names.length}`, {
          where,
          severity: 'warning',
        }),
      );
    names.forEach((name, column) => {
      const value = cells[column]?.trim() ?? '';
      if (name !== 'Protocol REF' || value === '' || protocols.has(value) || unknown.has(value)) return;
      unknown.add(value);
      issues.push(
        isaIssue('isa-link', `The protocol “${value.slice(0, 80)}” is not declared in the investigation [1007]`, {
          where: { ...where, column: name },
          severity: protocols.size === 0 ? 'error' : 'warning',
        }),
      );
    });
  });
  return issues;
}
